// Places that the network takes for lesions and that are none: training returns to them.
#pragma once

#include <optional>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/core/random.h"
#include "dawson/training/pool.h"

namespace dawson::nn {
class Graph;
}

namespace dawson::training {

/// A place with how often it is drawn against others: its patient's weight × the mean probability
/// there.
struct HardPlace {
  PlaceInScan at;
  double weight = 0;
};

/// Hard negatives (Sung and Poggio 1994, for slices): a list that grows with every search. It is
/// part of a run's state: with `to_json` in the checkpoint a resumed run draws what an unbroken one
/// does.
class HardNegatives {
 public:
  /// The list keeps at most this many places; the oldest go first.
  static constexpr std::size_t most_places = 2000;

  /// Runs `graph` over `slices` slices drawn from `pool` (Pool::draw_brain_slice; one drawn twice
  /// is looked at once), and lists every false lesion in them: a component of p > 0.5 in the slice
  /// (edges and corners join) of at least 3 mm³ that touches no target pixel; its place is the
  /// pixel of the highest p. What was known of these slices is forgotten, so a place that the
  /// network has learned leaves the list when its slice is looked at again.
  /// Takes slices × a forward pass. `graph` is not changed; it may lie on any device. Throws
  /// Cancelled through `progress`.
  void search(const nn::Graph& graph, const Pool& pool, int slices, core::Random random,
              Progress& progress);

  [[nodiscard]] const std::vector<HardPlace>& places() const noexcept { return places_; }
  /// With probability `fraction` a place by weight; nothing else, and nothing while there is none.
  /// Draws from a stream of its own: `random` is not advanced.
  [[nodiscard]] std::optional<PlaceInScan> draw(const core::Random& random, double fraction) const;

  /// [[scan, z, x, y, weight], …]: numbers come back to the last bit.
  [[nodiscard]] core::Json to_json() const;
  /// Throws Error{input} for what `to_json` never wrote, or scans that `pool` does not have.
  static HardNegatives from_json(const core::Json& json, const Pool& pool);

 private:
  void set_places(std::vector<HardPlace> places);

  std::vector<HardPlace> places_;   ///< oldest first
  std::vector<double> cumulative_;  ///< weights
};

}  // namespace dawson::training
