// The pages of the PDF, read back with poppler's tools.
#include <gtest/gtest.h>

#include <regex>

#include "dawson/core/json.h"
#include "dawson/report/pdf_flow.h"
#include "made_case.h"

namespace dawson::report {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Each page's text.
std::vector<std::string> pages_of(const CaseReport& report) {
  const made::Folder folder;
  write(report, folder.path());
  std::string text = made::output_of(
      "pdftotext -layout '" + (folder.path() / (report.stem + "_report.pdf")).string() + "' -");
  std::vector<std::string> pages;
  for (std::size_t end = text.find('\f'); end != std::string::npos; end = text.find('\f')) {
    pages.push_back(text.substr(0, end));
    text.erase(0, end + 1);
  }
  return pages;
}

/// With line breaks as spaces and runs of spaces as one.
std::string flowing(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

std::string all_of(const std::vector<std::string>& pages) {
  std::string text;
  for (const std::string& page : pages) text += page;
  return flowing(text);
}

core::Json json_of(const CaseReport& report) {
  const made::Folder folder;
  write(report, folder.path());
  return core::read_json(folder.path() / (report.stem + "_report.json"));
}

/// One-voxel lesions that do not touch, `count` of them.
made::Case speckled(int count) {
  made::Case c(made::grid("RAS", {60, 60, 60}, {2, 2, 2}));
  for (int k = 1; k < 59 && count > 0; k += 2) {
    for (int j = 1; j < 59 && count > 0; j += 2) {
      for (int i = 1; i < 59 && count > 0; i += 2, --count) {
        c.segmentation.lesion_mask.at(i, j, k) = 1;
        c.segmentation.probabilities.at(i, j, k) = 0.7F;
      }
    }
  }
  c.recount();
  return c;
}

TEST(ReportPdf, SaysOnEveryPageWhoseItIsWhichReportAndThatItIsResearch) {
  const made::Case c = made::thick_case();
  CaseReport r = c.report();
  r.patient.participant = "sub-4711";
  r.patient.name = "Jane Example";
  const std::string id = json_of(r).at("report_id");
  const std::vector<std::string> pages = pages_of(r);
  ASSERT_GE(pages.size(), 4U);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const std::string number =
        "Page " + std::to_string(i + 1) + " of " + std::to_string(pages.size());
    for (const std::string& said :
         {number, std::string("sub-4711"), id, std::string("research software, not a medical")}) {
      EXPECT_TRUE(contains(pages[i], said)) << said << " on page " << i + 1 << "\n" << pages[i];
    }
  }
}

TEST(ReportPdf, HasItsPaperTitleAndLanguageWhateverItHolds) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  CaseReport r = c.report();
  for (int i = 0; i < 40; ++i) r.warnings.push_back("warning " + std::string(200, 'w'));
  r.stem = "sub-" + std::string(120, 'x');
  for (const Paper paper : {Paper::a4, Paper::letter}) {
    r.paper = paper;
    write(r, folder.path());
    const std::string file = (folder.path() / (r.stem + "_report.pdf")).string();
    const std::string info = made::output_of("pdfinfo '" + file + "'");
    EXPECT_TRUE(contains(info, paper == Paper::a4 ? "(A4)" : "(letter)")) << info;
    EXPECT_TRUE(contains(info, "Brain lesion report")) << info;
    EXPECT_TRUE(contains(made::read(file), "/Lang (en)"));
  }
}

TEST(ReportPdf, FirstPageHoldsWhatIsReadInAMinute) {
  const made::Case c = made::thick_case();
  const std::string first = flowing(pages_of(c.report()).front());
  for (const char* said :
       {"Total isolated lesions", "Lesion volume", "Lesion percentage in brain", "Mild",
        "Largest lesions", "Scan quality", "coarser than the core protocol of MAGNIMS",
        "Please follow up with a radiologist", "not a clinical scale"}) {
    EXPECT_TRUE(contains(first, said)) << said;
  }
}

TEST(ReportPdf, TellsWhatItCannotTellAndHowItWasMade) {
  const made::Case c = made::thick_case();
  CaseReport r = c.report();
  r.run = {std::string(64, '5'), 0.45, 1.0, 0.9, 7.0, true};
  const std::string text = all_of(pages_of(r));
  for (const std::string& said :
       {std::string("What this report cannot tell"), std::string("McDonald criteria of 2024"),
        std::string(64, '5'), std::string(64, 'a'),
        std::string("probability from 0.450; regions that reach 0.900"), std::string("Lesion sizes"),
        std::string("in three planes"), std::string("How sure the program was")}) {
    EXPECT_TRUE(contains(text, said)) << said;
  }
}

TEST(ReportPdf, ListsEveryLesionOverSeveralPagesUnderARepeatedHead) {
  const made::Case c = speckled(130);
  ASSERT_EQ(c.segmentation.lesions.size(), 130U);
  const std::vector<std::string> pages = pages_of(c.report());
  int heads = 0, rows = 0;
  const std::regex row("\\n *[0-9]+ +0\\.008 +1 +2\\.0 × 2\\.0 × 2\\.0[^\\n]*0\\.70");
  for (const std::string& page : pages) {
    if (!contains(page, "All counted lesions")) continue;
    ++heads;
    EXPECT_TRUE(contains(page, "Volume (ml)")) << page;
    rows += static_cast<int>(
        std::distance(std::sregex_iterator(page.begin(), page.end(), row), std::sregex_iterator()));
  }
  EXPECT_EQ(heads, 3);
  EXPECT_EQ(rows, 130);
}

TEST(ReportPdf, StopsAtFiveHundredOfTenThousandLesionsAndSaysWhereTheOthersAre) {
  const made::Case c = speckled(10000);
  ASSERT_EQ(c.segmentation.lesions.size(), 10000U);
  const std::vector<std::string> pages = pages_of(c.report());
  EXPECT_LT(pages.size(), 20U);
  EXPECT_TRUE(contains(all_of(pages),
                       "9500 more lesions, none of them larger, stand in sub-01_lesions.tsv"));
  EXPECT_TRUE(contains(pages.front(), "10000"));
}

TEST(ReportPdf, OfAScanWithoutLesionsSaysSo) {
  const made::Case c(made::grid("RAS", {40, 48, 40}, {3, 3, 3}));
  const std::string text = all_of(pages_of(c.report()));
  EXPECT_TRUE(contains(text, "No lesion was found."));
  EXPECT_TRUE(contains(text, "changes no percentage"));
  EXPECT_FALSE(contains(text, "All counted lesions"));
  EXPECT_FALSE(contains(text, "in three planes"));
}

TEST(Report, IdIsTheScansTheModelsAndTheMasks) {
  made::Case c = made::thick_case();
  CaseReport r = c.report();
  r.run.scan_sha256 = "one";
  const std::string first = json_of(r).at("report_id");
  r.patient.name = "Jane";
  r.bands.mild_below = 2;
  EXPECT_EQ(json_of(r).at("report_id"), first);
  r.run.scan_sha256 = "two";
  EXPECT_NE(json_of(r).at("report_id"), first);
  r.run.scan_sha256 = "one";
  r.model.sha256 = "other";
  EXPECT_NE(json_of(r).at("report_id"), first);
  r.model.sha256 = std::string(64, 'a');
  c.segmentation.lesion_mask.at(36, 60, 12) = 1;
  c.recount();
  EXPECT_NE(json_of(r).at("report_id"), first);
}

TEST(Report, SaysWhenTheBrainsErrorMovesTheSeverity) {
  const made::Case c = made::thick_case();
  CaseReport r = c.report();
  r.brain_volume_errors_percent = {-20, 0, 25};
  const double percent = 100 * c.segmentation.lesion_volume_ml / c.segmentation.brain_volume_ml;
  r.bands = {0.1, 1.1 * percent, 90};  // mild; a quarter more is moderate
  const made::Folder folder;
  write(r, folder.path());
  const core::Json brain = core::read_json(folder.path() / "sub-01_report.json").at("brain");
  const core::Json range = brain.at("lesion_percent_range");
  EXPECT_NEAR(range.at("low").get<double>(), 0.8 * percent, 1e-6);
  EXPECT_NEAR(range.at("high").get<double>(), 1.25 * percent, 1e-6);
  EXPECT_EQ(range.at("severity_low"), "mild");
  EXPECT_EQ(range.at("severity_high"), "moderate");
  EXPECT_EQ(range.at("chance"), 0.5);  // (3 − 1) / (3 + 1)
  for (const std::string& text :
       {flowing(pages_of(r).front()), flowing(made::read(folder.path() / "sub-01_report.txt"))}) {
    EXPECT_TRUE(contains(text, "The severity may read moderate.")) << text;
  }
}

TEST(Report, StatesNoRangeForAScanThatCameWithoutSkull) {
  made::Case c = made::thick_case();
  c.segmentation.was_stripped = true;
  CaseReport r = c.report();
  r.brain_volume_errors_percent = {-20, 0, 25};
  const core::Json json = json_of(r);
  EXPECT_TRUE(json.at("brain").at("lesion_percent_range").is_null());
  EXPECT_TRUE(contains(flowing(pages_of(r).front()), "was not measured"));
}

TEST(Report, PlacesTheCaseInItsCohortInEveryFormat) {
  const made::Case c = made::thick_case();
  CaseReport r = c.report();
  ReferenceCohort cohort;
  cohort.name = "<clinic>.tsv";
  cohort.lesion_ml = {0.1, 0.2, 0.4, 90};
  cohort.lesions = {0, 1, 7, 8};
  r.cohort = cohort;
  const made::Folder folder;
  write(r, folder.path());
  const core::Json json = core::read_json(folder.path() / "sub-01_report.json");
  const core::Json measures = json.at("reference_cohort").at("measures");
  EXPECT_EQ(measures.at("lesion_ml").at("percentile"), 75);
  EXPECT_EQ(measures.at("lesions").at("percentile"), 50);
  EXPECT_FALSE(measures.contains("lesion_percent"));
  for (const std::string& text :
       {flowing(pages_of(r).front()), flowing(made::read(folder.path() / "sub-01_report.txt"))}) {
    EXPECT_TRUE(contains(text, "percentile 75 (95 % interval 30 – 95)")) << text;
    EXPECT_TRUE(contains(text, "has only 4 cases, fewer than 20")) << text;
  }
  EXPECT_FALSE(contains(made::read(folder.path() / "sub-01_report.html"), "<clinic>"));
}

TEST(Flow, PutsWhatDoesNotFitOnTheNextPageWithItsHeading) {
  const auto block = [](double height, bool keep = false) {
    Block b;
    b.height = height;
    b.keep_with_next = keep;
    return b;
  };
  // 60 + 30 fill the page but for 10: the heading of 5 would fit there, its text would not.
  const std::vector<Block> blocks{block(60), block(30), block(5, true), block(20), block(500)};
  const auto pages = paginate(blocks, 10, 110);
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_EQ(pages[0].size(), 2U);
  EXPECT_EQ(pages[0][1].y, 70);
  EXPECT_EQ(pages[1][0].block, &blocks[2]);
  EXPECT_EQ(pages[1][1].y, 15);
  EXPECT_EQ(pages[2][0].y, 10);
  EXPECT_TRUE(paginate({}, 0, 100).empty());
}

TEST(Flow, RepeatsATablesHeadWhereItGoesOn) {
  Block head;
  head.height = 10;
  std::vector<Block> blocks(8);
  for (Block& b : blocks) b.height = 30;
  for (std::size_t i = 1; i < 8; ++i) {
    blocks[i].repeated_head = std::make_shared<const Block>(head);
  }
  const auto pages = paginate(blocks, 0, 100);
  ASSERT_EQ(pages.size(), 3U);  // 3; head and 3; head and 2
  EXPECT_EQ(pages[0].size(), 3U);
  EXPECT_EQ(pages[1].size(), 4U);
  EXPECT_EQ(pages[1][1].y, 10);
  EXPECT_EQ(pages[2].size(), 3U);
}

}  // namespace
}  // namespace dawson::report
