// A random forest over intensity, place and neighbourhood (Breiman 2001; for lesions Geremia et
// al., NeuroImage 2011, 57:378–390).
#include "dawson/core/error.h"
#include "dawson/segmentation/features.h"
#include "dawson/segmentation/learning.h"
#include "dawson/segmentation/scorer.h"
#include "dawson/segmentation/tissue.h"

namespace dawson::segmentation {
namespace {

class Forest final : public Scorer {
 public:
  Forest(std::vector<Tree> forest, std::string scale)
      : forest_(std::move(forest)), scale_(std::move(scale)) {}

  [[nodiscard]] std::vector<float> score(const BrainSpace& space) const override {
    const std::vector<std::size_t> voxels = space.voxels();
    const Features features = find_features(space, voxels, /*neighbourhood=*/true, scale_);
    std::vector<float> scores(space.flair.data.size(), no_lesion);
    for (std::size_t r = 0; r < voxels.size(); ++r) {
      scores[voxels[r]] = forest_score(forest_, features.row(r));
    }
    return scores;
  }

 private:
  std::vector<Tree> forest_;
  std::string scale_;
};

}  // namespace

std::unique_ptr<Scorer> forest_scorer(const core::Json& parameters) {
  const auto& names = neighbourhood_features();
  if (parameters.at("features").get<std::vector<std::string>>() != names) {
    throw Error(ExitCode::model, "the forest has other features than this version knows");
  }
  return std::make_unique<Forest>(forest_from_json(parameters.at("trees"), names.size()),
                                  known_scale(parameters.at("scale")));
}

}  // namespace dawson::segmentation
