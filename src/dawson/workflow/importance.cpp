#include "dawson/workflow/importance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dawson::workflow {
namespace {

const std::string& value_of(const Point& point, const std::string& setting) {
  return std::find_if(point.begin(), point.end(),
                      [&](const auto& entry) { return entry.first == setting; })
      ->second;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<report::ValueScores> listed(const Choice& choice, const std::vector<Point>& points,
                                        const std::vector<double>& scores) {
  std::vector<report::ValueScores> groups;
  for (const std::string& value : choice.values) {
    report::ValueScores group{value, {}};
    for (std::size_t p = 0; p < points.size(); ++p) {
      if (value_of(points[p], choice.setting) == value) group.scores.push_back(scores[p]);
    }
    if (!group.scores.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<report::ValueScores> thirds(const Choice& choice, const std::vector<Point>& points,
                                        const std::vector<double>& scores) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto number = [&](std::size_t p) { return std::stod(value_of(points[p], choice.setting)); };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return number(a) < number(b); });
  std::vector<report::ValueScores> groups;
  const std::size_t count = std::min<std::size_t>(3, points.size());
  for (std::size_t g = 0; g < count; ++g) {
    const std::size_t from = g * points.size() / count, to = (g + 1) * points.size() / count;
    report::ValueScores group{value_of(points[order[from]], choice.setting) + " – " +
                                  value_of(points[order[to - 1]], choice.setting),
                              {}};
    for (std::size_t i = from; i < to; ++i) group.scores.push_back(scores[order[i]]);
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace

std::vector<report::SettingScores> importance(const Search& search,
                                              const std::vector<Point>& points,
                                              const std::vector<double>& scores) {
  std::vector<report::SettingScores> all;
  if (points.empty()) return all;
  const double mean = mean_of(scores);
  double whole = 0;
  for (const double score : scores) whole += (score - mean) * (score - mean);
  for (const Choice& choice : search.choices) {
    report::SettingScores setting{
        choice.setting, 0,
        choice.values.empty() ? thirds(choice, points, scores) : listed(choice, points, scores)};
    if (setting.values.size() < 2) continue;
    double explained = 0;
    for (const report::ValueScores& v : setting.values) {
      explained += static_cast<double>(v.scores.size()) * std::pow(mean_of(v.scores) - mean, 2);
    }
    setting.share = whole > 0 ? explained / whole : 0;
    all.push_back(std::move(setting));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  return all;
}

}  // namespace dawson::workflow
