// Small scans for tests of the cache and of what trains on it.
#pragma once

#include "dawson/cache/cache.h"

namespace dawson::testing {

inline core::Json made_recipe() {
  return {{"made", "for a test"}, {"spacing_mm", 1.5}};
}

/// A scan of two channels: bytes that differ everywhere, a target in part of the brain.
inline cache::Entry made_entry(const std::string& source, const std::string& participant) {
  cache::Entry e;
  e.source = source;
  e.participant = participant;
  e.stem = source + "_" + participant;
  e.size = {5, 4, 3};
  e.spacing_mm = {0.9, 0.9, 6.5};
  e.affine = {{{-0.9, 0, 0, 80}, {0, 0.9, 0.1, -70}, {0, -0.1, 6.5, 12.25}}};
  e.channels = {{"FLAIR", 0.05, -6}, {"lesion_frequency", 1.0 / 255, 0}};
  e.content_sha256 = "content of " + e.stem;
  return e;
}

inline cache::Arrays made_arrays(const cache::Entry& e, int seed = 0) {
  cache::Arrays arrays;
  arrays.image.resize(e.voxels() * e.channels.size());
  for (std::size_t i = 0; i < arrays.image.size(); ++i) {
    arrays.image[i] = static_cast<std::uint8_t>((i * 7 + seed) % 251);
  }
  arrays.target.resize(e.voxels());
  arrays.brain.resize(e.voxels());
  for (std::size_t i = 0; i < e.voxels(); ++i) {
    arrays.brain[i] = i % 3 != 0;
    arrays.target[i] = i % 6 == 1;
  }
  return arrays;
}

}  // namespace dawson::testing
