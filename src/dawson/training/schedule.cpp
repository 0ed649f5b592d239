#include "dawson/training/schedule.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/training/settings.h"

namespace dawson::training {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double final_share = 0.01;  // of the learning rate, at the last iteration

}  // namespace

std::vector<std::string> schedule_names() {
  return {"constant", "step", "cosine", "polynomial", "plateau"};
}

double learning_rate_at(const TrainingSettings& settings, int iteration) {
  if (iteration < settings.warmup_iterations) {
    return settings.learning_rate * (iteration + 1) / settings.warmup_iterations;
  }
  const double span = std::max(1, settings.iterations - settings.warmup_iterations);
  const double done = std::min(1.0, (iteration - settings.warmup_iterations) / span);
  double share = 1;
  if (settings.schedule == "cosine") share = 0.5 * (1 + std::cos(pi * done));
  if (settings.schedule == "polynomial") share = std::pow(1 - done, 0.9);
  if (settings.schedule == "step") share = done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01;
  return settings.learning_rate * std::max(share, final_share);
}

std::vector<std::string> measure_names() {
  return {"dice", "lesion_f1", "loss"};
}

Measure measure_from(const std::string& name) {
  if (name == "dice") return Measure::dice;
  if (name == "lesion_f1") return Measure::lesion_f1;
  if (name == "loss") return Measure::loss;
  throw Error(ExitCode::usage, "is no measure that a run is judged by", "--stop-on " + name,
              "choose dice, lesion_f1 or loss");
}

bool Watch::consider(double value) {
  if (!std::isfinite(value)) return false;
  const bool better = std::isnan(best_) || (higher_is_better_ ? value > best_ : value < best_);
  if (better) {
    best_ = value;
    without_better_ = 0;
  } else {
    ++without_better_;
  }
  return better;
}

core::Json Watch::to_json() const {
  return {{"best", std::isfinite(best_) ? core::Json(best_) : core::Json(nullptr)},
          {"epochs_without_better", without_better_}};
}

void Watch::load(const core::Json& json) {
  const core::Json& best = json.at("best");
  best_ = best.is_null() ? std::numeric_limits<double>::quiet_NaN() : best.get<double>();
  without_better_ = json.at("epochs_without_better");
}

bool Plateau::consider(double value) {
  watch_.consider(value);
  if (watch_.epochs_without_better() < epochs_) return false;
  share_ = std::max(share_ * factor_, final_share);
  watch_.forget_epochs();
  return true;
}

core::Json Plateau::to_json() const {
  return {{"watch", watch_.to_json()}, {"share", share_}};
}

void Plateau::load(const core::Json& json) {
  watch_.load(json.at("watch"));
  share_ = json.at("share");
}

}  // namespace dawson::training
