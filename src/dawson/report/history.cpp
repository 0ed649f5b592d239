#include "dawson/report/history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/report/chart.h"
#include "dawson/report/colours.h"
#include "dawson/report/words.h"
#include "dawson/report/words_training.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;
using namespace chart;

constexpr double panel_height = 130;
constexpr std::size_t most_marked = 40;  // more epochs are drawn as a line alone
constexpr double wide_range = 20;        // of learning rates: then on a logarithmic axis
const std::string validation_prefix = "validation_";
const std::string validation_loss = "validation_loss";  // a loss, no share: drawn with the losses

double value_of(const std::string& cell) {
  char* end = nullptr;
  const double value = std::strtod(cell.c_str(), &end);
  const bool whole = end != cell.c_str() && *end == '\0';
  return whole ? value : std::numeric_limits<double>::quiet_NaN();
}

struct Run {
  core::Table table;
  std::vector<double> iterations;

  [[nodiscard]] std::vector<double> column(const std::string& name) const {
    const std::size_t place = table.column(name);
    std::vector<double> values;
    for (const auto& row : table.rows()) values.push_back(value_of(row[place]));
    return values;
  }
};

bool any_finite(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// A line along the iterations with its name at its end.
void add_line(Chart& chart, const Run& run, const std::vector<double>& values,
              const std::string& name, std::size_t group) {
  const Look look = look_of(group);
  Line line{{}, look.colour, 2, look.dash};
  double last = std::numeric_limits<double>::quiet_NaN();
  // Between values that were measured the line goes straight: validation may be rarer than epochs.
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (!std::isfinite(values[n])) continue;
    line.points.push_back({run.iterations[n], values[n]});
    last = values[n];
  }
  chart.elements.emplace_back(line);
  if (line.points.size() <= most_marked) {
    chart.elements.emplace_back(Marks{line.points, look.mark, look.colour, 6});
  }
  chart.edge_labels.push_back({last, name, look.colour});
}

Chart panel(const Run& run, const std::string& title, const std::string& subtitle) {
  Chart chart;
  chart.title = title;
  chart.subtitle = subtitle;
  chart.plot_height = panel_height;
  chart.x = axis_around(english().plots.iteration, run.iterations);
  chart.x.from = 0;
  return chart;
}

void extend(std::vector<double>& all, const std::vector<double>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

Chart loss_panel(const Run& run, bool validated) {
  const PlotWords& words = english().plots;
  Chart chart = panel(run, words.history_loss,
                      words.history_subtitle + (validated ? "" : words.no_validation));
  std::vector<double> all{0};
  const TrainingWords& more = english_training();
  // Runs of earlier versions call the overlap part dice_loss.
  const std::array<std::pair<std::string, std::string>, 5> names{
      {{"loss", words.loss},
       {"overlap_loss", more.overlap_loss},
       {"dice_loss", words.dice_loss},
       {"bce_loss", words.bce_loss},
       {validation_loss, more.validation_loss}}};
  std::size_t drawn = 0;
  for (std::size_t n = 0; n < names.size(); ++n) {
    if (!run.table.has_column(names[n].first)) continue;
    const std::vector<double> values = run.column(names[n].first);
    if (!any_finite(values)) continue;
    extend(all, values);
    add_line(chart, run, values, names[n].second, drawn++);
  }
  chart.y = axis_around("", all);
  chart.y.from = std::min(0.0, *std::min_element(all.begin(), all.end()));
  return chart;
}

std::vector<std::string> measured_on_validation(const Run& run) {
  std::vector<std::string> names;
  for (const core::Column& column : run.table.columns()) {
    if (column.name.starts_with(validation_prefix) && column.name != validation_loss &&
        any_finite(run.column(column.name))) {
      names.push_back(column.name);
    }
  }
  return names;
}

std::string best_of(const Run& run) {
  const std::string name = validation_prefix + "dice";
  if (!run.table.has_column(name)) return "";
  const std::vector<double> dice = run.column(name);
  std::size_t best = dice.size();
  for (std::size_t n = 0; n < dice.size(); ++n) {
    if (std::isfinite(dice[n]) && (best == dice.size() || dice[n] > dice[best])) best = n;
  }
  if (best == dice.size()) return "";
  return filled(english().plots.best_dice,
                {figure(dice[best], 3), figure(run.iterations[best], 0)});
}

Chart validation_panel(const Run& run, const std::vector<std::string>& names) {
  Chart chart = panel(run, english().plots.history_validation, best_of(run));
  for (std::size_t n = 0; n < names.size(); ++n) {
    std::string name = names[n].substr(validation_prefix.size());
    std::replace(name.begin(), name.end(), '_', ' ');
    if (name == "dice") name = "Dice";
    if (name == "lesion f1") name = english_training().lesion_f1;
    add_line(chart, run, run.column(names[n]), name, n);
  }
  chart.y.from = 0;
  chart.y.to = 1;
  return chart;
}

/// How often the rate was halved since the loss was no longer finite; empty: never.
std::string rollbacks_of(const Run& run) {
  if (!run.table.has_column("rollbacks")) return "";
  const double last = run.column("rollbacks").back();
  if (!(last > 0)) return "";
  return filled(english_training().rollbacks, {figure(last, 0)});
}

Chart rate_panel(const Run& run) {
  const PlotWords& words = english().plots;
  Chart chart = panel(run, words.history_rate, rollbacks_of(run));
  const std::vector<double> rates = run.column("learning_rate");
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (const double rate : rates) {
    if (rate > 0) least = std::min(least, rate);
    most = std::max(most, rate);
  }
  const bool wide = most > wide_range * least;
  chart.y = axis_around("", rates, wide ? Scale::logarithmic : Scale::linear);
  if (!wide) chart.y.from = 0;
  add_line(chart, run, rates, "", 0);
  chart.edge_labels.clear();
  return chart;
}

Run read_run(const fs::path& folder) {
  const fs::path file = folder / "history.tsv";
  Run run{core::Table::read(file), {}};
  if (run.table.rows().empty()) {
    throw Error(ExitCode::input, "the history of this run has no epoch yet", file.string(),
                "let the run finish its first epoch");
  }
  static_cast<void>(run.table.column("loss"));  // says that it is not there
  run.iterations = run.column("iteration");
  return run;
}

}  // namespace

void write_history(const fs::path& folder) {
  const Run run = read_run(folder);
  const std::vector<std::string> validation = measured_on_validation(run);
  std::vector<Chart> charts{loss_panel(run, !validation.empty())};
  if (!validation.empty()) charts.push_back(validation_panel(run, validation));
  if (run.table.has_column("learning_rate") && any_finite(run.column("learning_rate"))) {
    charts.push_back(rate_panel(run));
  }
  const fs::path place = folder / "history.png";
  core::AtomicFile file(place);
  write_png(file.temporary(), picture_of(charts));
  file.commit();
}

}  // namespace dawson::report
