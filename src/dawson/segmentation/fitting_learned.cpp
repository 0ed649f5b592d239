// Fits of the methods that learn from labels: one loop over inner folds for both.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "dawson/core/error.h"
#include "dawson/segmentation/features.h"
#include "dawson/segmentation/fitting.h"
#include "dawson/segmentation/learning.h"
#include "dawson/segmentation/terms.h"

namespace dawson::segmentation {
namespace {

/// What was kept of one scan.
struct Rows {
  std::string patient;
  int fold = 0;
  std::map<std::string, Features> scaled;  // by the intensity scales that are tried
  SampledVoxels sample;

  [[nodiscard]] const Features& features(const core::Json& setting) const {
    return scaled.at(setting.at("scale"));
  }
};

/// Of intensity_scales(): those that a few bright voxels cannot widen.
const std::vector<std::string> tried_scales = {"full_width", "deviation"};

/// Learns from some scans and gives scores of others.
class Learner {
 public:
  virtual ~Learner() = default;
  [[nodiscard]] virtual bool neighbourhood() const = 0;
  [[nodiscard]] virtual std::vector<core::Json> candidates() const = 0;
  /// make_scorer's parameters.
  [[nodiscard]] virtual core::Json learn(const std::vector<const Rows*>& scans,
                                         const core::Json& candidate,
                                         core::Random random) const = 0;
  [[nodiscard]] virtual std::vector<float> score(const Rows& scan,
                                                 const core::Json& parameters) const = 0;
};

class Learned final : public Fitting {
 public:
  explicit Learned(std::unique_ptr<Learner> learner) : learner_(std::move(learner)) {}

  void show(const TrainingScan& scan, core::Random& random) override {
    SampledVoxels sample = sample_voxels(scan, random);
    std::map<std::string, Features> scaled;
    for (const std::string& scale : tried_scales) {
      scaled[scale] = find_features(scan.space, sample.voxels, learner_->neighbourhood(), scale);
    }
    scans_.push_back({scan.patient, scan.fold, std::move(scaled), std::move(sample)});
  }

  [[nodiscard]] Fitted finish(core::Random& random, Progress& progress) override {
    std::set<int> folds;
    for (const Rows& s : scans_) folds.insert(s.fold);
    if (folds.size() < 2) {
      throw Error(ExitCode::input, "needs training patients of at least two folds to be tuned");
    }
    const std::vector<core::Json> candidates = learner_->candidates();
    progress.step("tuning within the training folds", candidates.size() * folds.size());
    Fitted fitted;
    fitted.candidates = core::Json::array();
    double best = -1;
    core::Json chosen;
    for (const core::Json& candidate : candidates) {
      std::vector<ScoredVoxels> unseen;
      for (const int fold : folds) {
        score_fold(fold, candidate, random, unseen);
        progress.advance();
      }
      const double dice = best_cut(unseen).dice;
      fitted.candidates.push_back({{"setting", candidate}, {"dice", dice}});
      if (dice <= best) continue;
      best = dice;
      chosen = candidate;
      fitted.calibration = calibrate(unseen);
    }
    progress.step("fitting");
    fitted.parameters = learner_->learn(without(-1), chosen, random.stream("fit"));
    progress.finish();
    return fitted;
  }

 private:
  [[nodiscard]] std::vector<const Rows*> without(int fold) const {
    std::vector<const Rows*> list;
    for (const Rows& s : scans_) {
      if (s.fold != fold) list.push_back(&s);
    }
    return list;
  }

  void score_fold(int fold, const core::Json& candidate, const core::Random& random,
                  std::vector<ScoredVoxels>& unseen) const {
    const core::Json parameters = learner_->learn(
        without(fold), candidate, random.stream("inner", static_cast<std::uint64_t>(fold)));
    for (const Rows& s : scans_) {
      if (s.fold != fold) continue;
      unseen.push_back(
          {s.patient, s.fold, learner_->score(s, parameters), s.sample.weight, s.sample.lesion});
    }
  }

  std::unique_ptr<Learner> learner_;
  std::vector<Rows> scans_;
};

/// Voxels of all scans, each brain weighing the same.
class LogisticLearner final : public Learner {
 public:
  [[nodiscard]] bool neighbourhood() const override { return false; }
  [[nodiscard]] std::vector<core::Json> candidates() const override {
    std::vector<core::Json> all;
    for (const std::string& scale : tried_scales) {
      for (const double l2 : {1e-6, 1e-5, 1e-4, 1e-3})
        all.push_back({{"scale", scale}, {"l2", l2}});
    }
    return all;
  }
  [[nodiscard]] core::Json learn(const std::vector<const Rows*>& scans, const core::Json& candidate,
                                 core::Random /*random*/) const override {
    LabelledRows rows;
    rows.columns = term_names().size();
    std::vector<float> terms(rows.columns);
    for (const Rows* s : scans) {
      const std::vector<float>& weight = s->sample.weight;
      const double brain = std::accumulate(weight.begin(), weight.end(), 0.0);
      const Features& features = s->features(candidate);
      for (std::size_t r = 0; r < features.rows(); ++r) {
        fill_terms(features.row(r), terms.data());
        rows.values.insert(rows.values.end(), terms.begin(), terms.end());
        rows.lesion.push_back(s->sample.lesion[r]);
        rows.weight.push_back(static_cast<float>(weight[r] / brain));
      }
    }
    return {{"terms", term_names()},
            {"scale", candidate.at("scale")},
            {"l2", candidate.at("l2")},
            {"coefficients", fit_logistic(rows, candidate.at("l2"))}};
  }
  [[nodiscard]] std::vector<float> score(const Rows& scan,
                                         const core::Json& parameters) const override {
    const std::vector<double> c = parameters.at("coefficients");
    std::vector<float> scores;
    const Features& features = scan.features(parameters);
    for (std::size_t r = 0; r < features.rows(); ++r) {
      scores.push_back(log_odds(features.row(r), c));
    }
    return scores;
  }
};

/// OpenCV's trees know no weights, so rows are drawn: of each scan as many, a third of them
/// lesions.
class ForestLearner final : public Learner {
 public:
  [[nodiscard]] bool neighbourhood() const override { return true; }
  [[nodiscard]] std::vector<core::Json> candidates() const override {
    std::vector<core::Json> all;
    for (const std::string& scale : tried_scales) {
      for (const int tried : {4, 8}) {
        all.push_back({{"scale", scale}, {"depth", depth}, {"features", tried}});
      }
    }
    return all;
  }
  [[nodiscard]] core::Json learn(const std::vector<const Rows*>& scans, const core::Json& candidate,
                                 core::Random random) const override {
    LabelledRows rows;
    rows.columns = neighbourhood_features().size();
    for (const Rows* s : scans) draw(*s, s->features(candidate), random, rows);
    ForestSettings settings;
    settings.trees = trees;
    settings.depth = candidate.at("depth");
    settings.features = candidate.at("features");
    settings.smallest_leaf = smallest_leaf;
    return {{"features", neighbourhood_features()},
            {"scale", candidate.at("scale")},
            {"setting", candidate},
            {"trees", to_json(fit_forest(rows, settings, random.bits()))}};
  }
  [[nodiscard]] std::vector<float> score(const Rows& scan,
                                         const core::Json& parameters) const override {
    const std::vector<Tree> forest =
        forest_from_json(parameters.at("trees"), neighbourhood_features().size());
    std::vector<float> scores;
    const Features& features = scan.features(parameters);
    for (std::size_t r = 0; r < features.rows(); ++r) {
      scores.push_back(forest_score(forest, features.row(r)));
    }
    return scores;
  }

 private:
  static constexpr int trees = 40;
  static constexpr int depth = 9;
  static constexpr int smallest_leaf = 8;
  static constexpr std::size_t lesions_a_scan = 1000;
  static constexpr std::size_t others_a_scan = 2000;

  static void draw(const Rows& scan, const Features& features, core::Random& random,
                   LabelledRows& rows) {
    for (const int label : {1, 0}) {
      std::vector<std::size_t> of_label;
      for (std::size_t r = 0; r < features.rows(); ++r) {
        if (scan.sample.lesion[r] == label) of_label.push_back(r);
      }
      // Without weights the strata stand as they were sampled: bright tissue is over-represented,
      // which is where the trees have to tell lesions from look-alikes.
      const std::size_t count =
          std::min(of_label.size(), label == 1 ? lesions_a_scan : others_a_scan);
      for (std::size_t n = 0; n < count; ++n) {
        std::swap(of_label[n], of_label[n + random.below(of_label.size() - n)]);
        const float* row = features.row(of_label[n]);
        rows.values.insert(rows.values.end(), row, row + features.columns);
        rows.lesion.push_back(static_cast<std::uint8_t>(label));
        rows.weight.push_back(1);
      }
    }
  }
};

}  // namespace

std::unique_ptr<Fitting> fit_logistic_regression() {
  return std::make_unique<Learned>(std::make_unique<LogisticLearner>());
}

std::unique_ptr<Fitting> fit_random_forest() {
  return std::make_unique<Learned>(std::make_unique<ForestLearner>());
}

}  // namespace dawson::segmentation
