// Slices and slabs of a byte stack, as thin and as thick scanners would have taken them. Private to
// this room.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dawson/cache/cache.h"

namespace dawson::training {

/// Reads a stack whose slices are slabs of one thickness: the slice spacing, or more.
class SlabReader {
 public:
  /// `stack` [Z, Y, X] of that entry; it is not copied.
  SlabReader(const std::uint8_t* stack, const cache::Entry& entry, double thickness_mm)
      : stack_(stack),
        area_(static_cast<std::size_t>(entry.size[0]) * entry.size[1]),
        slices_(entry.size[2]),
        spacing_(entry.spacing_mm[2]),
        thickness_(thickness_mm) {}

  /// Adds weight · the slice at `offset_mm` from z0 of a scan whose slices are slabs centred on z0,
  /// linear between slabs, to `sum`: what bundle::cut_slice does, on a scan of that slice spacing.
  void add(double z0, double offset_mm, double weight, float* sum) const;

 private:
  void add_slab(double centre, double weight, float* sum) const;

  const std::uint8_t* stack_;
  std::size_t area_;
  int slices_;
  double spacing_;
  double thickness_;
};

}  // namespace dawson::training
