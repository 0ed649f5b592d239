// What a person looks at while a network learns: slices of validation patients, kept as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dawson/training/pool.h"

namespace dawson::training {

/// A slice that is to be looked at.
struct SlicePick {
  std::size_t scan = 0;  ///< index among the scans
  int slice = 0;
  std::size_t target_pixels = 0;
};

/// Of each patient the `per_patient` slices with most target, no two of a scan within 5 mm of each
/// other; at most `most` in all, shared among the patients in the order of their names.
std::vector<SlicePick> pick_slices(const std::vector<PooledScan>& scans, int per_patient,
                                   std::size_t most = 24);

/// Slices on a common frame, zero where a slice is smaller.
struct SliceSet {
  std::size_t height = 0, width = 0;
  std::vector<std::string> names;   ///< "source_sub-01, slice 12"
  std::vector<std::uint8_t> bytes;  ///< [slices, 3, height, width]: first channel as the cache has
                                    ///< it; probability · 255, rounded; target, 0 or 1
};

/// An empty set for these picks.
SliceSet frame_slices(const std::vector<PooledScan>& scans, const std::vector<SlicePick>& picks);
/// Puts a slice of `scan` and of its `probabilities` [Z,Y,X] into place `index` of `set`, turned so
/// that, in the main, the patient's right (or anterior) is on the left and anterior (or superior)
/// at the top.
void fill_slice(SliceSet& set, std::size_t index, const PooledScan& scan, int slice,
                const std::vector<float>& probabilities);

/// Writes run/validation/: slices.npy ([slices, 3, height, width], uint8) and slices.json, which
/// says what they are and what network (of how many iterations) saw them. The folder is replaced as
/// a whole. It shows patients and belongs where their scans belong. Throws Error{output}.
void write_slices(const std::filesystem::path& run, const SliceSet& set, int iteration);

}  // namespace dawson::training
