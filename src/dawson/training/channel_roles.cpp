#include "dawson/training/channel_roles.h"

#include <algorithm>
#include <cmath>

namespace dawson::training {
namespace {

bool is_sequence(const cache::Channel& channel) {
  return channel.name.find("frequency") == std::string::npos;
}

}  // namespace

std::vector<std::int64_t> ChannelRoles::intensities() const {
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < intensity.size(); ++i) {
    if (intensity[i]) chosen.push_back(static_cast<std::int64_t>(i));
  }
  return chosen;
}

ChannelRoles channel_roles(const cache::Entry& entry, const bundle::SliceInput& input) {
  ChannelRoles roles;
  roles.background = static_cast<float>(entry.channels.front().offset);
  for (std::size_t c = 0; c < input.offsets_mm.size(); ++c) {
    const std::vector<double>& offsets = input.offsets_mm[c];
    if (offsets.empty()) continue;
    const auto nearest = std::min_element(offsets.begin(), offsets.end(), [](double a, double b) {
      return std::abs(a) < std::abs(b);
    });
    const auto centre =
        static_cast<int>(roles.centre.size()) + static_cast<int>(nearest - offsets.begin());
    const bool intensity = is_sequence(entry.channels[c]);
    roles.intensity.insert(roles.intensity.end(), offsets.size(), intensity);
    roles.sequence.insert(roles.sequence.end(), offsets.size(), static_cast<int>(c));
    roles.centre.insert(roles.centre.end(), offsets.size(), centre);
  }
  return roles;
}

int sequences_beside_flair(const cache::Cache& cache) {
  if (cache.entries().empty()) return 0;
  const std::vector<cache::Channel>& channels = cache.entries().front().channels;
  const auto sequences = std::count_if(channels.begin(), channels.end(), is_sequence);
  return std::max(0, static_cast<int>(sequences) - 1);
}

}  // namespace dawson::training
