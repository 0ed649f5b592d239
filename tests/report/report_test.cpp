#include "dawson/report/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "made_case.h"
#include "schema_check.h"

namespace dawson::report {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

core::Json schema() {
  return core::read_json(DAWSON_SOURCE_DIR "/docs/schema/report.schema.json");
}

void expect_valid(const core::Json& json) {
  for (const std::string& problem : made::SchemaCheck(schema()).problems(json)) {
    ADD_FAILURE() << problem;
  }
}

std::string pdf_text(const std::filesystem::path& file) {
  return made::output_of("pdftotext -layout '" + file.string() + "' -");
}

TEST(Report, WritesTheFilesOfTheContractAndNoOthers) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  write(c.report(), folder.path());
  std::vector<std::string> names, expected = file_names("sub-01");
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename().string());
    EXPECT_GT(entry.file_size(), 100U) << names.back();
  }
  std::sort(names.begin(), names.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(names, expected);
}

TEST(Report, GivesTheSameBytesForTheSameCase) {
  const made::Case c = made::thick_case();
  const made::Folder first, second;
  for (const std::string& date : {std::string("2026-03-01"), std::string()}) {
    CaseReport r = c.report();
    r.date = date;
    write(r, first.path());
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // PDF dates count seconds
    write(r, second.path());
    for (const std::string& name : file_names("sub-01")) {
      EXPECT_EQ(made::read(first.path() / name), made::read(second.path() / name)) << name;
    }
  }
}

TEST(Report, AgreesInEveryFormat) {
  made::Case c = made::thick_case();
  c.segmentation.lesion_mask.at(36, 60, 12) = 1;  // one voxel of 24 mm³
  c.recount();
  ASSERT_EQ(c.segmentation.lesions.size(), 3U);
  const made::Folder folder;
  CaseReport r = c.report();
  r.patient.name = "Jane Example";
  write(r, folder.path());
  const core::Json json = core::read_json(folder.path() / "sub-01_report.json");
  EXPECT_EQ(json["lesions"]["total_isolated"], 3);
  EXPECT_EQ(json["lesions"]["at_least_3_mm_diameter"], 3);
  EXPECT_EQ(json["lesions"]["single_voxel"], 1);
  const std::string percent =
      core::number(100 * c.segmentation.lesion_volume_ml / c.segmentation.brain_volume_ml, 2) +
      " %";
  for (const std::string& text : {made::read(folder.path() / "sub-01_report.txt"),
                                  made::read(folder.path() / "sub-01_report.html"),
                                  pdf_text(folder.path() / "sub-01_report.pdf")}) {
    for (const char* said :
         {"Name", "Jane Example", "Age", "Sex", "not given", "Image analysed",
          "sub-01_FLAIR.nii.gz", "Total isolated lesions", "Lesion percentage in brain",
          "Severity estimated", "Mild", "plain 1.2", "research software, not a medical device",
          "This report is generated automatically. Please follow up with a radiologist."}) {
      EXPECT_TRUE(contains(text, said)) << said;
    }
    EXPECT_TRUE(contains(text, percent)) << percent;
  }
}

TEST(Report, ReadsNotGivenWhereNothingWasGiven) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  write(c.report(), folder.path());
  const core::Json json = core::read_json(folder.path() / "sub-01_report.json");
  for (const char* field : {"name", "participant", "age", "sex"}) {
    EXPECT_EQ(json["patient"][field], "not given");
  }
}

TEST(ReportJson, FollowsItsPublishedSchema) {
  const made::Folder folder;
  const made::Case some = made::thick_case();
  write(some.report(), folder.path());
  const core::Json json = core::read_json(folder.path() / "sub-01_report.json");
  expect_valid(json);
  EXPECT_EQ(json["lesions"]["table"].size(), 2U);

  core::Json broken = json;
  broken["severity"]["estimated"] = "dreadful";
  broken["lesions"]["table"][0]["id"] = 0;
  broken["patient"].erase("age");
  broken["extra"] = 1;
  broken["report_id"] = "no id";
  broken["quality"]["core_protocol"] = "fine";
  broken["lesions"]["size_classes"].erase(0);
  EXPECT_EQ(made::SchemaCheck(schema()).problems(broken).size(), 7U);
}

TEST(ReportJson, FollowsItsSchemaWithoutLesionsBrainOrProbabilities) {
  const made::Folder folder;
  made::Case c(made::grid("RAS", {24, 24, 24}, {4, 4, 4}));
  CaseReport r = c.report();
  r.warnings = {"a", "b"};
  write(r, folder.path());
  core::Json json = core::read_json(folder.path() / "sub-01_report.json");
  expect_valid(json);
  EXPECT_EQ(json["severity"]["estimated"], "none");
  EXPECT_EQ(json["lesions"]["total_isolated"], 0);

  c.add_lesion({0, 0, 0}, 9);
  c.segmentation.probabilities = {};
  c.segmentation.brain_mask = {};
  c.segmentation.brain_volume_ml = 0;
  c.segmentation.lesions = segmentation::find_lesions(c.segmentation.lesion_mask, {});
  write(r, folder.path());
  json = core::read_json(folder.path() / "sub-01_report.json");
  expect_valid(json);
  EXPECT_TRUE(json["brain"]["lesion_percent"].is_null());
  EXPECT_EQ(json["severity"]["estimated"], "undetermined");
  EXPECT_TRUE(json["lesions"]["table"][0]["peak_probability"].is_null());
}

TEST(ReportText, HasNoLineOfMoreThanEightyColumns) {
  made::Case c = made::thick_case();
  CaseReport r = c.report();
  r.run = {std::string(64, '5'), 0.45, 1.0, 0.9, 7.0, true};
  r.brain_volume_errors_percent = {-20, 0, 25};
  r.warnings = {"a warning of many words " + std::string(30, 'w') + " " + std::string(40, 'x')};
  r.cohort = ReferenceCohort{"cohort.tsv", {0.1, 3}, {0.1, 0.2}, {1, 2}, 3};
  const made::Folder folder;
  write(r, folder.path());
  std::istringstream lines(made::read(folder.path() / "sub-01_report.txt"));
  std::string line;
  while (std::getline(lines, line)) {
    // Code points: bytes that do not go on with a character.
    const auto columns = std::count_if(line.begin(), line.end(), [](char byte) {
      return (static_cast<unsigned char>(byte) >> 6) != 2;
    });
    EXPECT_LE(columns, 80) << line;
  }
}

TEST(LesionTable, HasARowALesionWithItsPlaceInTheWorld) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  write(c.report(), folder.path());
  const core::Table table = core::Table::read(folder.path() / "sub-01_lesions.tsv");
  ASSERT_EQ(table.rows().size(), 2U);
  const auto cell = [&](std::size_t row, const char* column) {
    return table.rows()[row][table.column(column)];
  };
  EXPECT_EQ(cell(0, "id"), "1");
  EXPECT_NEAR(std::stod(cell(0, "centroid_x_mm")), -25, 1.5);
  EXPECT_NEAR(std::stod(cell(0, "centroid_y_mm")), 10, 1.5);
  EXPECT_NEAR(std::stod(cell(0, "centroid_z_mm")), 3, 3);
  EXPECT_EQ(cell(0, "peak_probability"), "0.9000");
  // Voxels of 24 mm³.
  EXPECT_NEAR(std::stod(cell(1, "volume_ml")), 0.024 * std::stod(cell(1, "voxels")), 1e-6);
  const core::Json sidecar = core::read_json(folder.path() / "sub-01_lesions.json");
  EXPECT_EQ(sidecar.size(), table.columns().size());
}

TEST(LesionTable, OfAScanWithoutLesionsHasItsHeaderAlone) {
  const made::Case c(made::grid("RAS", {24, 24, 24}, {4, 4, 4}));
  const made::Folder folder;
  write(c.report(), folder.path());
  EXPECT_TRUE(core::Table::read(folder.path() / "sub-01_lesions.tsv").rows().empty());
  EXPECT_TRUE(contains(made::read(folder.path() / "sub-01_report.txt"), english().no_lesions));
}

TEST(Report, ShowsWarningsInEveryFormat) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  CaseReport r = c.report();
  r.warnings = {"the sform was used"};
  write(r, folder.path());
  for (const std::string& text : {made::read(folder.path() / "sub-01_report.json"),
                                  made::read(folder.path() / "sub-01_report.txt"),
                                  made::read(folder.path() / "sub-01_report.html"),
                                  pdf_text(folder.path() / "sub-01_report.pdf")}) {
    EXPECT_TRUE(contains(text, "the sform was used"));
  }
  r.warnings.assign(40, "the sform was used");
  write(r, folder.path());
  EXPECT_TRUE(
      contains(pdf_text(folder.path() / "sub-01_report.pdf"), "and 38 more in sub-01_report.txt"));
}

TEST(Report, TakesNamesOfAnyScriptAndLength) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  CaseReport r = c.report();
  const std::string hebrew = "\u05d3\u05d5\u05d3 \u05db\u05d4\u05df";
  const std::string greek = "\u0391\u03bb\u03ad\u03be\u03b7\u03c2";
  for (const std::string& name : {greek, hebrew, std::string("\u738b\u5c0f\u660e"),
                                  std::string(300, 'M'), "a\nb\t\x01" + greek}) {
    r.patient.name = name;
    write(r, folder.path());
    const core::Json json = core::read_json(folder.path() / "sub-01_report.json");
    expect_valid(json);
    const std::string said = json["patient"]["name"];
    EXPECT_EQ(said.size(), name.size());
    EXPECT_EQ(said.find_first_of("\n\t\x01"), std::string::npos);
    EXPECT_TRUE(contains(pdf_text(folder.path() / "sub-01_report.pdf"), "Image analysed"));
  }
  EXPECT_TRUE(contains(pdf_text(folder.path() / "sub-01_report.pdf"), greek));
}

TEST(Report, MendsBytesThatAreNoUtf8) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  CaseReport r = c.report();
  r.patient.name = "J\xfcrgen";  // ISO 8859-1
  write(r, folder.path());
  EXPECT_EQ(core::read_json(folder.path() / "sub-01_report.json")["patient"]["name"],
            "J\ufffdrgen");
}

TEST(Report, RefusesAFolderThatIsNotThere) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  try {
    write(c.report(), folder.path() / "absent");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::output);
  }
}

TEST(Report, SaysWhenSlicesAreTooThickForSmallLesions) {
  const made::Folder folder;
  const made::Case thick = made::thick_case();
  write(thick.report(), folder.path());
  EXPECT_TRUE(contains(made::read(folder.path() / "sub-01_report.txt"), "one voxel is 24.0 mm³"));
  const made::Case thin(made::grid("RAS", {24, 24, 24}, {4, 4, 4}));
  write(thin.report(), folder.path());
  EXPECT_FALSE(contains(made::read(folder.path() / "sub-01_report.txt"), "single voxel"));
}

}  // namespace
}  // namespace dawson::report
