#include "dawson/quality/orientation.h"

#include <array>

#include "dawson/imaging/registration.h"

namespace dawson::quality {
namespace {

constexpr double better_by = 0.01;

}  // namespace

bool Orientation::is_doubtful() const noexcept {
  return turned > as_it_is + better_by;
}

Orientation orientation_of(const volume::Mask& brain, const anatomy::Atlas& atlas,
                           Progress& progress) {
  struct Turn {
    bool front, top;
    const char* words;
  };
  Orientation found;
  found.as_it_is = imaging::align_masks(brain, atlas.brain, progress).dice;
  for (const Turn& turn : {Turn{false, true, "upside down"}, Turn{true, false, "back to front"},
                           Turn{true, true, "upside down and back to front"}}) {
    volume::Mask turned = brain;
    for (const std::size_t world : {std::size_t{1}, std::size_t{2}}) {
      if (!(world == 1 ? turn.front : turn.top)) continue;
      turned.grid.origin[world] *= -1;
      for (std::size_t axis = 0; axis < 3; ++axis) turned.grid.direction[world][axis] *= -1;
    }
    const double dice = imaging::align_masks(turned, atlas.brain, progress).dice;
    if (dice > found.turned) {
      found.turned = dice;
      found.turn = turn.words;
    }
  }
  return found;
}

}  // namespace dawson::quality
