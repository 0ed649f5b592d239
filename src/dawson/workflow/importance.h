// Which settings of a search mattered.
#pragma once

#include <vector>

#include "dawson/report/importance.h"
#include "dawson/workflow/search.h"

namespace dawson::workflow {

/// For each setting its values (of a range: its thirds by rank) with the scores of the trials that
/// had them, and the share of the variance of all scores that the values' means explain (the main
/// effect of an analysis of variance; Hutter et al. 2014 take the same of a fitted surface). Most
/// important first; settings with one value are left out. `scores` without NaN, one for each point.
std::vector<report::SettingScores> importance(const Search& search,
                                              const std::vector<Point>& points,
                                              const std::vector<double>& scores);

}  // namespace dawson::workflow
