#include "dawson/segmentation/fitting.h"

#include <array>

#include "dawson/core/error.h"
#include "dawson/core/settings.h"
#include "dawson/segmentation/scorer.h"
#include "dawson/segmentation/tissue.h"

namespace dawson::segmentation {
namespace {

constexpr float bright = 1;  // deviations above the brain's median
// Of each stratum at most: lesions, bright tissue, other tissue.
constexpr std::array<std::size_t, 3> most = {4000, 8000, 4000};

/// Some of `voxels`, each as likely as the others, in ascending order.
std::vector<std::size_t> some(std::vector<std::size_t> voxels, std::size_t count,
                              core::Random& random) {
  if (voxels.size() <= count) return voxels;
  for (std::size_t n = 0; n < count; ++n) {
    std::swap(voxels[n], voxels[n + random.below(voxels.size() - n)]);
  }
  voxels.resize(count);
  std::sort(voxels.begin(), voxels.end());
  return voxels;
}

/// Methods whose settings are tried one by one; nothing else is learned.
class Settings final : public Fitting {
 public:
  Settings(std::string method, std::vector<core::Json> candidates)
      : method_(std::move(method)),
        candidates_(std::move(candidates)),
        scored_(candidates_.size()) {}

  void show(const TrainingScan& scan, core::Random& random) override {
    const SampledVoxels sample = sample_voxels(scan, random);
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      const std::vector<float> scores = make_scorer(method_, candidates_[c])->score(scan.space);
      ScoredVoxels scored{scan.patient, scan.fold, {}, sample.weight, sample.lesion};
      for (const std::size_t v : sample.voxels) scored.score.push_back(scores[v]);
      scored_[c].push_back(std::move(scored));
    }
  }

  [[nodiscard]] Fitted finish(core::Random& /*random*/, Progress& progress) override {
    progress.step("choosing settings", candidates_.size());
    Fitted fitted;
    fitted.candidates = core::Json::array();
    double best = -1;
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      const BestCut cut = best_cut(scored_[c]);
      fitted.candidates.push_back({{"setting", candidates_[c]}, {"dice", cut.dice}});
      if (cut.dice > best) {
        best = cut.dice;
        fitted.parameters = candidates_[c];
        fitted.calibration = calibrate(scored_[c]);
      }
      progress.advance();
    }
    progress.finish();
    return fitted;
  }

 private:
  std::string method_;
  std::vector<core::Json> candidates_;
  std::vector<std::vector<ScoredVoxels>> scored_;  // by candidate
};

std::vector<core::Json> threshold_candidates() {
  std::vector<core::Json> all;
  for (const std::string& scale : intensity_scales()) {
    for (const double rim : {0.0, 4.0, 8.0, 12.0, 16.0})
      all.push_back({{"scale", scale}, {"rim_mm", rim}});
  }
  return all;
}

std::vector<core::Json> mixture_candidates() {
  std::vector<core::Json> all;
  for (const double kappa : {2.5, 3.5}) {
    for (const double prior : {0.0, 1.0, 2.0}) {
      for (const double coupling : {0.0, 4.0}) {
        all.push_back({{"kappa", kappa}, {"prior", prior}, {"coupling", coupling}});
      }
    }
  }
  return all;
}

}  // namespace

SampledVoxels sample_voxels(const TrainingScan& scan, core::Random& random) {
  std::array<std::vector<std::size_t>, 3> strata;
  for (const std::size_t v : scan.space.voxels()) {
    const bool lesion = scan.lesions.data[v] != 0;
    strata[lesion ? 0 : scan.space.flair.data[v] > bright ? 1 : 2].push_back(v);
  }
  SampledVoxels sample;
  for (std::size_t s = 0; s < strata.size(); ++s) {
    const std::vector<std::size_t> chosen = some(strata[s], most[s], random);
    sample.voxels.insert(sample.voxels.end(), chosen.begin(), chosen.end());
    sample.lesion.insert(sample.lesion.end(), chosen.size(), s == 0 ? 1 : 0);
    const double share =
        chosen.empty() ? 0
                       : static_cast<double>(strata[s].size()) / static_cast<double>(chosen.size());
    sample.weight.insert(sample.weight.end(), chosen.size(), static_cast<float>(share));
  }
  return sample;
}

std::unique_ptr<Fitting> fit_settings(const std::string& method) {
  return std::make_unique<Settings>(
      method, method == "threshold" ? threshold_candidates() : mixture_candidates());
}

std::unique_ptr<Fitting> make_fitting(const std::string& method) {
  if (method == "threshold" || method == "mixture") return fit_settings(method);
  if (method == "logistic") return fit_logistic_regression();
  if (method == "forest") return fit_random_forest();
  throw Error(ExitCode::usage, "there is no method '" + method + "'", "--method",
              core::suggestion(method, traditional_methods()));
}

}  // namespace dawson::segmentation
