#include "dawson/training/lesion_places.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dawson/lesions/lesions.h"

namespace dawson::training {
namespace {

/// Calls visit(x, y) for the lesion's pixels of one slice.
template <typename Visit>
void for_pixels(const lesions::Components& found, const lesions::Component& lesion,
                const cache::Entry& e, int z, const Visit& visit) {
  for (int y = lesion.low[1]; y <= lesion.high[1]; ++y) {
    const std::size_t row =
        (static_cast<std::size_t>(z) * e.size[1] + static_cast<std::size_t>(y)) * e.size[0];
    for (int x = lesion.low[0]; x <= lesion.high[0]; ++x) {
      if (found.labels[row + static_cast<std::size_t>(x)] == lesion.label) visit(x, y);
    }
  }
}

std::vector<PlaceInScan> places_of(const lesions::Components& found,
                                   const lesions::Component& lesion, const cache::Entry& e) {
  std::vector<PlaceInScan> places;
  for (int z = lesion.low[2]; z <= lesion.high[2]; ++z) {
    double sum_x = 0, sum_y = 0, count = 0;
    for_pixels(found, lesion, e, z, [&](int x, int y) {
      sum_x += x;
      sum_y += y;
      ++count;
    });
    PlaceInScan place{0, z, 0, 0};
    double nearest = std::numeric_limits<double>::infinity();
    for_pixels(found, lesion, e, z, [&](int x, int y) {
      const double distance = std::hypot(x - sum_x / count, y - sum_y / count);
      if (distance >= nearest) return;
      nearest = distance;
      place.x = x;
      place.y = y;
    });
    places.push_back(place);
  }
  return places;
}

}  // namespace

LesionPlaces::LesionPlaces(const std::vector<std::uint8_t>& target, const cache::Entry& entry,
                           double power) {
  const lesions::Components found =
      lesions::find_components(target, {entry.size, entry.spacing_mm});
  double sum = 0;
  for (const lesions::Component& lesion : found.components) {
    places_.push_back(places_of(found, lesion, entry));
    sum += std::pow(lesion.volume_mm3, power);
    cumulative_.push_back(sum);
  }
}

PlaceInScan LesionPlaces::draw(core::Random& random) const {
  const double mark = random.uniform(0, cumulative_.back());
  const auto chosen = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, mark);
  const auto& places = places_[static_cast<std::size_t>(chosen - cumulative_.begin())];
  return places[random.below(places.size())];
}

}  // namespace dawson::training
