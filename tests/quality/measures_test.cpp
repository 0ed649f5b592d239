#include "dawson/quality/measures.h"

#include <gtest/gtest.h>

#include <map>

#include "dawson/core/random.h"
#include "dawson/imaging/morphology.h"
#include "dawson/quality/reference.h"
#include "support/made_head.h"

namespace dawson::quality {
namespace {

using Values = std::map<std::string, std::optional<double>>;

Values values_of(const volume::Image& scan, const volume::Mask& brain, bool was_stripped = false,
                 const std::vector<double>& histogram = {}) {
  Progress progress;
  const Looked looked = look_at(scan, brain, was_stripped, histogram, progress);
  EXPECT_EQ(looked.values.size(), measures().size());
  Values values;
  for (std::size_t m = 0; m < looked.values.size(); ++m) {
    EXPECT_TRUE(values.emplace(measures()[m].name, looked.values[m]).second);
  }
  return values;
}

class QualityMeasures : public ::testing::Test {
 protected:
  /// The head changed voxel by voxel.
  template <typename Change>
  [[nodiscard]] Values after(const Change& change) const {
    volume::Image scan = head_.scan;
    for (int k = 0; k < scan.grid.size[2]; ++k) {
      for (int j = 0; j < scan.grid.size[1]; ++j) {
        for (int i = 0; i < scan.grid.size[0]; ++i) {
          scan.at(i, j, k) = change(scan.at(i, j, k), i, j, k);
        }
      }
    }
    return values_of(scan, head_.brain);
  }

  made::Head head_ = made::head(made::coarse_grid());
  Values plain_ = values_of(head_.scan, head_.brain);
};

TEST_F(QualityMeasures, DoNotDependOnTheIntensitiesScale) {
  for (const auto& [name, value] : after([](float x, int, int, int) { return 37 * x; })) {
    ASSERT_EQ(value.has_value(), plain_.at(name).has_value()) << name;
    if (value) {
      EXPECT_NEAR(*value, *plain_.at(name), 1e-3 * std::abs(*value) + 1e-6) << name;
    }
  }
}

TEST_F(QualityMeasures, NoiseIsWhatWasAdded) {
  core::Random random(3);
  const Values noisy = after([&](float x, int, int, int) {
    return std::abs(x + 8 * static_cast<float>(random.normal()));
  });
  EXPECT_NEAR(*noisy.at("noise"), 0.08, 0.008);
  EXPECT_GT(*noisy.at("noise"), 2 * *plain_.at("noise"));
  EXPECT_LT(*noisy.at("snr_air"), 0.5 * *plain_.at("snr_air"));
  EXPECT_LT(*noisy.at("fber"), 0.5 * *plain_.at("fber"));
}

TEST_F(QualityMeasures, BlurIsThatOfSmoothedNoise) {
  core::Random random(4);
  volume::Image scan(made::coarse_grid());
  for (float& x : scan.data) x = static_cast<float>(random.normal());
  const double fwhm = 16;  // four voxels
  scan = imaging::smooth(scan, fwhm / 2.3548);
  for (float& x : scan.data) x = 100 + 50 * x;
  EXPECT_NEAR(*values_of(scan, head_.brain, true).at("fwhm_mm"), fwhm, 0.1 * fwhm);
  EXPECT_GT(*values_of(imaging::smooth(head_.scan, 4), head_.brain).at("fwhm_mm"),
            1.1 * *plain_.at("fwhm_mm"));
}

TEST_F(QualityMeasures, UnevennessGrowsWithTheField) {
  const auto with_field = [&](float strength) {
    return *after([&](float x, int i, int, int) {
              return x * (1 + strength * (static_cast<float>(i) / 24 - 1));
            }).at("inu");
  };
  EXPECT_LT(*plain_.at("inu"), with_field(0.3F));
  EXPECT_LT(with_field(0.3F), with_field(0.6F));
}

TEST_F(QualityMeasures, JumpsAreThoseOfTheSlices) {
  const Values jumping =
      after([](float x, int, int, int k) { return k % 2 == 0 ? 1.1F * x : 0.9F * x; });
  EXPECT_NEAR(*jumping.at("slice_jumps"), 0.2, 0.03);
  EXPECT_LT(*plain_.at("slice_jumps"), 0.02);
}

TEST_F(QualityMeasures, GhostsStandInTheAir) {
  const made::Head wide = made::head(test::centred({64, 80, 52}, {4, 4, 4}));
  const auto with_ghost = [&](float strength) {  // the edge of one: bright rows behind the head
    core::Random random(5);
    volume::Image scan = wide.scan;
    for (std::size_t v = 0; v < scan.data.size(); ++v) {
      const float seen = scan.data[v] + ((v / 64) % 80 < 8 ? strength : 0);
      scan.data[v] = std::hypot(seen + 2 * static_cast<float>(random.normal()),
                                2 * static_cast<float>(random.normal()));
    }
    return values_of(scan, wide.brain);
  };
  const Values noisy = with_ghost(0), ghosted = with_ghost(10);
  EXPECT_LT(*noisy.at("qi1"), 0.01);
  EXPECT_GT(*ghosted.at("qi1"), 0.05);
  EXPECT_GT(*ghosted.at("efc"), *noisy.at("efc"));
}

TEST_F(QualityMeasures, ABrainThatIsCutOffEndsWithTheVolume) {
  EXPECT_EQ(*plain_.at("cut_percent"), 0);
  volume::Grid lower = head_.scan.grid;
  lower.size[2] = 34;  // the origin stays: the top is missing
  const made::Head cut = made::head(lower);
  const Values values = values_of(cut.scan, cut.brain);
  EXPECT_GT(*values.at("cut_percent"), 5);
  EXPECT_LT(*values.at("brain_ml"), *plain_.at("brain_ml"));
}

TEST_F(QualityMeasures, OfAirAreNoneWhereThereIsNone) {
  const made::Head stripped = made::stripped_head(made::coarse_grid());
  const Values without = values_of(stripped.scan, stripped.brain, true);
  const Values blanked = after([](float x, int, int, int) { return x < 5 ? 0 : x; });
  for (const char* name : {"efc", "fber", "snr_air", "qi1"}) {
    EXPECT_TRUE(plain_.at(name)) << name;
    EXPECT_FALSE(without.at(name)) << name;
    EXPECT_FALSE(blanked.at(name)) << name;
  }
  EXPECT_TRUE(without.at("noise"));
}

TEST_F(QualityMeasures, BrightDepthsAndBrightFluidAreOfOtherSequences) {
  const auto sequence = [&](const auto& change) {
    volume::Image scan = head_.scan;
    const volume::Image depth = imaging::distance_to_mm([&] {
      volume::Mask outside = head_.brain;
      for (auto& v : outside.data) v = v == 0;
      return outside;
    }());
    for (std::size_t v = 0; v < scan.data.size(); ++v)
      scan.data[v] = change(scan.data[v], depth.data[v]);
    Progress progress;
    return other_sequence(look_at(scan, head_.brain, false, {}, progress));
  };
  EXPECT_EQ(sequence([](float x, float depth) { return depth > 12 ? x + 30 : x; }), "a T1w");
  EXPECT_EQ(sequence([](float x, float depth) { return depth > 30 ? 3 * x : x; }), "a T2w");
  // Cortex brighter than the depths, fluid dark: a FLAIR.
  EXPECT_EQ(sequence([](float x, float depth) {
              return depth > 33 ? 0.3F * x : depth < 10 ? x + 12 : x;
            }),
            "");
}

TEST_F(QualityMeasures, HistogramsLieAsFarApartAsTheyWereMoved) {
  Progress progress;
  const Looked looked = look_at(head_.scan, head_.brain, false, {}, progress);
  double sum = 0;
  for (const double share : looked.histogram) sum += share;
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_FALSE(plain_.at("histogram_distance"));
  std::vector<double> moved(looked.histogram);
  std::rotate(moved.begin(), moved.begin() + 4, moved.end());  // four empty bins go to the end
  const Values values = values_of(head_.scan, head_.brain, false, moved);
  EXPECT_NEAR(*values.at("histogram_distance"), 4 * 0.25, 1e-6);
}

}  // namespace
}  // namespace dawson::quality
