// Bright outliers of a mixture of tissues (Van Leemput et al., IEEE TMI 2001, 20:677–688), their
// belief weighed by place and grown into neighbours as LST-LGA does (Schmidt et al., NeuroImage
// 2012, 59:3774–3783). Both take tissue priors from T1w; here FLAIR is alone.
#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/segmentation/scorer.h"
#include "dawson/segmentation/tissue.h"

namespace dawson::segmentation {
namespace {

constexpr double share_of_lesions = 0.02;
constexpr double outlier_density = 1.0 / 16;  // uniform over -5 … 11 deviations
constexpr double least_density = 1e-9;
constexpr double least_frequency = 0.05;
constexpr int rounds = 5;

float belief(float log_odds) {
  return 1 / (1 + std::exp(-log_odds));
}

class Mixture final : public Scorer {
 public:
  Mixture(double kappa, double prior, double coupling)
      : kappa_(kappa), prior_(prior), coupling_(coupling) {}

  [[nodiscard]] std::vector<float> score(const BrainSpace& space) const override {
    const std::vector<std::size_t> voxels = space.voxels();
    const std::vector<float> alone = outliers(space, voxels);
    return coupling_ > 0 ? grown(space.brain.grid, voxels, alone) : alone;
  }

 private:
  /// Log odds of each voxel by itself; none below the mean of the brightest tissue.
  [[nodiscard]] std::vector<float> outliers(const BrainSpace& space,
                                            const std::vector<std::size_t>& voxels) const {
    std::vector<float> inside;
    inside.reserve(voxels.size());
    for (const std::size_t v : voxels) inside.push_back(space.flair.data[v]);
    const TissueMixture tissue = fit_mixture(inside, kappa_);
    const double brightest = *std::max_element(tissue.mean.begin(), tissue.mean.end());
    std::vector<float> scores(space.flair.data.size(), no_lesion);
    for (const std::size_t v : voxels) {
      const double intensity = space.flair.data[v];
      if (intensity <= brightest) continue;
      const double log_odds =
          std::log(share_of_lesions * outlier_density) -
          std::log(std::max(least_density, tissue.density(intensity))) +
          prior_ * std::log(std::max<double>(least_frequency, space.frequency.data[v]));
      scores[v] = std::max(no_lesion, static_cast<float>(log_odds));
    }
    return scores;
  }

  /// Mean field of a Markov random field over face neighbours; nearer ones weigh more.
  [[nodiscard]] std::vector<float> grown(const volume::Grid& grid,
                                         const std::vector<std::size_t>& voxels,
                                         const std::vector<float>& alone) const {
    const std::array<std::size_t, 3> step{1, grid.offset(0, 1, 0), grid.offset(0, 0, 1)};
    std::array<float, 3> weight{};
    float sum = 0;
    for (std::size_t a = 0; a < 3; ++a) {
      weight[a] = static_cast<float>(1 / grid.spacing[a]);
      sum += 2 * weight[a];
    }
    std::vector<float> now = alone;
    std::vector<float> beliefs(alone.size());
    for (int n = 0; n < rounds; ++n) {
      std::transform(now.begin(), now.end(), beliefs.begin(), belief);
      for (const std::size_t v : voxels) {
        if (alone[v] <= no_lesion) continue;
        float around = 0;
        for (std::size_t a = 0; a < 3; ++a) {
          const float below = v >= step[a] ? beliefs[v - step[a]] : 0;
          const float above = v + step[a] < beliefs.size() ? beliefs[v + step[a]] : 0;
          around += weight[a] * (below + above);
        }
        now[v] =
            std::max(no_lesion, alone[v] + static_cast<float>(coupling_) * (2 * around / sum - 1));
      }
    }
    return now;
  }

  double kappa_;
  double prior_;
  double coupling_;
};

}  // namespace

std::unique_ptr<Scorer> mixture_scorer(const core::Json& parameters) {
  return std::make_unique<Mixture>(parameters.at("kappa"), parameters.at("prior"),
                                   parameters.at("coupling"));
}

}  // namespace dawson::segmentation
