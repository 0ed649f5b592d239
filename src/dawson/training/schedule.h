// The course of the learning rate, and what decides that a run gets no better.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "dawson/core/json.h"

namespace dawson::training {

struct TrainingSettings;

/// "constant", "step", "cosine", "polynomial", "plateau".
std::vector<std::string> schedule_names();

/// The learning rate of an iteration (0-based): linear warm-up, then the schedule down to 1 %.
///   step        a tenth from the middle on, a hundredth from three quarters on
///   cosine      (1 + cos π t) / 2                          (Loshchilov and Hutter 2017)
///   polynomial  (1 − t)^0.9                                (Chen et al. 2018, DeepLab)
///   constant, plateau: 1; a Plateau lowers it by what it sees
double learning_rate_at(const TrainingSettings& settings, int iteration);

/// What a run is judged by.
enum class Measure { dice, lesion_f1, loss };
/// "dice", "lesion_f1", "loss". Throws Error{usage} for another name.
Measure measure_from(const std::string& name);
/// What measure_from knows.
std::vector<std::string> measure_names();

/// Follows one figure from epoch to epoch.
class Watch {
 public:
  explicit Watch(bool higher_is_better = true) : higher_is_better_(higher_is_better) {}
  /// True when `value` is the best so far. One that is not finite is passed over.
  bool consider(double value);
  [[nodiscard]] double best() const noexcept { return best_; }  ///< NaN: none yet
  [[nodiscard]] int epochs_without_better() const noexcept { return without_better_; }
  void forget_epochs() noexcept { without_better_ = 0; }
  [[nodiscard]] core::Json to_json() const;
  /// Throws nlohmann's exception when `json` is not what `to_json` gave.
  void load(const core::Json& json);

 private:
  bool higher_is_better_;
  double best_ = std::numeric_limits<double>::quiet_NaN();
  int without_better_ = 0;
};

/// Lowers the learning rate when a figure gets no better for some epochs.
class Plateau {
 public:
  Plateau(bool higher_is_better, int epochs, double factor)
      : watch_(higher_is_better), epochs_(epochs), factor_(factor) {}
  /// True when it lowered the rate.
  bool consider(double value);
  /// What the learning rate is to be multiplied by, at least 1 %.
  [[nodiscard]] double share() const noexcept { return share_; }
  [[nodiscard]] core::Json to_json() const;
  void load(const core::Json& json);

 private:
  Watch watch_;
  int epochs_;
  double factor_;
  double share_ = 1;
};

}  // namespace dawson::training
