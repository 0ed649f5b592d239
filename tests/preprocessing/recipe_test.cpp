#include "dawson/preprocessing/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"
#include "dawson/imaging/resample.h"
#include "support/made_bundles.h"
#include "support/made_sequences.h"

namespace dawson::preprocessing {
namespace {

using volume::operator*;
using volume::Grid;
using volume::Image;
using volume::Mask;

Recipe recipe(const RecipeSettings& settings) {
  return Recipe(settings, nullptr, made::atlas());
}

RecipeSettings quick() {
  return {.in_plane_mm = 2, .slice_mm = 2, .remove_bias = false};
}

Prepared prepare(const made::Head& made, const RecipeSettings& settings) {
  Progress progress;
  return recipe(settings).prepare(made.scan, {made.brain, false}, progress);
}

// A grid over the whole head as scanners and people make them: thin or thick slices, oblique,
// axes in any order and direction.
Grid random_grid(core::Random& random) {
  const bool thick = random.chance(0.5);
  const double fine = random.uniform(1.2, 2.5);
  const double coarse = thick ? random.uniform(4, 7) : fine * random.uniform(1, 1.3);
  const Grid upright = test::centred(
      {static_cast<int>(180 / fine), static_cast<int>(216 / fine), static_cast<int>(208 / coarse)},
      {fine, fine, coarse},
      test::turn(0, random.uniform(-20, 20)) * test::turn(1, random.uniform(-10, 10)) *
          test::turn(2, random.uniform(-20, 20)));
  volume::Index3 order{0, 1, 2};
  std::swap(order[2], order[random.below(3)]);
  std::swap(order[1], order[random.below(2)]);
  return test::stored_otherwise(upright, order,
                                {random.chance(0.5), random.chance(0.5), random.chance(0.5)});
}

/// Mask voxels with a neighbour of the other kind (26 of them), on either side of the edge.
Mask edge_of(const Mask& mask) {
  Mask edge(mask.grid);
  const auto& n = mask.grid.size;
  for (int k = 0; k < n[2]; ++k) {
    for (int j = 0; j < n[1]; ++j) {
      for (int i = 0; i < n[0]; ++i) {
        for (int d = 0; d < 27; ++d) {
          const int x = i + d % 3 - 1;
          const int y = j + d / 3 % 3 - 1;
          const int z = k + d / 9 - 1;
          if (mask.grid.contains(x, y, z) && mask.at(x, y, z) != mask.at(i, j, k)) {
            edge.at(i, j, k) = 1;
          }
        }
      }
    }
  }
  return edge;
}

// The resampling error that is stated: voxels away from a mask's edge come back as they were, and
// of the whole mask at least 0.95 (Dice) and 97 % of its volume do, for balls of 18 mm and more.
TEST(Recipe, RestoresAMaskOnAnyGridButForItsEdge) {
  core::Random random(11);
  for (int round = 0; round < 4; ++round) {
    const made::Head made =
        made::head(random_grid(random), {{{-28, 10, 14}, 12}, {{30, -16, 22}, 9}});
    const Prepared prepared =
        prepare(made, {.in_plane_mm = 1, .slice_mm = 1, .remove_bias = false});
    const Mask carried = Recipe::carry(made.lesions, prepared.grid);
    const Image restored =
        Recipe::restore(prepared, std::vector<float>(carried.data.begin(), carried.data.end()));
    ASSERT_TRUE(volume::same_grid(restored.grid, made.scan.grid));
    Mask back(restored.grid);
    const Mask edge = edge_of(made.lesions);
    double before = 0;
    double after = 0;
    for (std::size_t v = 0; v < back.data.size(); ++v) {
      back.data[v] = restored.data[v] >= 0.5F ? 1 : 0;
      before += made.lesions.data[v];
      after += back.data[v];
      ASSERT_TRUE(back.data[v] == made.lesions.data[v] || edge.data[v] != 0)
          << "round " << round << ", voxel " << v << " of " << made.scan.grid.orientation();
    }
    EXPECT_GE(made::dice(back, made.lesions), 0.95) << "round " << round;
    EXPECT_NEAR(after / before, 1, 0.03) << "round " << round;
  }
}

TEST(Recipe, PreparesTheSameWhicheverWayTheArrayIsStored) {
  const Grid upright = made::coarse_grid();
  const Prepared before = prepare(made::head(upright), quick());
  made::Head other = made::head(upright);
  const Grid stored = test::stored_otherwise(upright, {2, 0, 1}, {true, false, true});
  other.scan = imaging::resample_linear(other.scan, stored);
  other.brain = imaging::resample_nearest(other.brain, stored);
  const Prepared after = prepare(other, quick());
  ASSERT_TRUE(volume::same_grid(after.grid, before.grid));
  double largest = 0;
  for (std::size_t v = 0; v < before.grid.voxels(); ++v) {  // the scan's channel
    largest = std::max<double>(largest, std::abs(before.stack.values[v] - after.stack.values[v]));
  }
  EXPECT_LT(largest, 0.02);
}

TEST(Recipe, DoesNotDependOnScaleAndOffset) {
  made::Head made = made::head(made::coarse_grid());
  const Prepared before = prepare(made, quick());
  for (float& v : made.scan.data) v = 0.04F * v - 70;
  const Prepared after = prepare(made, quick());
  ASSERT_EQ(after.stack.values.size(), before.stack.values.size());
  for (std::size_t v = 0; v < before.stack.values.size(); ++v) {
    ASSERT_NEAR(after.stack.values[v], before.stack.values[v], 2e-3);
  }
}

TEST(Recipe, DoesNotDependOnScaleWhereTheBiasFieldIsRemoved) {
  RecipeSettings settings = quick();
  settings.remove_bias = true;
  made::Head made = made::head(made::coarse_grid());
  const Prepared before = prepare(made, settings);
  for (float& v : made.scan.data) v *= 16;
  const Prepared after = prepare(made, settings);
  double largest = 0;
  for (std::size_t v = 0; v < before.stack.values.size(); ++v) {
    largest = std::max<double>(largest, std::abs(before.stack.values[v] - after.stack.values[v]));
  }
  EXPECT_LT(largest, 0.05);
}

TEST(Recipe, RemovesABiasField) {
  RecipeSettings settings = quick();
  made::Head made = made::head(made::coarse_grid());
  const Prepared flat = prepare(made, settings);
  const Grid& grid = made.scan.grid;
  for (std::size_t v = 0; v < made.scan.data.size(); ++v) {
    const int i = static_cast<int>(v % grid.size[0]);
    made.scan.data[v] *= static_cast<float>(1 + 0.5 * (i - grid.size[0] / 2) / grid.size[0]);
  }
  const auto difference = [&](const Prepared& p) {
    double sum = 0;
    for (std::size_t v = 0; v < p.grid.voxels(); ++v) {
      sum += std::abs(p.stack.values[v] - flat.stack.values[v]);
    }
    return sum;
  };
  const double kept = difference(prepare(made, settings));
  settings.remove_bias = true;
  EXPECT_LT(difference(prepare(made, settings)), 0.6 * kept);
}

TEST(Recipe, IsConstantOutsideTheBrainAndCentredInIt) {
  const made::Head made = made::head(made::coarse_grid());
  const Prepared prepared = prepare(made, quick());
  const Mask brain = Recipe::carry(made.brain, prepared.grid);
  // 2 mm are kept beyond the mask; a 4 mm voxel of the scan blurs the edge by as much again.
  const Mask near = imaging::dilate_mm(brain, 10);
  std::vector<float> inside;
  for (std::size_t v = 0; v < near.data.size(); ++v) {
    if (near.data[v] == 0) {
      ASSERT_EQ(prepared.stack.values[v], anatomy::lowest_intensity);
    }
    if (brain.data[v] != 0) inside.push_back(prepared.stack.values[v]);
    ASSERT_GE(prepared.stack.values[v], anatomy::lowest_intensity);
    ASSERT_LE(prepared.stack.values[v], anatomy::highest_intensity);
  }
  std::nth_element(inside.begin(), inside.begin() + inside.size() / 2, inside.end());
  EXPECT_NEAR(inside[inside.size() / 2], 0, 0.2);
}

TEST(Recipe, SecondChannelIsTheLesionFrequencyOfThePlace) {
  const made::Head made = made::head(made::coarse_grid());
  const Prepared prepared = prepare(made, quick());
  ASSERT_EQ(prepared.stack.channels, 2);
  const std::size_t voxels = prepared.grid.voxels();
  const auto first = prepared.stack.values.begin() + static_cast<std::ptrdiff_t>(voxels);
  const auto [low, high] = std::minmax_element(first, prepared.stack.values.end());
  EXPECT_EQ(*low, 0);
  EXPECT_GT(*high, 0.8F);
  // Lesions are frequent beside the ventricles and unknown at the brain's outer edge.
  const volume::Vector3 edge = prepared.grid.to_index({0, 80, 0});
  EXPECT_LT(*(first + static_cast<std::ptrdiff_t>(prepared.grid.offset(
                          std::lround(edge[0]), std::lround(edge[1]), std::lround(edge[2])))),
            0.2F);
}

TEST(Recipe, ReachesOneMarginBeyondTheBrain) {
  const made::Head made = made::head(made::coarse_grid());
  const Prepared prepared = prepare(made, quick());
  EXPECT_NEAR(prepared.grid.origin[0], -66 - 10, 4);  // the brain's left end, mm
  EXPECT_NEAR(prepared.grid.origin[1], -84 - 10, 4);
}

TEST(Recipe, ComesBackFromItsJson) {
  RecipeSettings settings{.in_plane_mm = 1.25, .slice_mm = 2.5, .margin_mm = 7};
  settings.remove_bias = false;
  const core::Json json = recipe(settings).to_json();
  EXPECT_EQ(Recipe::from_json(json, nullptr, made::atlas()).to_json(), json);
  EXPECT_EQ(json.at("in_plane_mm"), 1.25);
}

TEST(Recipe, RefusesAnotherKindVersionOrAtlas) {
  const core::Json json = recipe({}).to_json();
  const auto refused = [&](const char* key, const core::Json& value) {
    core::Json other = json;
    other[key] = value;
    try {
      Recipe::from_json(other, nullptr, made::atlas());
    } catch (const Error& e) {
      return e.code() == ExitCode::model;
    }
    return false;
  };
  EXPECT_TRUE(refused("kind", "head"));
  EXPECT_TRUE(refused("version", 2));
  EXPECT_TRUE(refused("atlas_sha256", std::string(64, '0')));
}

TEST(Recipe, RefusesScansThatShowNothing) {
  Progress progress;
  const auto finder = std::make_shared<const anatomy::BrainFinder>(made::brain_bundle());
  const Recipe whole(quick(), finder, made::atlas());
  EXPECT_THROW(static_cast<void>(whole.prepare(Image(made::coarse_grid(), 3.0F), progress)), Error);
  EXPECT_THROW(
      static_cast<void>(recipe(quick()).prepare(made::head(made::coarse_grid()).scan, progress)),
      Error);  // no brain given, and nobody to find it
}

TEST(Recipe, OfAFlairAloneIsStoredAsItEverWas) {
  const core::Json json = recipe(quick()).to_json();
  EXPECT_EQ(json.at("version"), 1);
  EXPECT_EQ(json.at("channels"), (core::Json{"FLAIR", "lesion_frequency"}));
}

TEST(Recipe, OfSeveralSequencesIsReadBackAndRefusedByOlderVersions) {
  RecipeSettings settings = quick();
  settings.sequences = {"T1w", "T2w"};
  const core::Json json = recipe(settings).to_json();
  EXPECT_EQ(json.at("version"), 2);  // version 1 is all that older ones take
  const Recipe back = Recipe::from_json(json, nullptr, made::atlas());
  EXPECT_EQ(back.sequences(), settings.sequences);
  EXPECT_EQ(back.to_json(), json);
  core::Json unknown = json;
  unknown["channels"] = {"FLAIR", "SWI", "lesion_frequency"};
  EXPECT_THROW(Recipe::from_json(unknown, nullptr, made::atlas()), Error);
}

TEST(Recipe, SequencesAreNamedInAnyOrderAndOnlyOnce) {
  EXPECT_EQ(sequences_named("T2w,T1w"), (std::vector<std::string>{"T1w", "T2w"}));
  EXPECT_EQ(sequences_named("T2w"), (std::vector<std::string>{"T2w"}));
  EXPECT_THROW(sequences_named("FLAIR"), Error);
  EXPECT_THROW(sequences_named("T1w,T1w"), Error);
}

/// The stack's values of one channel.
std::vector<float> channel(const Prepared& prepared, int index) {
  const auto first =
      prepared.stack.values.begin() + static_cast<std::ptrdiff_t>(index * prepared.grid.voxels());
  return {first, first + static_cast<std::ptrdiff_t>(prepared.grid.voxels())};
}

TEST(Recipe, BringsAT1wToTheFlairWhereverItLies) {
  RecipeSettings settings = quick();
  settings.in_plane_mm = settings.slice_mm = 4;
  settings.sequences = {"T1w"};
  const made::Head made = made::head(test::centred({64, 76, 70}, {3, 3, 3}));
  const auto prepared = [&](const Image& t1w) {
    Progress progress;
    const Prepared p =
        recipe(settings).prepare({made.scan, {{"T1w", t1w}}}, {made.brain, false}, progress);
    EXPECT_TRUE(progress.warnings().empty());
    return p;
  };
  const Image t1w = made::t1w(made.scan);
  const Prepared before = prepared(t1w);
  ASSERT_EQ(before.stack.channels, 3);
  EXPECT_EQ(before.sequences, (std::vector<std::string>{"FLAIR", "T1w"}));
  const Prepared after = prepared(made::displaced(t1w, {test::turn(1, 10), {-15, 8, 12}}));
  // The FLAIR and the frequency are what they are without a T1w.
  Progress quiet;
  const Prepared alone = recipe({.in_plane_mm = 4, .slice_mm = 4, .remove_bias = false})
                             .prepare(made.scan, {made.brain, false}, quiet);
  EXPECT_EQ(channel(before, 0), channel(alone, 0));
  EXPECT_EQ(channel(before, 2), channel(alone, 1));
  const std::vector<float> a = channel(before, 1);
  const std::vector<float> b = channel(after, 1);
  double sum = 0;
  double count = 0;
  for (std::size_t v = 0; v < a.size(); ++v) {
    if (a[v] <= -4.9F || b[v] <= -4.9F) continue;
    sum += std::abs(a[v] - b[v]);
    ++count;
  }
  EXPECT_GT(count, 15000);       // 1.1 l of brain are 17,000 voxels of 4 mm
  EXPECT_LT(sum / count, 0.25);  // in deviations of the brain
  EXPECT_GT(*std::max_element(a.begin(), a.end()), 1);
}

TEST(Recipe, AMissingSequenceIsWhatTrainingCallsMissing) {
  RecipeSettings settings = quick();
  settings.sequences = {"T1w", "T2w"};
  const made::Head made = made::head(made::coarse_grid());
  Progress progress;
  const Prepared p = recipe(settings).prepare({made.scan, {{"T2w", Image(made.scan.grid, 4.0F)}}},
                                              {made.brain, false}, progress);
  ASSERT_EQ(p.stack.channels, 4);
  EXPECT_EQ(p.sequences, (std::vector<std::string>{"FLAIR"}));
  for (const int missing : {1, 2}) {
    for (const float v : channel(p, missing)) ASSERT_EQ(v, -5.0F);
  }
  ASSERT_EQ(progress.warnings().size(), 1U);  // of the T2w; what is not there needs no word
  EXPECT_EQ(progress.warnings().front(),
            "the T2w is left out: the image is constant: it shows nothing");
}

TEST(CacheEntry, StoresEveryChannelToHalfAStep) {
  const made::Head made = made::head(made::coarse_grid());
  const Prepared prepared = prepare(made, quick());
  cache::Entry entry;
  cache::Arrays arrays;
  fill_cache_entry(prepared.stack, prepared.channels, prepared.grid,
                   Recipe::carry(made.lesions, prepared.grid),
                   Recipe::carry(made.brain, prepared.grid), entry, arrays);
  ASSERT_EQ(entry.channels.size(), 2U);
  ASSERT_EQ(arrays.image.size(), prepared.stack.values.size());
  EXPECT_EQ(arrays.target.size(), prepared.grid.voxels());
  EXPECT_EQ(entry.affine, prepared.grid.affine());
  for (std::size_t v = 0; v < arrays.image.size(); ++v) {
    const cache::Channel& c = entry.channels[v / prepared.grid.voxels()];
    ASSERT_NEAR(c.offset + c.scale * arrays.image[v], prepared.stack.values[v],
                0.5 * c.scale + 1e-5);
  }
}

}  // namespace
}  // namespace dawson::preprocessing
