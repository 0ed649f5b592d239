// How far above the grey matter's mode: thresholds of FLAIR in the manner of Jack et al. (JMRI
// 2001, 14:668–676) and of SLS (Roura et al., Neuroradiology 2015, 57:1031–1043), mode + k · width.
#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"
#include "dawson/segmentation/scorer.h"
#include "dawson/segmentation/tissue.h"

namespace dawson::segmentation {
namespace {

constexpr double kappa = 3;  // of the mixture that grey_matter is taken from

struct Scale {
  double centre, width;
};

Scale scale_of(const std::vector<float>& values, const std::string& family) {
  if (family == "grey_matter") {
    const TissueMixture mixture = fit_mixture(values, kappa);
    return {mixture.mean[2], mixture.deviation[2]};
  }
  const TissueMode tissue = find_mode(values);
  if (family == "full_width") return {tissue.mode, tissue.full_width};
  if (family == "upper_width") return {tissue.mode, tissue.upper_width};
  return {tissue.mode, tissue.deviation};
}

class Threshold final : public Scorer {
 public:
  Threshold(std::string family, double rim_mm) : family_(std::move(family)), rim_mm_(rim_mm) {}

  [[nodiscard]] std::vector<float> score(const BrainSpace& space) const override {
    const std::vector<std::size_t> voxels = space.voxels();
    std::vector<float> inside;
    inside.reserve(voxels.size());
    for (const std::size_t v : voxels) inside.push_back(space.flair.data[v]);
    const Scale scale = scale_of(inside, family_);
    const volume::Mask kept = rim_mm_ > 0 ? imaging::erode_mm(space.brain, rim_mm_) : space.brain;
    std::vector<float> scores(space.flair.data.size(), no_lesion);
    for (const std::size_t v : voxels) {
      if (kept.data[v] == 0) continue;
      scores[v] = static_cast<float>((space.flair.data[v] - scale.centre) / scale.width);
    }
    return scores;
  }

 private:
  std::string family_;
  double rim_mm_;
};

}  // namespace

std::unique_ptr<Scorer> threshold_scorer(const core::Json& parameters) {
  const std::string family = parameters.at("family");
  for (const char* known : {"full_width", "upper_width", "deviation", "grey_matter"}) {
    if (family == known) return std::make_unique<Threshold>(family, parameters.at("rim_mm"));
  }
  throw Error(ExitCode::model, "there is no family of thresholds '" + family + "' in this version");
}

}  // namespace dawson::segmentation
