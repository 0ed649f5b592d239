// segment with a traditional method, as a user asks for one.
#include "support/made_tree.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class SegmentMethod : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    scan("sub-01_FLAIR.nii.gz");
    const core::Json lesion = core::read_json(path("models/lesion/model.json"));
    method_ = {{"format", 1},
               {"method", "threshold"},
               {"version", "7"},
               {"recipe", lesion.at("recipe")},
               {"calibration", {{"cut", 4}, {"slope", 2}}},
               {"rule", {{"threshold", 0.4}, {"min_peak", 0.9}, {"min_volume_mm3", 7}}},
               {"temperature", 1.3},
               {"provenance", core::Json::object()},
               {"parameters", {{"scale", "full_width"}, {"rim_mm", 2}}}};
    fs::create_directories(file().parent_path());
    core::write_json(file(), method_);
  }
  [[nodiscard]] fs::path file() const { return path("models/traditional/threshold/method.json"); }
  core::Json method_;
};

TEST_F(SegmentMethod, WritesWhatTheNetworkWouldAndNamesTheMethod) {
  const Ended ended = dawson("segment -i sub-01_FLAIR.nii.gz -o out --method threshold");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const core::Json run = json("out/sub-01_run.json");
  EXPECT_EQ(run.at("model").at("name"), "threshold");
  EXPECT_EQ(run.at("model").at("version"), "7");
  EXPECT_EQ(run.at("model").at("threshold"), 0.4);
  EXPECT_EQ(run.at("model").at("min_peak"), 0.9);
  EXPECT_EQ(run.at("model").at("min_volume_mm3"), 7);
  EXPECT_EQ(run.at("model").at("temperature"), 1.3);
  EXPECT_EQ(run.at("model").at("mirrored"), false);
  const core::Json report = json("out/sub-01_report.json");
  EXPECT_EQ(report.at("lesions").at("total_isolated"), 3);
  EXPECT_NE(testing::read(path("out/sub-01_report.txt")).find("threshold"), std::string::npos);
  EXPECT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o network").code, 0);
  EXPECT_EQ(json("network/sub-01_run.json").at("model").at("name"), "lesion");
}

TEST_F(SegmentMethod, TheFolderOfAFittedOneMayBeGiven) {
  fs::rename(path("models/traditional/threshold"), path("mine"));
  const std::string segment = "segment -i sub-01_FLAIR.nii.gz -o out ";
  EXPECT_EQ(dawson(segment + "--method threshold --model mine").code, 0);
  expect_refusal(2, "give --method threshold",
                 segment + "--method mixture --model mine --overwrite");
}

TEST_F(SegmentMethod, UnknownOnesAreAUsageErrorThatNamesTheNearest) {
  expect_refusal(2, "did you mean 'threshold'?",
                 "segment -i sub-01_FLAIR.nii.gz -o out --method treshold");
}

TEST_F(SegmentMethod, DamagedFilesAreModelErrors) {
  const std::string segment = "segment -i sub-01_FLAIR.nii.gz -o out --method threshold";
  const std::string whole = testing::read(file());
  testing::write(file(), whole.substr(0, whole.size() / 3));
  expect_refusal(5, "method.json", segment);
  core::Json newer = method_;
  newer["format"] = 2;
  core::write_json(file(), newer);
  expect_refusal(5, "use a newer dawson", segment);
}

}  // namespace
}  // namespace dawson::cli
