#include "dawson/training/validation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "dawson/core/json.h"
#include "support/temporary_folder.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

/// Rows of 12 pixels of 1 mm³; a letter a lesion voxel.
std::vector<std::uint8_t> row(const std::string& text) {
  std::vector<std::uint8_t> mask;
  for (const char c : text) mask.push_back(c == '.' ? 0 : 1);
  return mask;
}

LesionScores score(const std::string& reference, const std::string& prediction) {
  cache::Entry entry;
  entry.size = {static_cast<int>(reference.size()), 1, 1};
  entry.spacing_mm = {1, 1, 1};
  return score_lesions(row(reference), row(prediction), entry);
}

TEST(ValidationLesions, AreFoundWhereATenthIsCovered) {
  // Lesions of 4, 10 and 11 mm³, of which 0, 1 and 1 are covered: the second alone by 10 %.
  const LesionScores s = score("xxxx..xxxxxxxxxx..xxxxxxxxxxx", "......x...........x..........");
  EXPECT_NEAR(s.sensitivity, 1.0 / 3, 1e-12);
  EXPECT_EQ(s.f1, 0);  // single voxels are no lesions: nothing was predicted that counts
}

TEST(ValidationLesions, GiveTheHarmonicMeanOfBothSides) {
  // Two of the reference, one found; three predicted of which one is true.
  const LesionScores s = score("xxx...xxx............", "xxx..........xxx..xxx");
  EXPECT_NEAR(s.sensitivity, 0.5, 1e-12);
  EXPECT_NEAR(s.f1, 2 * 0.5 * (1.0 / 3) / (0.5 + 1.0 / 3), 1e-12);
  EXPECT_NEAR(score("xxx", "xxx").f1, 1, 1e-12);
  EXPECT_EQ(score("xxx....", "....xxx").f1, 0);
}

TEST(ValidationLesions, AreUndefinedWhereTheReferenceHasNone) {
  // Two voxels of 1 mm³ do not count.
  EXPECT_TRUE(std::isnan(score("xx....", "xx.xxx").sensitivity));
  EXPECT_TRUE(std::isnan(score("xx....", "xx.xxx").f1));
  EXPECT_EQ(score("xxx...", "......").f1, 0);
}

class Sight : public ::testing::Test {
 protected:
  static PooledScan scan(const std::string& patient, const std::string& stem,
                         const std::vector<int>& target_pixels, double spacing_mm = 6) {
    PooledScan s;
    s.entry = toy_entry(patient, static_cast<int>(target_pixels.size()), spacing_mm);
    s.entry.stem = stem;
    s.arrays = toy_arrays(s.entry, core::Random(1));
    s.arrays.target.assign(s.entry.voxels(), 0);
    const std::size_t area = s.entry.voxels() / target_pixels.size();
    for (std::size_t z = 0; z < target_pixels.size(); ++z) {
      const auto first = s.arrays.target.begin() + static_cast<std::ptrdiff_t>(z * area);
      std::fill(first, first + target_pixels[z], 1);
      if (target_pixels[z] > 0) s.target_slices.push_back(static_cast<int>(z));
    }
    return s;
  }
};

TEST_F(Sight, PicksTheSlicesOfEachPatientWithMostTarget) {
  const std::vector<PooledScan> scans = {scan("sub-1", "a", {0, 5, 9, 7}),
                                         scan("sub-2", "b", {3, 0, 0, 0}),
                                         scan("sub-1", "c", {8, 1, 0, 0})};
  const std::vector<SlicePick> picks = pick_slices(scans, 2);
  ASSERT_EQ(picks.size(), 3U);
  EXPECT_EQ(picks[0].scan, 0U);
  EXPECT_EQ(picks[0].slice, 2);
  EXPECT_EQ(picks[1].scan, 2U);  // the same patient's other visit
  EXPECT_EQ(picks[1].slice, 0);
  EXPECT_EQ(picks[2].scan, 1U);
  EXPECT_EQ(picks[2].target_pixels, 3U);
  EXPECT_TRUE(pick_slices(scans, 0).empty());
  EXPECT_TRUE(pick_slices({}, 3).empty());
}

TEST_F(Sight, TakesNoSecondSliceNextToAnother) {
  const auto picks = pick_slices({scan("sub-1", "a", {9, 8, 7, 6, 5, 4}, /*spacing_mm=*/2)}, 3);
  ASSERT_EQ(picks.size(), 2U);  // 0 and 3 are 6 mm apart; 1, 2, 4 and 5 are nearer to one of them
  EXPECT_EQ(picks[1].slice, 3);
}

TEST_F(Sight, KeepsFewSlicesOfManyPatients) {
  std::vector<PooledScan> scans;
  for (int p = 10; p < 40; ++p) scans.push_back(scan("sub-" + std::to_string(p), "s", {4, 4, 4}));
  const auto picks = pick_slices(scans, 3, 24);
  EXPECT_EQ(picks.size(), 24U);
  std::map<std::size_t, int> of_scan;
  for (const SlicePick& p : picks) EXPECT_EQ(++of_scan[p.scan], 1);
}

TEST_F(Sight, TurnsSlicesAsDoctorsReadThem) {
  PooledScan s = scan("sub-1", "a", {1});
  const std::size_t width = 40, height = 36;
  s.arrays.image.assign(s.arrays.image.size(), 0);
  s.arrays.image[0] = 200;  // the voxel at the lowest x and y
  std::vector<float> p(s.entry.voxels(), 0.0F);
  p[0] = 0.5F;
  const auto fill = [&] {
    SliceSet set = frame_slices({s}, {{0, 0, 1}});
    fill_slice(set, 0, s, 0, p);
    return set;
  };
  // x to the right, y to the front: the lowest is left and at the back, so right and down.
  SliceSet set = fill();
  ASSERT_EQ(set.height, height);
  ASSERT_EQ(set.width, width);
  const std::size_t last = width * height - 1;
  EXPECT_EQ(set.bytes[last], 200);
  EXPECT_EQ(set.bytes[width * height + last], 128);  // 127.5, rounded
  EXPECT_EQ(set.bytes[2 * width * height + last], 1);
  // x to the left, y to the back (LPS): as it lies.
  s.entry.affine = {{{-1, 0, 0, 0}, {0, -1, 0, 0}, {0, 0, 1, 0}}};
  set = fill();
  EXPECT_EQ(set.bytes[0], 200);
  EXPECT_EQ(set.bytes[last], 0);
}

TEST_F(Sight, ReplacesWhatAnEarlierEpochLeft) {
  const dawson::testing::TemporaryFolder folder;
  const PooledScan s = scan("sub-1", "a", {1, 0, 5});
  for (const int iteration : {100, 200}) {
    SliceSet set = frame_slices({s}, pick_slices({s}, iteration / 100));
    write_slices(folder.path(), set, iteration);
    const core::Json about = core::read_json(folder / "validation" / "slices.json");
    EXPECT_EQ(about.at("iteration"), iteration);
    EXPECT_EQ(about.at("slices").size(), static_cast<std::size_t>(iteration / 100));
  }
  EXPECT_EQ(folder.contents(),
            (std::set<std::string>{"validation", "validation/slices.json", "validation/slices.npy"}));
}

}  // namespace
}  // namespace dawson::training
