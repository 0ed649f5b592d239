// Voxel-wise logistic regression on intensity and place, in the manner of LPA (Schmidt, Bayesian
// inference for structured additive regression models for large-scale problems with applications to
// medical imaging, LMU Munich 2017) and BIANCA's features (Griffanti et al., NeuroImage 2016).
#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/segmentation/features.h"
#include "dawson/segmentation/scorer.h"
#include "dawson/segmentation/terms.h"
#include "dawson/segmentation/tissue.h"

namespace dawson::segmentation {
namespace {

class Logistic final : public Scorer {
 public:
  Logistic(std::vector<double> coefficients, std::string scale)
      : coefficients_(std::move(coefficients)), scale_(std::move(scale)) {}

  [[nodiscard]] std::vector<float> score(const BrainSpace& space) const override {
    const std::vector<std::size_t> voxels = space.voxels();
    const Features features = find_features(space, voxels, /*neighbourhood=*/false, scale_);
    std::vector<float> scores(space.flair.data.size(), no_lesion);
    for (std::size_t r = 0; r < voxels.size(); ++r) {
      scores[voxels[r]] = std::max(no_lesion, log_odds(features.row(r), coefficients_));
    }
    return scores;
  }

 private:
  std::vector<double> coefficients_;  // the intercept first
  std::string scale_;
};

}  // namespace

std::unique_ptr<Scorer> logistic_scorer(const core::Json& parameters) {
  const std::vector<double> coefficients = parameters.at("coefficients");
  if (parameters.at("terms").get<std::vector<std::string>>() != term_names() ||
      coefficients.size() != term_names().size() + 1) {
    throw Error(ExitCode::model, "the regression has other terms than this version knows");
  }
  return std::make_unique<Logistic>(coefficients, known_scale(parameters.at("scale")));
}

}  // namespace dawson::segmentation
