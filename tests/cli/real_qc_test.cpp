// qc on a patient's scan that something was done to: noise, ghosts, a part cut off, a head upside
// down, another sequence. Each is named, and the scan as it is has nothing against it.
#include <algorithm>
#include <cmath>

#include "dawson/core/random.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class RealQc : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    scan_ = read("FLAIR");
  }

  static volume::Image read(const std::string& suffix) {
    const fs::path anat = fs::path(DAWSON_TEST_DATA) / "tabriz/sub-101228/anat";
    return volume::read_nifti(anat / ("sub-101228_" + suffix + ".nii.gz")).image;
  }

  /// What qc says of a scan by itself: verdict and reasons.
  [[nodiscard]] std::string said_of(const volume::Image& scan) const {
    volume::write_nifti(path("a_FLAIR.nii.gz"), scan);
    const Ended ended = dawson("qc -i a_FLAIR.nii.gz -o out --overwrite --threads 1",
                               "export DAWSON_MODELS=" DAWSON_SOURCE_DIR "/models;");
    EXPECT_EQ(ended.code, 0) << ended.err;
    const std::string table = testing::read(path("out/qc.tsv"));
    return table.substr(table.find('\n') + 1);
  }

  void expect_said(const volume::Image& scan, const std::string& verdict,
                   const std::string& reason) const {
    const std::string said = said_of(scan);
    EXPECT_NE(said.find('\t' + verdict + '\t'), std::string::npos) << said;
    EXPECT_NE(said.find(reason), std::string::npos) << said;
  }

  volume::Image scan_;
};

TEST_F(RealQc, HasNothingAgainstTheScanAsItIs) {
  EXPECT_NE(said_of(scan_).find("\taccept\t"), std::string::npos);
}

TEST_F(RealQc, NamesNoise) {
  core::Random random(1);
  double mean = 0;
  for (const float v : scan_.data) mean += v;
  const double sigma = 0.4 * mean / static_cast<double>(scan_.data.size());
  for (float& v : scan_.data) {
    v = static_cast<float>(std::hypot(v + sigma * random.normal(), sigma * random.normal()));
  }
  expect_said(scan_, "look", "noise (");
}

/// Replicas a quarter of the field of view apart, as of a head that moves to and fro.
TEST_F(RealQc, NamesGhosts) {
  const volume::Image before = scan_;
  const auto& size = scan_.grid.size;
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      for (int i = 0; i < size[0]; ++i) {
        float sum = 0.6F * before.at(i, j, k);
        for (const int n : {1, 2, 3}) {
          sum += 0.13F * before.at(i, (j + n * size[1] / 4) % size[1], k);
        }
        scan_.at(i, j, k) = sum;
      }
    }
  }
  expect_said(scan_, "look", "tested on");
}

TEST_F(RealQc, NamesAPartThatIsCutOff) {
  volume::Grid shorter = scan_.grid;
  shorter.size[2] -= static_cast<int>(std::lround(60 / shorter.spacing[2]));
  volume::Image cut(shorter);
  std::copy_n(scan_.data.begin(), cut.data.size(), cut.data.begin());
  expect_said(cut, "look", "brain cut off at the end of the volume");
}

TEST_F(RealQc, RejectsAHeadUpsideDown) {
  volume::Image turned = scan_;
  const auto& size = scan_.grid.size;
  const std::size_t area = std::size_t(size[0]) * std::size_t(size[1]);
  for (int k = 0; k < size[2]; ++k) {
    std::copy_n(
        scan_.data.begin() + static_cast<std::ptrdiff_t>(std::size_t(k) * area), area,
        turned.data.begin() + static_cast<std::ptrdiff_t>(std::size_t(size[2] - 1 - k) * area));
  }
  expect_said(turned, "reject", "seems to lie upside down");
}

TEST_F(RealQc, RejectsAnotherSequence) {
  expect_said(read("T1w"), "reject", "has the brightness of a T1w");
}

}  // namespace
}  // namespace dawson::cli
