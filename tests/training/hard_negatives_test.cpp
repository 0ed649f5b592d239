#include "dawson/training/hard_negatives.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "dawson/core/error.h"
#include "dawson/nn/graph.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

constexpr int width = 41, height = 35;  // the network below wants even ones

/// Bright (byte 200, value 4) squares: a lesion, one that is none on slice `z_false`, and a single
/// pixel that is too small to count.
PooledScan scan_with_false_lesion(const std::string& participant, int slices, int z_false,
                                  int x_false) {
  PooledScan scan;
  cache::Entry& e = scan.entry;
  e = toy_entry(participant, slices, 2);
  e.size = {width, height, slices};
  e.channels.resize(1);
  scan.arrays.image.assign(e.voxels(), 100);
  scan.arrays.target.assign(e.voxels(), 0);
  const auto square = [&](std::vector<std::uint8_t>& array, int z, int x0, int y0, int side,
                          std::uint8_t value) {
    for (int y = y0; y < y0 + side; ++y) {
      for (int x = x0; x < x0 + side; ++x) {
        array[(static_cast<std::size_t>(z) * height + static_cast<std::size_t>(y)) * width +
              static_cast<std::size_t>(x)] = value;
      }
    }
  };
  for (int z = 0; z < slices; ++z) {
    scan.brain_slices.push_back(z);
    scan.target_slices.push_back(z);
    square(scan.arrays.image, z, 4, 4, 6, 200);
    square(scan.arrays.target, z, 4, 4, 5, 1);  // drawn a pixel too small: still on target
    square(scan.arrays.image, z, 37, 30, 1, 200);
  }
  if (z_false >= 0) square(scan.arrays.image, z_false, x_false, 20, 4, 200);
  return scan;
}

/// p > 0.5 where the value is above `threshold`; takes even sizes only.
nn::Graph brighter_than(float threshold) {
  const core::Json pixelwise = {{"channels", 1}, {"kernel", 1}};
  nn::Graph graph;
  const nn::NodeId in = graph.input(1);
  const nn::NodeId logit = graph.add("logit", "convolution", {in}, pixelwise);
  const nn::NodeId nothing = graph.add("nothing", "convolution", {in}, pixelwise);
  const nn::NodeId coarse = graph.add("coarse", "max_pool", {nothing}, {{"size", 2}});
  const nn::NodeId fine = graph.add("fine", "upsample_bilinear", {coarse}, {{"factor", 2}});
  graph.add("sum", "add", {logit, fine});
  nn::Tensors weights;
  weights["logit.weight"] = at::full({1, 1, 1, 1}, 3.0F);
  weights["logit.bias"] = at::full({1}, -3 * threshold);
  weights["nothing.weight"] = at::zeros({1, 1, 1, 1});
  weights["nothing.bias"] = at::zeros({1});
  graph.load(weights);
  return graph;
}

Pool pool_of(std::vector<PooledScan> scans) {
  bundle::SliceInput input;
  input.offsets_mm = {{0}};
  return {std::move(scans), input, 0.5};
}

HardNegatives found_in(const Pool& pool, float threshold, int slices = 400) {
  HardNegatives hard;
  Progress quiet(nullptr);
  hard.search(brighter_than(threshold), pool, slices, core::Random(1), quiet);
  return hard;
}

TEST(HardNegatives, AreTheFalseLesionsOfTheSlicesLookedAt) {
  std::vector<PooledScan> scans = {scan_with_false_lesion("sub-1", 7, 2, 20),
                                   scan_with_false_lesion("sub-2", 5, -1, 0),
                                   scan_with_false_lesion("sub-3", 6, 4, 28)};
  scans[2].weight = 0.25;
  const Pool pool = pool_of(std::move(scans));
  const HardNegatives hard = found_in(pool, 1);
  ASSERT_EQ(hard.places().size(), 2U);
  const HardPlace& first = hard.places()[0];
  const HardPlace& second = hard.places()[1];
  EXPECT_EQ(first.at.scan, 0U);
  EXPECT_EQ(first.at.z, 2);
  EXPECT_GE(first.at.x, 20);
  EXPECT_LT(first.at.x, 24);
  EXPECT_GE(first.at.y, 20);
  EXPECT_LT(first.at.y, 24);
  EXPECT_EQ(second.at.scan, 2U);
  EXPECT_EQ(second.at.z, 4);
  EXPECT_GE(second.at.x, 28);
  const double p = 1 / (1 + std::exp(-3 * (4 - 1)));  // value 4: byte 200
  EXPECT_NEAR(first.weight, p, 1e-5);
  EXPECT_NEAR(second.weight, 0.25 * p, 1e-5);
}

TEST(HardNegatives, AreForgottenWhenTheNetworkHasLearnedThem) {
  const Pool pool = pool_of({scan_with_false_lesion("sub-1", 7, 2, 20)});
  HardNegatives hard = found_in(pool, 1);
  ASSERT_EQ(hard.places().size(), 1U);
  Progress quiet(nullptr);
  hard.search(brighter_than(9), pool, 400, core::Random(2), quiet);
  EXPECT_TRUE(hard.places().empty());
  EXPECT_FALSE(hard.draw(core::Random(1), 1).has_value());
}

TEST(HardNegatives, ArePreservedWhereASearchDidNotLook) {
  const Pool pool = pool_of({scan_with_false_lesion("sub-1", 40, 2, 20)});
  const HardNegatives all = found_in(pool, 1);
  ASSERT_EQ(all.places().size(), 1U);
  int kept = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    HardNegatives hard = all;
    Progress quiet(nullptr);
    hard.search(brighter_than(9), pool, 1, core::Random(seed), quiet);
    kept += static_cast<int>(hard.places().size());
  }
  EXPECT_GE(kept, 17);  // one slice of forty is looked at
}

TEST(HardNegatives, AreDrawnByWeightInTheAskedShareOfDraws) {
  std::vector<PooledScan> scans = {scan_with_false_lesion("sub-1", 7, 2, 20),
                                   scan_with_false_lesion("sub-2", 6, 4, 28)};
  scans[1].weight = 3;
  const Pool pool = pool_of(std::move(scans));
  const HardNegatives hard = found_in(pool, 1);
  std::map<std::size_t, int> count;
  constexpr int draws = 4000;
  for (std::uint64_t i = 0; i < draws; ++i) {
    const auto place = hard.draw(core::Random(i), 0.4);
    if (place) ++count[place->scan];
  }
  EXPECT_NEAR(count[0], 0.1 * draws, 4 * std::sqrt(0.09 * draws));
  EXPECT_NEAR(count[1], 0.3 * draws, 4 * std::sqrt(0.21 * draws));
  EXPECT_FALSE(hard.draw(core::Random(1), 0).has_value());
}

TEST(HardNegatives, ComeBackFromACheckpointToTheLastBit) {
  const Pool pool = pool_of(
      {scan_with_false_lesion("sub-1", 7, 2, 20), scan_with_false_lesion("sub-2", 6, 4, 28)});
  const HardNegatives before = found_in(pool, 1.234F);
  const HardNegatives after =
      HardNegatives::from_json(core::Json::parse(before.to_json().dump()), pool);
  ASSERT_EQ(after.places().size(), before.places().size());
  for (std::size_t i = 0; i < before.places().size(); ++i) {
    EXPECT_EQ(after.places()[i].weight, before.places()[i].weight);
    EXPECT_EQ(after.places()[i].at.z, before.places()[i].at.z);
    EXPECT_EQ(after.places()[i].at.x, before.places()[i].at.x);
  }
  EXPECT_EQ(after.to_json(), before.to_json());
}

TEST(HardNegatives, RefuseAListThatIsNotOfThesePlaces) {
  const Pool pool = pool_of({scan_with_false_lesion("sub-1", 7, 2, 20)});
  for (const char* text : {"[[1, 0, 0, 0, 1.0]]", "[[0, 7, 0, 0, 1.0]]", "[[0, 0, 41, 0, 1.0]]",
                           "[[0, 0, 0, 0, 0]]", "[[0, 0]]", "[\"a\"]", "3"}) {
    try {
      (void)HardNegatives::from_json(core::Json::parse(text), pool);
      ADD_FAILURE() << text << " was read";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
    }
  }
}

}  // namespace
}  // namespace dawson::training
