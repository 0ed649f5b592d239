// Every random change of training on a slice of a prepared head: pictures, and what each costs.
#include "dawson/training/augmentation.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "dawson/core/error.h"

namespace {

using namespace dawson;
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

class Panels {
 public:
  explicit Panels(int side) : side_(side) {}
  /// Values −6 to 5 from black to white; the target's edge in red.
  void add(const training::Patch& patch, int64_t channel) {
    pictures_.push_back(patch.image[channel].contiguous());
    const at::Tensor t = patch.target.unsqueeze(0);
    const at::Tensor grown = at::max_pool2d(t, 3, 1, 1);
    edges_.push_back((grown - t).squeeze().contiguous());
  }
  /// Side by side, each pixel doubled, as a portable pixmap.
  void write(const std::string& file) const {
    std::ofstream out(file, std::ios::binary);
    const int zoom = 2, gap = 4;
    const int width = static_cast<int>(pictures_.size()) * (side_ * zoom + gap) - gap;
    out << "P6\n" << width << " " << side_ * zoom << "\n255\n";
    for (int y = 0; y < side_ * zoom; ++y) {
      for (int x = 0; x < width; ++x) {
        const int panel = x / (side_ * zoom + gap), inside = x % (side_ * zoom + gap);
        const auto at = static_cast<std::size_t>(y / zoom * side_ + inside / zoom);
        unsigned char rgb[3] = {255, 255, 255};
        if (inside < side_ * zoom) {
          const auto k = static_cast<std::size_t>(panel);
          const float v = pictures_[k].data_ptr<float>()[at];
          const double grey = std::clamp((v + 6) / 11.0, 0.0, 1.0) * 255;
          rgb[0] = rgb[1] = rgb[2] = static_cast<unsigned char>(std::lround(grey));
          if (edges_[k].data_ptr<float>()[at] > 0) {
            rgb[0] = 230;
            rgb[1] = rgb[2] = 40;
          }
        }
        out.write(reinterpret_cast<const char*>(rgb), 3);
      }
    }
    if (!out) throw Error(ExitCode::output, "cannot be written", file);
  }

 private:
  int side_;
  std::vector<at::Tensor> pictures_, edges_;
};

struct Head {
  training::Pool pool;
  training::ChannelRoles roles;
  training::DrawnSlice slice;
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
  double most = -1;
  for (const int z : pool.scans().front().target_slices) {
    training::DrawnSlice slice = pool.cut(0, z);
    double sum = 0;
    for (const float t : slice.target) sum += t;
    if (sum <= most) continue;
    most = sum;
    best = std::move(slice);
  }
  training::ChannelRoles roles = training::channel_roles(cache.entries().front(), input);
  return {std::move(pool), std::move(roles), std::move(best)};
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

void draw_pictures(const Head& head, const std::string& folder) {
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
    if (argc != 3) throw Error(ExitCode::usage, "wants a cache and a folder for pictures");
    at::set_num_threads(1);
    const Head head = open(argv[1]);
    draw_pictures(head, argv[2]);
    print_costs(head);
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return static_cast<int>(e.code());
  }
}
