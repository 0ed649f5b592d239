// How far above the grey matter's mode: thresholds of FLAIR in the manner of Jack et al. (JMRI
// 2001, 14:668–676) and of SLS (Roura et al., Neuroradiology 2015, 57:1031–1043), mode + k · width.
#include "dawson/imaging/morphology.h"
#include "dawson/segmentation/scorer.h"
#include "dawson/segmentation/tissue.h"

namespace dawson::segmentation {
namespace {

class Threshold final : public Scorer {
 public:
  Threshold(std::string scale, double rim_mm) : scale_(std::move(scale)), rim_mm_(rim_mm) {}

  [[nodiscard]] std::vector<float> score(const BrainSpace& space) const override {
    const std::vector<std::size_t> voxels = space.voxels();
    std::vector<float> inside;
    inside.reserve(voxels.size());
    for (const std::size_t v : voxels) inside.push_back(space.flair.data[v]);
    const IntensityScale scale = find_scale(inside, scale_);
    const volume::Mask kept = rim_mm_ > 0 ? imaging::erode_mm(space.brain, rim_mm_) : space.brain;
    std::vector<float> scores(space.flair.data.size(), no_lesion);
    for (const std::size_t v : voxels) {
      if (kept.data[v] == 0) continue;
      scores[v] = static_cast<float>((space.flair.data[v] - scale.centre) / scale.width);
    }
    return scores;
  }

 private:
  std::string scale_;
  double rim_mm_;
};

}  // namespace

std::unique_ptr<Scorer> threshold_scorer(const core::Json& parameters) {
  return std::make_unique<Threshold>(known_scale(parameters.at("scale")), parameters.at("rim_mm"));
}

}  // namespace dawson::segmentation
