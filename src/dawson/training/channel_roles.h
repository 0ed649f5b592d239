// What each channel of a network shows, as the random changes must know it.
#pragma once

#include <cstdint>
#include <vector>

#include "dawson/bundle/slices.h"
#include "dawson/cache/cache.h"

namespace dawson::training {

/// One entry a network channel in each list; the last two may be empty where no channel is ever
/// left out.
struct ChannelRoles {
  std::vector<bool> intensity;     ///< others, such as a frequency map, are only moved
  float background = 0;            ///< the value that means "outside the head" and stays as it is
  std::vector<int> sequence = {};  ///< the cache's channel it is cut from: 0 FLAIR, 1 T1w …
  std::vector<int> centre = {};    ///< the channel that shows the slice itself, in that sequence

  /// Indices of the intensity channels.
  [[nodiscard]] std::vector<std::int64_t> intensities() const;
};

/// The roles of a cache's channels, cut as `input` says. A channel named "…frequency…" is none of
/// intensities; the background is the first channel's value for a byte of 0.
ChannelRoles channel_roles(const cache::Entry& entry, const bundle::SliceInput& input);

/// How many sequences a cache's scans have beside the FLAIR.
int sequences_beside_flair(const cache::Cache& cache);

}  // namespace dawson::training
