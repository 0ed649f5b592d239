// Which settings of a search mattered, as one picture.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dawson::report {

/// One value of a setting, or a third of its range, and the scores of the trials that had it.
struct ValueScores {
  std::string value;
  std::vector<double> scores;
};
struct SettingScores {
  std::string setting;
  double share = 0;  ///< of the scores' variance that the means of its values explain, 0 – 1
  std::vector<ValueScores> values;
};

/// A row a value: each trial's score and their mean, settings that mattered most on top. Throws
/// Error{output}.
void write_importance(const std::filesystem::path& png, const std::vector<SettingScores>& settings,
                      int iterations);

}  // namespace dawson::report
