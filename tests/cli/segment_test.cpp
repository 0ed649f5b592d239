#include <algorithm>

#include "dawson/core/hash.h"
#include "dawson/imaging/formats.h"
#include "dawson/report/report.h"
#include "dawson/volume/nifti.h"
#include "dicom/made_series.h"
#include "support/made_tree.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;
using volume::operator*;

class Segment : public ProgramTest {
 protected:
  /// Names in a folder below the working folder.
  [[nodiscard]] std::set<std::string> files(const std::string& folder) const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path(folder))) {
      if (entry.is_regular_file()) names.insert(fs::relative(entry.path(), path(folder)).string());
    }
    return names;
  }
};

/// The files of docs/contract.md.
std::set<std::string> all_files(const std::string& stem) {
  std::set<std::string> names;
  for (const char* suffix :
       {"_label-lesion_mask.nii.gz", "_label-lesion_probseg.nii.gz", "_label-brain_mask.nii.gz",
        "_lesions.tsv", "_lesions.json", "_overlay.png", "_zooms.png", "_confidence.png",
        "_report.pdf", "_report.json", "_report.txt", "_report.html", "_run.json"}) {
    names.insert(stem + suffix);
  }
  return names;
}

TEST_F(Segment, WritesEveryFileOfTheContractAndNoOther) {
  scan("sub-01_FLAIR.nii.gz");
  const Ended ended = dawson("segment -i sub-01_FLAIR.nii.gz -o out --name Doe --age 44");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "out/sub-01_report.pdf\n");
  EXPECT_EQ(files("out"), all_files("sub-01"));
  const core::Json report = json("out/sub-01_report.json");
  EXPECT_NE(report.dump().find("Doe"), std::string::npos);
  EXPECT_NE(report.dump().find("44"), std::string::npos);
  EXPECT_EQ(testing::read(path("out/sub-01_report.pdf")).substr(0, 5), "%PDF-");

  const std::string table = testing::read(path("out/sub-01_lesions.tsv"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1 + 3) << table;
}

TEST_F(Segment, RunRecordTellsWhatWasDoneWithWhatAndNoPathOfThisMachine) {
  const fs::path file = scan("sub-01_FLAIR.nii.gz");
  ASSERT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o out").code, 0);
  const core::Json run = json("out/sub-01_run.json");
  EXPECT_EQ(run.at("scan").at("path"), "../sub-01_FLAIR.nii.gz");
  EXPECT_EQ(run.at("scan").at("sha256"), core::sha256_file(file));
  EXPECT_EQ(run.at("model").at("sha256"),
            core::sha256_file(path("models/lesion/weights.safetensors")));
  for (const char* key : {"version", "settings", "date", "steps", "warnings", "brain"}) {
    EXPECT_TRUE(run.contains(key)) << key;
  }
  EXPECT_EQ(run.at("warnings").dump(), "[]");
  ASSERT_FALSE(run.at("steps").empty());
  for (const core::Json& step : run.at("steps")) {
    EXPECT_GE(step.at("seconds").get<double>(), 0);
    EXPECT_GT(step.at("peak_memory_mb").get<double>(), 1);
  }
  for (const std::string& name : files("out")) {
    EXPECT_EQ(testing::read(path("out/" + name)).find(path("").string()), std::string::npos)
        << name;
  }
}

TEST_F(Segment, WarnsOfAScanUnlikeThoseTestedOn) {
  scan("sub-01_FLAIR.nii.gz");
  made::write_reference(path("models"), {{"noise", {{"low", 0.5}, {"high", 0.6}}},
                                         {"slice_mm", {{"low", 1}, {"high", 8}}}});
  const Ended ended = dawson("segment -i sub-01_FLAIR.nii.gz -o out");
  ASSERT_EQ(ended.code, 0);
  const std::string said = "unlike those that the published figures come from";
  EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
  EXPECT_NE(warnings("out/sub-01_run.json").find("noise ("), std::string::npos);
  EXPECT_EQ(warnings("out/sub-01_run.json").find("slice distance"), std::string::npos);
  EXPECT_NE(testing::read(path("out/sub-01_report.txt")).find("noise ("), std::string::npos);
  EXPECT_NEAR(json("out/sub-01_run.json").at("quality").at("measures").at("slice_mm").get<double>(),
              4, 1e-6);
}

TEST_F(Segment, OfADicomSeriesIsThatOfTheSameVoxelsInNifti) {
  volume::Image image = volume::read_nifti(scan("head_FLAIR.nii.gz")).image;
  for (float& value : image.data) value = std::max(0.F, std::round(value));
  made::write_series(path("export/1"), image);
  const Ended ended = dawson("segment -i export -o out");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "out/series-5_report.pdf\n");
  std::set<std::string> names = all_files("series-5");
  names.insert("series-5_FLAIR.nii.gz");
  EXPECT_EQ(files("out"), names);
  EXPECT_NE(testing::read(path("out/series-5_report.txt")).find("Jane Doe"), std::string::npos);
  const core::Json run = json("out/series-5_run.json");
  EXPECT_EQ(run.at("dicom").at("slices"), image.grid.size[2]);
  EXPECT_EQ(run.at("scan").at("path"), "series-5_FLAIR.nii.gz");

  ASSERT_EQ(dawson("segment -i out/series-5_FLAIR.nii.gz -o again").code, 0);
  const auto mask_of = [&](const std::string& stem) {
    return volume::read_nifti(path(stem + "_label-lesion_mask.nii.gz")).image;
  };
  EXPECT_EQ(mask_of("out/series-5").data, mask_of("again/series-5").data);
  EXPECT_EQ(volume::read_nifti(path("out/series-5_FLAIR.nii.gz")).image.data, image.data);
}

TEST_F(Segment, OfOneDicomFileAsksForItsFolder) {
  made::write_series(path("export"), made::numbered(made::oblique_grid()));
  const Ended ended = dawson("segment -i export/IM0 -o out");
  EXPECT_EQ(ended.code, 3);
  EXPECT_NE(ended.err.find("give the folder"), std::string::npos) << ended.err;
}

TEST_F(Segment, ResultsLieExactlyWhereTheScanLies) {
  const volume::Grid oblique =
      test::centred({96, 112, 30}, {2, 2, 7}, test::turn(0, 9) * test::turn(2, -5));
  volume::NiftiGeometry geometry = volume::geometry_of(oblique);
  geometry.sform_code = 3;
  geometry.qform_code = 2;
  const made::Head made = made::head(oblique);
  volume::write_nifti(path("x.nii.gz"), made.scan, &geometry);
  ASSERT_EQ(dawson("segment -i x.nii.gz -o out").code, 0);
  const volume::NiftiGeometry in = volume::read_nifti(path("x.nii.gz")).header.geometry;
  EXPECT_EQ(in.sform_code, 3);
  for (const char* name : {"out/x_label-lesion_mask.nii.gz", "out/x_label-lesion_probseg.nii.gz",
                           "out/x_label-brain_mask.nii.gz"}) {
    const volume::NiftiImage out = volume::read_nifti(path(name));
    EXPECT_EQ(out.header.geometry.sform_code, in.sform_code) << name;
    EXPECT_EQ(out.header.geometry.qform_code, in.qform_code) << name;
    EXPECT_EQ(out.header.geometry.sform, in.sform) << name;
    EXPECT_EQ(out.header.geometry.quaternion, in.quaternion) << name;
    EXPECT_EQ(out.header.geometry.qoffset, in.qoffset) << name;
    EXPECT_EQ(out.header.geometry.pixdim, in.pixdim) << name;
    EXPECT_EQ(out.image.grid.size, oblique.size) << name;
  }
  EXPECT_EQ(volume::read_nifti(path("out/x_label-lesion_mask.nii.gz")).header.datatype, 2);
  EXPECT_EQ(volume::read_nifti(path("out/x_label-lesion_probseg.nii.gz")).header.datatype, 16);
  EXPECT_GT(
      made::dice(volume::read_nifti_mask(path("out/x_label-lesion_mask.nii.gz")), made.lesions),
      0.8);
}

TEST_F(Segment, ATreeIsAnsweredInItsShapeWithOneTable) {
  made::add_to_tree(path("site"), "sub-01", made::head(made::coarse_grid()));
  made::add_to_tree(path("site"), "sub-02", made::stripped_head(made::coarse_grid(), {}));
  const Ended ended = dawson("segment -i site -o out");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(fs::exists(path("out/sub-01/anat/sub-01_run.json")));
  EXPECT_TRUE(json("out/sub-02/anat/sub-02_run.json").at("brain").at("was_stripped"));
  const std::string table = testing::read(path("out/cohort.tsv"));
  EXPECT_NE(table.find("\nsite/sub-01\tdone\t3\t"), std::string::npos) << table;
  EXPECT_NE(table.find("\nsite/sub-02\tdone\t0\t0.000\t"), std::string::npos) << table;
  EXPECT_TRUE(fs::exists(path("out/cohort.json")));
}

TEST_F(Segment, BandsAreKeptInTheRecordAndByTheReportMadeAgain) {
  scan("sub-01_FLAIR.nii.gz");
  const std::string bands = " --minimal-below 0.001 --mild-below 0.002 --moderate-below 0.003";
  ASSERT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o out" + bands).code, 0);
  EXPECT_EQ(json("out/sub-01_run.json").at("severity_bands").at("mild_below"), 0.002);
  EXPECT_EQ(json("out/sub-01_report.json").at("severity").at("estimated"), "severe");
  ASSERT_EQ(dawson("report -i out --overwrite").code, 0);
  EXPECT_EQ(json("out/sub-01_report.json").at("severity").at("estimated"), "severe");
  ASSERT_EQ(dawson("report -i out --overwrite --moderate-below 99").code, 0);
  EXPECT_EQ(json("out/sub-01_report.json").at("severity").at("estimated"), "moderate");
  const Ended odd = dawson("segment -i sub-01_FLAIR.nii.gz -o odd --mild-below 5");
  EXPECT_EQ(odd.code, 2) << odd.err;
  EXPECT_NE(odd.err.find("positive and ascending"), std::string::npos) << odd.err;
  EXPECT_FALSE(fs::exists(path("odd")));
}

TEST_F(Segment, TakesAgeAndSexFromATableAndRefusesAStrangerInIt) {
  scan("a.nii.gz");
  testing::write(path("people.tsv"), "participant_id\tage\tsex\nsub-07\t41\tF\n");
  const std::string table = "segment -i a.nii.gz --participants people.tsv";
  ASSERT_EQ(dawson(table + " -o out --participant 07 --sex other").code, 0);
  const core::Json patient = json("out/a_report.json").at("patient");
  EXPECT_EQ(patient.at("participant"), "07");
  EXPECT_EQ(patient.at("age"), "41");
  EXPECT_EQ(patient.at("sex"), "other");
  EXPECT_EQ(patient.at("name"), "not given");
  const Ended stranger = dawson(table + " -o two --participant 08");
  EXPECT_EQ(stranger.code, 3) << stranger.err;
  EXPECT_NE(stranger.err.find("does not know the participant '08'"), std::string::npos);
  EXPECT_EQ(dawson(table + " -o three").code, 2);
  EXPECT_FALSE(fs::exists(path("two")));
}

TEST_F(Segment, PlacesTheCaseInAReferenceCohort) {
  scan("a.nii.gz");
  testing::write(path("cohort.tsv"),
                 "case\tstatus\tlesion_ml\nx\tdone\t0.001\ny\tdone\t900\nz\tfailed\tn/a\n");
  ASSERT_EQ(dawson("segment -i a.nii.gz -o out --reference-cohort cohort.tsv").code, 0);
  const core::Json cohort = json("out/a_report.json").at("reference_cohort");
  EXPECT_EQ(cohort.at("cases"), 2);
  EXPECT_EQ(cohort.at("left_out"), 1);
  EXPECT_EQ(cohort.at("is_small"), true);
  EXPECT_EQ(cohort.at("measures").at("lesion_ml").at("percentile"), 50);
  testing::write(path("odd.tsv"), "lesion_ml\n1\n-2\n");
  const Ended odd = dawson("report -i out --overwrite --reference-cohort odd.tsv");
  EXPECT_EQ(odd.code, 3) << odd.err;
  EXPECT_NE(odd.err.find("lesion_ml '-2' is negative (line 3)"), std::string::npos) << odd.err;
}

TEST_F(Segment, ReportDrawsATrainingRun) {
  fs::create_directories(path("run"));
  testing::write(path("run/history.tsv"), "iteration\tloss\n1\t1.5\n2\t1.2\n3\t1.0\n");
  const Ended ended = dawson("report -i run");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "run/history.png\n");
  EXPECT_EQ(testing::read(path("run/history.png")).substr(1, 3), "PNG");
}

TEST_F(Segment, TakesListsAndRepeatedInputs) {
  fs::create_directories(path("far"));
  scan("a.nii.gz");
  scan("far/b.nii");
  testing::write(path("far/list.txt"), "# two\nb.nii\n../a.nii.gz\n");
  EXPECT_EQ(dawson("segment -i far/list.txt -o listed").code, 0);
  EXPECT_TRUE(fs::exists(path("listed/a/a_report.pdf")));
  EXPECT_TRUE(fs::exists(path("listed/b/b_report.pdf")));
  EXPECT_EQ(dawson("segment -i a.nii.gz -i far/b.nii -o repeated").code, 0);
  EXPECT_EQ(files("repeated").size(), 2 * all_files("a").size() + 2);
}

TEST_F(Segment, GivesTheSameFilesTwice) {
  scan("a.nii.gz");
  ASSERT_EQ(dawson("segment -i a.nii.gz -o one").code, 0);
  ASSERT_EQ(dawson("segment -i a.nii.gz -o two").code, 0);
  for (const char* name : {"a_label-lesion_mask.nii.gz", "a_label-lesion_probseg.nii.gz",
                           "a_label-brain_mask.nii.gz", "a_lesions.tsv", "a_report.txt"}) {
    EXPECT_EQ(testing::read(path(std::string("one/") + name)),
              testing::read(path(std::string("two/") + name)))
        << name;
  }
}

TEST_F(Segment, UsesTheModelsOfAFolderAndNamesThemInTheRecord) {
  scan("a.nii.gz");
  fs::rename(path("models/lesion"), path("mine"));
  fs::rename(path("models/brain"), path("my-brain"));
  const Ended ended = dawson("segment -i a.nii.gz -o out --model mine --brain-model my-brain");
  EXPECT_EQ(ended.code, 0) << ended.err;
}

}  // namespace
}  // namespace dawson::cli
