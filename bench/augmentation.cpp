// Every random change of training on a slice of a prepared head: pictures, and what each costs.
#include "dawson/training/augmentation.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bench/panels.h"
#include "dawson/bundle/bundle.h"
#include "dawson/core/error.h"
#include "dawson/core/progress.h"
#include "dawson/nn/graph.h"
#include "dawson/training/hard_negatives.h"
#include "dawson/training/lesion_places.h"

namespace {

using namespace dawson;
using bench::Panels;
using training::AugmentationSettings;

struct Change {
  const char* name;
  double weak, strong;
  std::function<void(AugmentationSettings&, double)> set;
};

/// The strengths that docs/augmentation.md shows.
const std::vector<Change>& changes() {
  using A = AugmentationSettings;
  static const std::vector<Change> all = {
      {"rotation", 8, 15, [](A& a, double x) { a.rotation_degrees = x; }},
      {"scale", 0.08, 0.15, [](A& a, double x) { a.scale = x; }},
      {"flip", 1, 1, [](A& a, double x) { a.flip_probability = x; }},
      {"elastic", 3, 8, [](A& a, double x) { a.elastic_mm = x; }},
      {"gain", 0.1, 0.3, [](A& a, double x) { a.gain = x; }},
      {"shift", 0.3, 0.8, [](A& a, double x) { a.shift = x; }},
      {"tone", 0.3, 0.6, [](A& a, double x) { a.tone = x; }},
      {"gamma", 0.15, 0.4, [](A& a, double x) { a.gamma = x; }},
      {"tissue", 0.3, 0.8, [](A& a, double x) { a.tissue = x; }},
      {"bias", 0.12, 0.3, [](A& a, double x) { a.bias = x; }},
      {"blur", 0.8, 1.5, [](A& a, double x) { a.blur_mm = x; }},
      {"coarse", 1, 1, [](A& a, double x) { a.coarse_probability = x; }},
      {"noise", 0.3, 0.8, [](A& a, double x) { a.noise = x; }},
      {"rician", 0.3, 0.8,
       [](A& a, double x) {
         a.noise = x;
         a.rician_probability = 1;
       }},
      {"ghosting", 1.5, 5, [](A& a, double x) { a.ghosting_mm = x; }},
      {"fade", 0.3, 0.7,
       [](A& a, double x) {
         a.lesion_fade = x;
         a.lesion_fade_probability = 1;
       }},
      {"removal", 1, 1, [](A& a, double x) { a.lesion_removal_probability = x; }},
      {"neighbours", 1, 1, [](A& a, double x) { a.neighbour_dropout = x; }},
  };
  return all;
}

AugmentationSettings none() {
  AugmentationSettings a;
  for (double* strength :
       {&a.rotation_degrees, &a.scale, &a.flip_probability, &a.thick_probability, &a.gain, &a.shift,
        &a.tone, &a.bias, &a.noise, &a.blur_mm, &a.coarse_probability}) {
    *strength = 0;
  }
  return a;
}

struct Head {
  training::Pool pool;
  training::ChannelRoles roles;
  training::DrawnSlice slice;  ///< the one with most target, the patch in its middle
  int z = 0;
};

/// The slice with most target, and the pool it is from.
Head open(const std::string& folder) {
  const cache::Cache cache = cache::Cache::open(folder);
  bundle::SliceInput input;
  input.offsets_mm = {{-3, 0, 3}};
  input.offsets_mm.resize(cache.entries().front().channels.size(), {0});
  training::Sampling sampling;
  sampling.lesion_channels = true;
  training::Pool pool(training::load_scans(cache, {}, 1), input, sampling);
  training::DrawnSlice best;
  int best_z = 0;
  double most = -1;
  for (const int z : pool.scans().front().target_slices) {
    training::DrawnSlice slice = pool.cut(0, z);
    double sum = 0;
    for (const float t : slice.target) sum += t;
    if (sum <= most) continue;
    most = sum;
    best = std::move(slice);
    best_z = z;
  }
  training::ChannelRoles roles = training::channel_roles(cache.entries().front(), input);
  return {std::move(pool), std::move(roles), std::move(best), best_z};
}

training::Patch changed(const Head& head, const Change& change, double strength, int patch,
                        std::uint64_t seed) {
  AugmentationSettings settings = none();
  change.set(settings, strength);
  core::Random random(seed);
  return training::augmented(head.slice, settings, patch, head.roles, random);
}

/// Of the seeds 0 … 39 the one whose draw at full strength is stronger than four in five.
std::uint64_t telling_seed(const Head& head, const Change& change, int patch,
                           const training::Patch& before) {
  std::vector<std::pair<double, std::uint64_t>> by_difference;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const training::Patch after = changed(head, change, change.strong, patch, seed);
    const double difference = (after.image - before.image).abs().mean().item<double>();
    if (difference > 1e-4) by_difference.emplace_back(difference, seed);
  }
  std::sort(by_difference.begin(), by_difference.end());
  return by_difference.at(by_difference.size() * 4 / 5).second;
}

/// The slice as slabs of uniform(2, `thick_max_mm`) show it, its patch in the middle.
training::Patch thickened(const Head& head, double thick_max_mm, int patch, std::uint64_t seed) {
  core::Random random(seed);
  training::DrawnSlice slice =
      head.pool.draw(random, 1, thick_max_mm, training::PlaceInScan{0, head.z, 0, 0});
  slice.centre_x = head.slice.centre_x;
  slice.centre_y = head.slice.centre_y;
  return training::augmented(slice, none(), patch, head.roles, random);
}

void draw_thick(const Head& head, const training::Patch& before, int patch,
                const std::string& folder) {
  std::vector<std::pair<double, std::uint64_t>> by_difference;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const training::Patch after = thickened(head, 7, patch, seed);
    by_difference.emplace_back((after.image - before.image).abs().mean().item<double>(), seed);
  }
  std::sort(by_difference.begin(), by_difference.end());
  const std::uint64_t seed = by_difference.at(by_difference.size() * 4 / 5).second;
  Panels panels(patch);
  panels.add(before, 1);
  panels.add(thickened(head, 3, patch, seed), 1);
  panels.add(thickened(head, 7, patch, seed), 1);
  panels.write(folder + "/thick.ppm");
}

/// The phantom has no T1w: the FLAIR with its contrast turned about the brain's median stands in.
void draw_sequence_dropout(const training::Patch& before, const Head& head, int patch,
                           const std::string& folder) {
  const at::Tensor flair = before.image[1];
  const at::Tensor air = flair.lt(head.roles.background + 0.1);
  const at::Tensor t1w = at::where(air, at::full({}, head.roles.background), (-flair).clamp(-5, 5));
  at::Tensor image = at::stack({flair, t1w});
  const training::ChannelRoles roles{{true, true}, head.roles.background, {0, 1}, {0, 1}};
  AugmentationSettings settings = none();
  settings.sequence_dropout = 1;
  core::Random random(1);
  Panels panels(patch);
  panels.add(image[0], before.target, {});
  panels.add(image[1].clone(), before.target, {});
  training::drop_channels(image, roles, settings, random);
  panels.add(image[1], before.target, {});
  panels.write(folder + "/sequence.ppm");
}

/// Where 40 patches have their centres, as the eye sees them from above through all slices.
class Draws {
 public:
  Draws(const Head& head, int patch, const training::Patch& before)
      : picture_(before.image[1]),
        patch_(patch),
        width_(head.slice.width),
        height_(head.slice.height),
        panels_(patch) {
    // Lesions of all slices, over each other.
    at::Tensor all = at::zeros({height_, width_});
    for (const int z : head.pool.scans().front().target_slices) {
      const training::DrawnSlice slice = head.pool.cut(0, z);
      all = at::max(all, at::tensor(slice.target).view({height_, width_}));
    }
    target_ = at::zeros({1, patch, patch});
    const int64_t top = (patch - height_) / 2, left = (patch - width_) / 2;
    target_[0].narrow(0, top, height_).narrow(1, left, width_).copy_(all.gt(0.5));
  }
  /// `draw` gives a place of the slice, in its pixels, for a seed.
  template <typename Draw>
  void add(const Draw& draw) {
    std::vector<bench::Dot> dots;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      core::Random random(seed);
      const bench::Dot at = draw(random);
      dots.push_back(
          {at.x - 0.5 * width_ + 0.5 * (patch_ - 1), at.y - 0.5 * height_ + 0.5 * (patch_ - 1)});
    }
    panels_.add(picture_, target_, std::move(dots));
  }
  void write(const std::string& file) const { panels_.write(file); }

 private:
  at::Tensor picture_, target_;
  int patch_, width_, height_;
  Panels panels_;
};

/// Patches as the defaults draw them; then the places that draws begin with: a lesion as its voxels
/// weigh, each lesion alike, and what the model takes for lesions and is none.
void draw_draws(const Head& head, const training::Patch& before, int patch,
                const std::string& model, const std::string& folder) {
  Draws draws(head, patch, before);
  draws.add([&](core::Random& random) {
    const training::DrawnSlice slice = head.pool.draw(random, 0, 7);
    return bench::Dot{slice.centre_x, slice.centre_y};
  });
  const auto dot = [](const training::PlaceInScan& place) {
    return bench::Dot{static_cast<double>(place.x), static_cast<double>(place.y)};
  };
  const training::PooledScan& scan = head.pool.scans().front();
  for (const double power : {1.0, 0.0}) {
    const training::LesionPlaces lesions(scan.arrays.target, scan.entry, power);
    draws.add([&](core::Random& random) { return dot(lesions.draw(random)); });
  }
  const bundle::Bundle bundle = bundle::Bundle::open(model);
  const training::Pool searched(head.pool.scans(), bundle.input, training::Sampling{});
  training::HardNegatives hard;
  Progress progress;
  hard.search(*bundle.graph, searched, 200, core::Random(1), progress);
  if (hard.places().empty()) throw Error(ExitCode::input, "nothing looks like a lesion", model);
  draws.add([&](core::Random& random) { return dot(*hard.draw(random, 1)); });
  draws.write(folder + "/draws.ppm");
}

void draw_pictures(const Head& head, const std::string& model, const std::string& folder) {
  const int patch = std::max(head.slice.width, head.slice.height);
  core::Random random(1);
  const training::Patch before = training::augmented(head.slice, none(), patch, head.roles, random);
  for (const Change& change : changes()) {
    const std::uint64_t seed = telling_seed(head, change, patch, before);
    const int64_t channel = std::string(change.name) == "neighbours" ? 0 : 1;
    Panels panels(patch);
    panels.add(before, channel);
    if (change.weak != change.strong) {
      panels.add(changed(head, change, change.weak, patch, seed), channel);
    }
    panels.add(changed(head, change, change.strong, patch, seed), channel);
    panels.write(folder + "/" + change.name + ".ppm");
  }
  draw_thick(head, before, patch, folder);
  draw_sequence_dropout(before, head, patch, folder);
  draw_draws(head, before, patch, model, folder);
}

/// CPU milliseconds a slice of draw and augmentation with these settings: the least of five rounds.
double cost_ms(const Head& head, const AugmentationSettings& settings) {
  constexpr int slices = 100;
  double least = 1e9;
  for (int round = 0; round < 5; ++round) {
    const std::clock_t begin = std::clock();
    for (std::uint64_t i = 0; i < slices; ++i) {
      core::Random random(i);
      const training::Patch patch =
          training::augmented(head.slice, settings, 144, head.roles, random);
    }
    least = std::min(least, 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return least / slices;
}

void print_costs(const Head& head) {
  const double nothing = cost_ms(head, none());
  std::printf("| change | ms a slice |\n|---|---|\n| all off: cut and moved | %.2f |\n", nothing);
  for (const Change& change : changes()) {
    AugmentationSettings settings = none();
    change.set(settings, change.strong);
    std::printf("| %s %g | %.2f |\n", change.name, change.strong,
                cost_ms(head, settings) - nothing);
  }
  std::printf("| the defaults | %.2f |\n", cost_ms(head, AugmentationSettings()) - nothing);
  AugmentationSettings all;
  all.elastic_mm = 5;
  all.gamma = 0.15;
  all.tissue = 0.3;
  all.ghosting_mm = 2;
  all.rician_probability = 0.5;
  all.neighbour_dropout = 0.1;
  all.lesion_fade_probability = 0.5;
  all.lesion_removal_probability = 0.1;
  std::printf("| the defaults and all new ones | %.2f |\n", cost_ms(head, all) - nothing);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw Error(ExitCode::usage, "wants a cache, a model and a folder for pictures");
    at::set_num_threads(1);
    const Head head = open(argv[1]);
    draw_pictures(head, argv[2], argv[3]);
    print_costs(head);
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return static_cast<int>(e.code());
  }
}
