#include "dawson/report/evaluation_page.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "dawson/core/error.h"
#include "made_cohort.h"
#include "support/temporary_folder.h"
#include "well_formed.h"

namespace dawson::report {
namespace {

using core::Json;
using evaluation::CohortResult;

const std::vector<std::string> html_leaves_open{"meta", "img", "!DOCTYPE"};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Json summary_of(const CohortResult& cohort) {
  evaluation::BootstrapSettings few;
  few.draws = 200;
  return evaluation::summary_of(cohort, {{"command_line", "dawson evaluate --by 'a<b'"}}, few);
}

std::string page_of(const CohortResult& cohort, const Json& summary) {
  const testing::TemporaryFolder folder;
  write_evaluation_page(cohort, summary, folder.path());
  return text_of(folder / "index.html");
}

std::string page_of(const CohortResult& cohort) {
  return page_of(cohort, summary_of(cohort));
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// Less the bytes of the pictures, which are too long for std::regex.
std::string without_pictures(std::string html) {
  const std::string mark = "base64,";
  for (std::size_t at = html.find(mark); at != std::string::npos; at = html.find(mark, at + 1)) {
    html.erase(at + mark.size(), html.find('"', at) - at - mark.size());
  }
  return html;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(EvaluationPage, HoldsItsPlotsAndPutsThemInFilesToo) {
  const testing::TemporaryFolder folder;
  const CohortResult cohort = made::cohort();
  write_evaluation_page(cohort, summary_of(cohort), folder.path());
  const std::set<std::string> files = folder.contents();
  for (const char* name : {"dice_by_site", "lesion_f1_by_site", "dice_by_load",
                           "sensitivity_by_size", "volume_agreement"}) {
    EXPECT_EQ(files.count("plots/" + std::string(name) + ".png"), 1U) << name;
    const std::string svg = text_of(folder / ("plots/" + std::string(name) + ".svg"));
    EXPECT_TRUE(has(svg, "</svg>")) << name;
  }
  EXPECT_EQ(files.count("plots/roc.png"), 0U);
  const std::string html = text_of(folder / "index.html");
  EXPECT_EQ(count_of(html, "<img src=\"data:image/"), 6U);  // five and which scans show a lesion
  for (const std::string& name : files) {
    EXPECT_TRUE(name == "index.html" || name.starts_with("plots")) << name;
  }
}

TEST(EvaluationPage, IsWellFormedAndSameInputGivesSameBytes) {
  const CohortResult cohort = made::cohort();
  const std::string html = page_of(cohort);
  EXPECT_EQ(made::fault_of_markup(html, html_leaves_open), "");
  EXPECT_EQ(html, page_of(cohort));
}

TEST(EvaluationPage, SaysWhatWasMeasuredHowAndByWhat) {
  const std::string html = page_of(made::cohort());
  EXPECT_TRUE(has(html, "8 patients, 8 scans"));
  EXPECT_TRUE(has(html, "Rule for lesions: dawson."));
  EXPECT_TRUE(has(html, "200 draws"));
  EXPECT_EQ(count_of(html, "research software, not a medical device"), 2U);
  EXPECT_TRUE(has(html, "<code>dawson evaluate --by &#39;a&lt;b&#39;</code>"));
  EXPECT_TRUE(has(html, "ROC over voxels of the brain (no scan has probabilities"));
}

TEST(EvaluationPage, ShowsTheFiguresOfTheSummary) {
  const CohortResult cohort = made::cohort();
  Json summary = summary_of(cohort);
  summary["overall"]["measures"]["dice"]["mean"] = 0.12345;
  summary["overall"]["measures"]["dice"]["interval"] = {0.1, 0.2};
  const std::string html = page_of(cohort, summary);
  EXPECT_TRUE(has(html, "<b>0.123</b> (0.100 to 0.200)"));
  EXPECT_TRUE(has(html, "<td>0.123 (0.100 to 0.200)</td>"));
  EXPECT_TRUE(has(html, "<td>0.950 [0.900, 1.000]</td>"));  // site b, value by value
  EXPECT_TRUE(has(html, "<th scope=\"row\">a/sub-3</th><td>0.680</td>"));
}

TEST(EvaluationPage, EscapesNamesFromOutside) {
  CohortResult cohort = made::cohort();
  const std::string evil = "<script>alert(\"1\")</script>&'";
  cohort.cases.push_back(made::evaluated(evil, "sub-1", 2, 2, 0.5));
  cohort.failed.push_back({evil, evil});
  cohort.predictions_without_reference = {evil};
  cohort.group_columns = {evil};
  for (auto& c : cohort.cases) c.attributes[evil] = evil;
  cohort.comparison = evaluation::compare_models(cohort, cohort);
  cohort.comparison->only_first = {evil};
  const std::string html = page_of(cohort);
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_EQ(made::fault_of_markup(html, html_leaves_open), "");
  EXPECT_TRUE(has(html, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"));
}

TEST(EvaluationPage, FetchesNothingAndForbidsIt) {
  const std::string html = page_of(made::cohort());
  EXPECT_TRUE(has(html, "default-src 'none'"));
  EXPECT_FALSE(has(html, "http://"));
  EXPECT_FALSE(has(html, "https://"));
  EXPECT_FALSE(has(html, "@import"));
  const std::regex fetched("(src|srcset|href)=\"(?!data:image/|#|plots/)");
  const std::string text = without_pictures(html);
  EXPECT_FALSE(std::regex_search(text, fetched));
}

TEST(EvaluationPage, NamesWhatFailedFirst) {
  CohortResult cohort = made::cohort();
  EXPECT_FALSE(has(page_of(cohort), "id=\"failed\""));
  cohort.failed.push_back({"a/sub-77", "the grids differ"});
  cohort.predictions_without_reference = {"stray.nii.gz"};
  const std::string html = page_of(cohort);
  EXPECT_TRUE(has(html, "<b>a/sub-77</b>: the grids differ"));
  EXPECT_TRUE(has(html, "stray.nii.gz"));
  EXPECT_LT(html.find("id=\"failed\""), html.find("id=\"short\""));
}

TEST(EvaluationPage, CanBeReadByScreenReaders) {
  const std::string html = without_pictures(page_of(made::cohort()));
  EXPECT_TRUE(has(html, "<html lang=\"en\">"));
  EXPECT_EQ(count_of(html, "<h1>"), 1U);
  EXPECT_EQ(count_of(html, "<main>"), 1U);
  EXPECT_EQ(count_of(html, "<img "), count_of(html, " alt=\""));
  EXPECT_FALSE(has(html, "alt=\"\""));
  // Every link of the contents leads to a section of the page.
  const std::regex link("href=\"#([a-z]+)\"");
  for (std::sregex_iterator at(html.begin(), html.end(), link), end; at != end; ++at) {
    EXPECT_TRUE(has(html, "<section id=\"" + (*at)[1].str() + "\">")) << (*at)[1];
  }
}

TEST(EvaluationPage, ShowsGroupsFairnessScansAndComparisonWhereTheyAreKnown) {
  CohortResult cohort = made::cohort();
  const std::string without = page_of(cohort);
  EXPECT_FALSE(has(without, "id=\"groups\""));
  EXPECT_FALSE(has(without, "id=\"comparison\""));
  cohort.group_columns = {"sex"};
  for (std::size_t n = 0; n < cohort.cases.size(); ++n) {
    cohort.cases[n].attributes["sex"] = n < 6 ? "F" : "M";
  }
  CohortResult other = cohort;
  for (auto& c : other.cases) c.measures.voxels.dice -= 0.1;
  cohort.comparison = evaluation::compare_models(cohort, other);
  cohort.comparison->only_second = {"a/sub-55"};
  const std::string html = page_of(cohort);
  EXPECT_TRUE(has(html, "<h3>By sex</h3>"));
  EXPECT_TRUE(has(html, "too small to judge"));      // two of sex M
  EXPECT_TRUE(has(html, "0.100 (0.100 to 0.100)"));  // Dice, this model less the other
  EXPECT_TRUE(has(html, "a/sub-55"));
  EXPECT_TRUE(has(html, "model_difference.svg"));
  EXPECT_TRUE(has(html, "<th scope=\"row\">Scans without lesions</th><td>1</td>"));
}

TEST(EvaluationPage, FoldsAwayAThousandScans) {
  CohortResult cohort;
  for (int n = 0; n < 1000; ++n) {
    cohort.cases.push_back(made::evaluated("a", "sub-" + std::to_string(n), 1 + n, n, 0.5));
  }
  const std::string html = page_of(cohort);
  EXPECT_TRUE(has(html, "<summary>Show all 1000 scans</summary>"));
  EXPECT_LT(html.size(), 3U << 20);
}

TEST(EvaluationPage, ThatCannotBeWrittenIsAnErrorOfOutput) {
  const CohortResult cohort = made::cohort();
  try {
    write_evaluation_page(cohort, summary_of(cohort), "/proc/no such folder");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
  }
}

}  // namespace
}  // namespace dawson::report
