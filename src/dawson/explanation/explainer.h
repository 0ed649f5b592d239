// What a decision of the network rested on, in the network's own space.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/core/random.h"
#include "dawson/explanation/region.h"
#include "dawson/model/model.h"

namespace dawson::explanation {

enum class Method {
  relevance,         ///< layer-wise relevance propagation (nn/relevance.h has the rules)
  gradient_x_input,  ///< ∂(decision)/∂x · x (Shrikumar et al. 2016)
  occlusion,         ///< what covering a place takes from the decision (Zeiler, Fergus 2014)
};
/// "relevance", "gradient_x_input", "occlusion".
std::string name_of(Method method);

/// The composite that does best on held-out scans: it points at the lesion, takes most of the logit
/// with it, and is lost when the weights are (docs/explain.md).
inline constexpr const char* default_composite = "epsilon_gamma_box";

struct MapSettings {
  Method method = Method::relevance;
  std::string composite = default_composite;  ///< of nn::composites(), for Method::relevance
  bool mirror = true;    ///< explain both passes of the averaged answer, and average
  bool healthy = false;  ///< asked is why this is no lesion
};

/// Occlusion covers cubes of this edge, one beside the next, with the brain's median.
inline constexpr double occlusion_edge_mm = 8;
/// How far around a region voxels are covered, deleted and compared.
inline constexpr double neighbourhood_mm = 20;

/// Relevance for one region. Positive: speaks for "lesion" (or for "no lesion", where that was
/// asked), negative: against it.
struct Map {
  bundle::Stack values;  ///< [C, Z, Y, X] of the prepared stack: C stack channels
  double decision = 0;   ///< mean logit over the region, over both passes where mirrored
  // What relevance was put on the output, and where it went; 0 for other methods.
  double seeded = 0, reached_input = 0, absorbed_by_biases = 0, absorbed_by_stabilisers = 0;
};

/// A network, and a scan prepared for it. Both must outlive this.
class Explainer {
 public:
  Explainer(const bundle::Bundle& bundle, const preprocessing::Prepared& prepared);
  ~Explainer();
  Explainer(const Explainer&) = delete;
  Explainer& operator=(const Explainer&) = delete;

  /// Each of the region's n voxels is given the relevance clamp(logit, −1, 1) / n on the network's
  /// output (its sign turned for `healthy`): each weighs the same (Chlebus et al. 2019, where each
  /// voxel's map is divided by its sum), but for those that the network is in doubt about, which
  /// would be divided by nearly 0. Throws Error{usage} as propagate_relevance does.
  [[nodiscard]] Map map(const Region& region, const MapSettings& settings,
                        Progress& progress) const;

  /// Mean logit over the region (before temperature and mirroring) of a changed stack.
  [[nodiscard]] double decision(const bundle::Stack& stack, const Region& region) const;

  /// The same network with the parameters of its last `share` of convolutions, by depth, drawn
  /// anew: for sanity checks (Adebayo et al. 2018).
  [[nodiscard]] std::unique_ptr<Explainer> randomised(double share, core::Random random) const;

  [[nodiscard]] const preprocessing::Prepared& prepared() const noexcept { return prepared_; }
  [[nodiscard]] const bundle::SliceInput& slice_input() const noexcept { return input_; }

 private:
  struct Network;
  Explainer(std::unique_ptr<Network> network, const bundle::SliceInput& input,
            const preprocessing::Prepared& prepared);

  void propagate(const Region& region, const MapSettings& settings, Map& map,
                 Progress& progress) const;
  void occlude(const Region& region, bool healthy, Map& map, Progress& progress) const;

  std::unique_ptr<Network> network_;
  bundle::SliceInput input_;
  const preprocessing::Prepared& prepared_;
};

/// The region's neighbourhood on the network's grid: voxels of the brain within neighbourhood_mm of
/// it in its own slices and those that the network reads with them.
std::vector<std::size_t> neighbourhood(const Region& region,
                                       const preprocessing::Prepared& prepared,
                                       const bundle::SliceInput& input);

/// Relevance of one stack channel on the scan's own grid; its sum is kept (each network voxel's
/// share is spread evenly over its own box, linearly between the scan's voxels).
volume::Image on_scan_grid(const Map& map, int channel, const preprocessing::Prepared& prepared);

}  // namespace dawson::explanation
