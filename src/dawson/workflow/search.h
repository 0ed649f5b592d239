// What a search tries: search.toml, and the points drawn from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dawson/core/settings.h"

namespace dawson::workflow {

/// The values that one setting may take: a list, or a range.
struct Choice {
  std::string setting;
  std::vector<std::string> values;  ///< as a user would type them; empty: a range
  double from = 0, to = 0;          ///< both ends included
  bool logarithmic = false;         ///< equal chances for equal ratios
  bool whole = false;               ///< whole numbers alone
};

struct Search {
  std::vector<Choice> choices;  ///< by the settings' names
  int trials = 0;               ///< points drawn at random; 0: the whole grid
  std::uint64_t seed = 1;
  std::vector<int> rungs;  ///< gradient steps of each rung, growing
  double keep = 1.0 / 3;   ///< share of a rung's trials that go on to the next
};

/// A value for each setting, as a user would type it.
using Point = std::vector<std::pair<std::string, std::string>>;

/// Reads and checks search.toml (docs/tune.md). `known` are the settings that may be searched.
/// Throws Error{usage} naming the file and what is wrong: no TOML, an unknown key or setting (the
/// nearest is named), a value that the setting does not take, an empty list or range, a range
/// without `trials`, no setting at all.
Search read_search(const std::filesystem::path& file, const std::vector<core::Setting>& known);

/// The grid in the order of the file's names, the last varying fastest; or `trials` different
/// points drawn at random (fewer where there are fewer). The same search gives the same points.
std::vector<Point> draw_points(const Search& search);

/// "batch 8, width 24".
std::string words_of(const Point& point);

}  // namespace dawson::workflow
