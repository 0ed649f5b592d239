#include "dawson/report/importance.h"

#include <numeric>

#include "dawson/core/atomic_file.h"
#include "dawson/report/chart.h"
#include "dawson/report/colours.h"
#include "dawson/report/picture.h"

namespace dawson::report {

using namespace chart;  // NOLINT(google-build-using-namespace): the words of a chart

void write_importance(const std::filesystem::path& png, const std::vector<SettingScores>& settings,
                      int iterations) {
  std::vector<double> all;
  double rows = 0;
  for (const SettingScores& s : settings) {
    for (const ValueScores& v : s.values) {
      all.insert(all.end(), v.scores.begin(), v.scores.end());
      ++rows;
    }
  }
  Chart drawn;
  drawn.title = "What mattered";
  drawn.subtitle = "Each mark is a trial after " + std::to_string(iterations) +
                   " iterations, diamonds are means; on the right the share of the scores' "
                   "variance that a setting explains.";
  drawn.description = drawn.subtitle;
  drawn.width = 600;
  drawn.plot_height = 30 * rows;
  drawn.x = axis_around("(Dice + lesion F1) / 2, mean over held-out patients", all);
  drawn.y.from = 0.5;
  drawn.y.to = rows + 0.5;
  drawn.y.line = drawn.y.grid = false;
  double y = rows;
  for (std::size_t n = 0; n < settings.size(); ++n) {
    const SettingScores& s = settings[n];
    const Look look = look_of(n % 7);
    drawn.edge_labels.push_back({y, figure(100 * s.share, 0) + " %", look.colour});
    for (const ValueScores& v : s.values) {
      drawn.y.ticks.push_back({y, s.setting + " " + v.value});
      Marks marks{{}, look.mark, look.colour, 7};
      marks.colour.opacity = 0.6;
      for (const double score : v.scores) marks.points.push_back({score, y});
      drawn.elements.emplace_back(marks);
      const double mean = std::accumulate(v.scores.begin(), v.scores.end(), 0.0) /
                          static_cast<double>(v.scores.size());
      drawn.elements.emplace_back(Marks{{{mean, y}}, Mark::diamond, colours::ink, 9});
      --y;
    }
  }
  core::AtomicFile file(png);
  write_png(file.temporary(), picture_of(drawn));
  file.commit();
}

}  // namespace dawson::report
