#include "dawson/report/finished_case.h"

#include <gtest/gtest.h>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/core/json.h"
#include "dawson/volume/nifti.h"
#include "made_case.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;

/// A tree as segment leaves it: raw/scan beside out/.
class FinishedCaseTest : public ::testing::Test {
 protected:
  FinishedCaseTest() : made_(made::thick_case()) {
    fs::create_directories(folder_.path() / "raw");
    fs::create_directories(out());
    volume::write_nifti(scan(), made_.scan);
    const auto& s = made_.segmentation;
    volume::write_nifti(out() / "sub-01_label-lesion_mask.nii.gz", s.lesion_mask);
    volume::write_nifti(out() / "sub-01_label-brain_mask.nii.gz", s.brain_mask);
    volume::write_nifti(out() / "sub-01_label-lesion_probseg.nii.gz", s.probabilities);
    core::write_json(
        out() / "sub-01_run.json",
        {{"stem", "sub-01"},
         {"scan", {{"path", "../raw/sub-01_FLAIR.nii.gz"}, {"sha256", core::sha256_file(scan())}}},
         {"model", {{"name", "plain"}, {"version", "1.2"}, {"sha256", "ab12"}}},
         {"version", "0.1.0"},
         {"warnings", {"the slices are thick"}},
         {"brain", {{"was_stripped", true}}}});
  }
  [[nodiscard]] fs::path out() const { return folder_.path() / "out"; }
  [[nodiscard]] fs::path scan() const { return folder_.path() / "raw" / "sub-01_FLAIR.nii.gz"; }
  [[nodiscard]] CasePlace place() const { return {out(), "sub-01"}; }
  static std::string refusal(const CasePlace& place, const fs::path& scan = {}) {
    try {
      open_finished(place, scan);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      return e.what();
    }
    return "not refused";
  }

  made::Folder folder_;
  made::Case made_;
};

TEST_F(FinishedCaseTest, HasTheFiguresOfTheFirstReport) {
  const FinishedCase found = open_finished(place());
  const auto& expected = made_.segmentation;
  ASSERT_EQ(found.segmentation.lesions.size(), expected.lesions.size());
  for (std::size_t i = 0; i < expected.lesions.size(); ++i) {
    EXPECT_EQ(found.segmentation.lesions[i].voxels, expected.lesions[i].voxels);
    EXPECT_NEAR(found.segmentation.lesions[i].peak_probability, 0.9, 1e-6);
  }
  EXPECT_NEAR(found.segmentation.lesion_volume_ml, expected.lesion_volume_ml, 1e-6);
  EXPECT_NEAR(found.segmentation.brain_volume_ml, expected.brain_volume_ml, 1e-6);
  EXPECT_TRUE(found.segmentation.was_stripped);
  EXPECT_EQ(found.facts.image_name, "sub-01_FLAIR.nii.gz");
  EXPECT_EQ(found.facts.model.sha256, "ab12");
  EXPECT_EQ(found.facts.warnings, std::vector<std::string>{"the slices are thick"});
}

TEST_F(FinishedCaseTest, KeepsWhatTheEarlierReportAloneKnows) {
  CaseReport first = made_.report();
  first.patient.name = "Jane";
  first.brain_volume_error_percent = 4.2;
  first.sequences = {"FLAIR", "T1w"};
  write(first, out());
  const FinishedCase found = open_finished(place());
  EXPECT_EQ(found.facts.patient.name, "Jane");
  EXPECT_FALSE(found.facts.patient.age.has_value());
  EXPECT_EQ(found.facts.date, "2026-03-01");
  EXPECT_EQ(found.facts.brain_volume_error_percent, 4.2);
  EXPECT_EQ(found.facts.sequences, (std::vector<std::string>{"FLAIR", "T1w"}));
  const std::string before = made::read(out() / "sub-01_lesions.tsv");
  write(found.report(), out());
  EXPECT_EQ(made::read(out() / "sub-01_lesions.tsv"), before);
}

TEST_F(FinishedCaseTest, ListsTheRelevanceFilesOfItsLesionsInOrder) {
  for (const char* name : {"sub-01_lesion-10_relevance.nii.gz", "sub-01_lesion-2_relevance.nii.gz",
                           "sub-01_lesion-all_relevance.nii.gz", "sub-01_lesion-0_relevance.nii.gz",
                           "sub-02_lesion-1_relevance.nii.gz", "sub-01_lesion-3_relevance.png"}) {
    core::write_json(out() / name, {});
  }
  const FinishedCase found = open_finished(place());
  ASSERT_EQ(found.relevance.size(), 2U);
  EXPECT_EQ(found.relevance[0].lesion_id, 2);
  EXPECT_EQ(found.relevance[1].path, out() / "sub-01_lesion-10_relevance.nii.gz");
  EXPECT_EQ(found.report().relevance.size(), 2U);
}

TEST_F(FinishedCaseTest, HasBandsAndErrorsOfTheRecordUntilAReportSaysOtherwise) {
  core::Json run = core::read_json(out() / "sub-01_run.json");
  run["severity_bands"] = {{"minimal_below", 0.2}, {"mild_below", 2.0}, {"moderate_below", 4.0}};
  run["brain"]["volume_errors_percent"] = {-3.0, 1.0, 2.0};
  run["model"]["threshold"] = 0.45;
  core::write_json(out() / "sub-01_run.json", run);
  FinishedCase found = open_finished(place());
  EXPECT_EQ(found.facts.bands.mild_below, 2.0);
  EXPECT_EQ(found.facts.brain_volume_errors_percent, (std::vector<double>{-3, 1, 2}));
  EXPECT_EQ(found.facts.run.threshold, 0.45);
  EXPECT_EQ(found.facts.run.scan_sha256, core::sha256_file(scan()));
  CaseReport other = found.report();
  other.bands.mild_below = 3;
  write(other, out());
  found = open_finished(place());
  EXPECT_EQ(found.facts.bands.minimal_below, 0.2);
  EXPECT_EQ(found.facts.bands.mild_below, 3);
}

TEST_F(FinishedCaseTest, IsNotATrainingRun) {
  EXPECT_FALSE(is_training_run(out()));
  core::write_text(out() / "history.tsv", "iteration\tloss\n");
  EXPECT_FALSE(is_training_run(out()));
  fs::remove(out() / "sub-01_run.json");
  EXPECT_TRUE(is_training_run(out()));
}

TEST_F(FinishedCaseTest, RefusesAScanThatWasChanged) {
  made_.scan.data[0] += 1;
  volume::write_nifti(scan(), made_.scan);
  EXPECT_NE(refusal(place()).find("SHA-256 differs"), std::string::npos);
}

TEST_F(FinishedCaseTest, TakesAnotherFileOfTheScanAndSaysSo) {
  const fs::path moved = folder_.path() / "moved.nii";
  volume::write_nifti(moved, made_.scan);
  fs::remove(scan());
  EXPECT_NE(refusal(place()).find("no longer there"), std::string::npos);
  const FinishedCase found = open_finished(place(), moved);
  EXPECT_EQ(found.facts.image_name, "moved.nii");
  ASSERT_EQ(found.facts.warnings.size(), 2U);
  EXPECT_NE(found.facts.warnings[1].find("not the file that was segmented"), std::string::npos);
}

TEST_F(FinishedCaseTest, TakesTheSameFileFromAnotherPlaceWithoutAWarning) {
  const fs::path moved = folder_.path() / "moved.nii.gz";
  fs::rename(scan(), moved);
  EXPECT_EQ(open_finished(place(), moved).facts.warnings.size(), 1U);
}

TEST_F(FinishedCaseTest, RefusesAScanOnAnotherGrid) {
  const made::Case other(made::grid("LPS", {72, 84, 17}, {2, 2, 6}));
  const fs::path file = folder_.path() / "other.nii.gz";
  volume::write_nifti(file, other.scan);
  EXPECT_NE(refusal(place(), file).find("scan's grid"), std::string::npos);
}

TEST_F(FinishedCaseTest, RefusesAFolderThatLacksAMask) {
  fs::remove(out() / "sub-01_label-lesion_mask.nii.gz");
  EXPECT_NE(refusal(place()).find("sub-01_label-lesion_mask"), std::string::npos);
}

TEST_F(FinishedCaseTest, IsFoundInATreeButNotInHiddenFolders) {
  fs::create_directories(out() / "sub-00" / "anat");
  fs::create_directories(out() / ".staging");
  fs::copy_file(out() / "sub-01_run.json", out() / "sub-00" / "anat" / "sub-00_run.json");
  fs::copy_file(out() / "sub-01_run.json", out() / ".staging" / "sub-02_run.json");
  const std::vector<CasePlace> places = find_finished(out());
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].stem, "sub-01");
  EXPECT_EQ(places[1].stem, "sub-00");
  EXPECT_EQ(places[1].folder, out() / "sub-00" / "anat");
}

TEST_F(FinishedCaseTest, IsMissedWhereThereIsNone) {
  for (const fs::path& nothing : {folder_.path() / "raw", folder_.path() / "absent"}) {
    EXPECT_THROW(find_finished(nothing), Error);
  }
}

}  // namespace
}  // namespace dawson::report
