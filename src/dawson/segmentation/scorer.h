// The traditional methods at work: each gives every voxel of a brain a score that rises with its
// likeness to a lesion.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/segmentation/brain_space.h"

namespace dawson::segmentation {

/// "threshold", "mixture", "logistic", "forest".
const std::vector<std::string>& traditional_methods();

/// The score of a voxel that the method rules out, as all outside the brain.
inline constexpr float no_lesion = -20;

class Scorer {
 public:
  virtual ~Scorer() = default;
  /// A value a voxel of the space's grid, at least no_lesion. Throws Error{input} when the brain
  /// cannot be modelled.
  [[nodiscard]] virtual std::vector<float> score(const BrainSpace& space) const = 0;
};

/// The method with these parameters, as fitting.h makes them. Throws Error{model} for a method that
/// is not known and for parameters that do not fit it.
std::unique_ptr<Scorer> make_scorer(const std::string& method, const core::Json& parameters);

// The same, method by method; parameters that are missing throw nlohmann's exceptions.
std::unique_ptr<Scorer> threshold_scorer(const core::Json& parameters);
std::unique_ptr<Scorer> mixture_scorer(const core::Json& parameters);
std::unique_ptr<Scorer> logistic_scorer(const core::Json& parameters);
std::unique_ptr<Scorer> forest_scorer(const core::Json& parameters);

}  // namespace dawson::segmentation
