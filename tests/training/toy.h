// Small heads with bright discs for lesions, and a network small enough for tests.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "dawson/cache/cache.h"
#include "dawson/core/random.h"
#include "dawson/training/settings.h"

namespace dawson::training {

constexpr float toy_background = -6;

/// A grey cylinder in air, with a bright ball on the slices from the second on; two channels.
inline cache::Entry toy_entry(const std::string& participant, int slices = 5,
                              double slice_spacing_mm = 2) {
  cache::Entry e;
  e.source = "toy";
  e.participant = participant;
  e.stem = "toy_" + participant;
  e.size = {40, 36, slices};
  e.spacing_mm = {1, 1, slice_spacing_mm};
  e.affine = {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, slice_spacing_mm, 0}}};
  e.channels = {{"FLAIR", 0.05, toy_background}, {"lesion_frequency", 1.0 / 255, 0}};
  e.content_sha256 = participant;
  return e;
}

inline cache::Arrays toy_arrays(const cache::Entry& e, core::Random random) {
  cache::Arrays a;
  a.image.resize(2 * e.voxels());
  a.target.resize(e.voxels());
  a.brain.resize(e.voxels());
  const double lesion_x = random.uniform(14, 26), lesion_y = random.uniform(12, 24);
  std::size_t at = 0;
  for (int z = 0; z < e.size[2]; ++z) {
    for (int y = 0; y < e.size[1]; ++y) {
      for (int x = 0; x < e.size[0]; ++x, ++at) {
        const bool brain = std::hypot(x - 20, y - 18) < 15;
        const bool lesion = z > 0 && std::hypot(x - lesion_x, y - lesion_y) < 4;
        const double tissue = lesion ? 200 : 110;
        a.brain[at] = brain;
        a.target[at] = brain && lesion;
        a.image[at] = static_cast<std::uint8_t>(brain ? tissue + random.uniform(-20, 20) : 0);
        a.image[e.voxels() + at] = static_cast<std::uint8_t>(x);
      }
    }
  }
  return a;
}

inline void write_toy_scan(cache::Writer& writer, const std::string& participant,
                           std::uint64_t seed) {
  const cache::Entry e = toy_entry(participant);
  writer.add(e, toy_arrays(e, core::Random(seed)));
}

/// Patients sub-1 … sub-`patients`, one scan each.
inline void write_toy_cache(const std::filesystem::path& folder, int patients) {
  cache::Writer writer(folder, {{"made", "for a test"}}, "lesion", false);
  for (int p = 1; p <= patients; ++p) {
    write_toy_scan(writer, "sub-" + std::to_string(p), static_cast<std::uint64_t>(p));
  }
}

inline TrainingSettings toy_settings() {
  TrainingSettings s;
  s.network.width = 4;
  s.network.levels = 2;
  s.input.offsets_mm = {{-2, 0, 2}, {0}};
  s.iterations = 12;
  s.epoch_iterations = 3;
  s.batch = 2;
  s.patch = 32;
  s.warmup_iterations = 2;
  s.compute = "float32";
  return s;
}

/// Every random change switched off.
inline AugmentationSettings no_augmentation() {
  AugmentationSettings a;
  for (double* strength : {&a.rotation_degrees,
                           &a.scale,
                           &a.flip_probability,
                           &a.thick_probability,
                           &a.gain,
                           &a.shift,
                           &a.tone,
                           &a.bias,
                           &a.noise,
                           &a.blur_mm,
                           &a.coarse_probability,
                           &a.elastic_mm,
                           &a.gamma,
                           &a.tissue,
                           &a.ghosting_mm,
                           &a.rician_probability,
                           &a.neighbour_dropout,
                           &a.sequence_dropout,
                           &a.lesion_fade_probability,
                           &a.lesion_removal_probability}) {
    *strength = 0;
  }
  return a;
}

}  // namespace dawson::training
