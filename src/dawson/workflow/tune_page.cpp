#include "dawson/workflow/tune_page.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/atomic_file.h"
#include "dawson/core/table.h"
#include "dawson/evaluation/statistics.h"
#include "dawson/workflow/importance.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// The last rung that a trial was on.
struct Standing {
  std::size_t trial = 0, rung = 0;
  const TrialOutcome* outcome = nullptr;
  [[nodiscard]] double score() const { return mean_score(outcome->scores); }
};

/// Best first: those of later rungs before others, failed ones last.
std::vector<Standing> standings(const std::vector<std::vector<std::size_t>>& rungs,
                                const Ledger& ledger) {
  std::vector<Standing> all;
  for (std::size_t r = rungs.size(); r-- > 0;) {
    for (const std::size_t t : rungs[r]) {
      const bool known =
          std::any_of(all.begin(), all.end(), [&](const Standing& s) { return s.trial == t; });
      if (!known) all.push_back({t, r, ledger.find(t, r)});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Standing& a, const Standing& b) {
    if (a.outcome->done != b.outcome->done) return a.outcome->done;
    if (a.rung != b.rung) return a.rung > b.rung;
    return a.outcome->done && a.score() > b.score();
  });
  return all;
}

core::Table table_of(const TuneSettings& settings, const std::vector<Point>& points,
                     const std::vector<Standing>& all) {
  std::vector<core::Column> columns = {{"trial", "its number, and folder below trials/"}};
  for (const Choice& c : settings.search.choices) columns.push_back({c.setting, "searched"});
  for (core::Column& c :
       std::vector<core::Column>{{"rung", "the last that it was on, from 1"},
                                 {"iterations", "gradient steps of that rung"},
                                 {"score", "(Dice + lesion F1) / 2, mean over held-out patients"},
                                 {"dice", "mean over patients"},
                                 {"lesion_f1", "mean over patients"},
                                 {"false_lesions", "a scan, mean over patients"},
                                 {"seconds", "wall time of that rung, all folds"},
                                 {"status", "done or failed"},
                                 {"reason", "why it failed"}}) {
    columns.push_back(std::move(c));
  }
  core::Table table(columns);
  for (const Standing& s : all) {
    std::vector<std::string> cells = {std::to_string(s.trial)};
    for (const auto& [name, value] : points[s.trial]) cells.push_back(value);
    const TrialOutcome& o = *s.outcome;
    const auto figure = [&](double x, int decimals) {
      return o.done ? core::number(x, decimals) : std::string("n/a");
    };
    for (std::string& cell : std::vector<std::string>{
             std::to_string(s.rung + 1), std::to_string(settings.search.rungs[s.rung]),
             figure(s.score(), 4), figure(o.dice, 4), figure(o.lesion_f1, 4),
             figure(o.false_lesions, 2), core::number(o.seconds, 0), o.done ? "done" : "failed",
             o.done ? "n/a" : o.reason}) {
      cells.push_back(std::move(cell));
    }
    table.add_row(std::move(cells));
  }
  return table;
}

/// Numbers and switches bare, all else between quotes.
std::string toml_value(const std::string& text) {
  const core::Json bare = core::Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return bare.is_number() || bare.is_boolean() ? text : core::Json(text).dump();
}

/// As a settings file has it, whole: `dawson crossval --config best.toml` comes to the same
/// figures.
std::string best_toml(const core::Layer& given, const Point& point, int iterations) {
  std::string text = "[crossval]\niterations = " + std::to_string(iterations) + "\n";
  for (const auto& [name, value] : given) {
    const bool searched = std::any_of(point.begin(), point.end(),
                                      [&](const auto& setting) { return setting.first == name; });
    if (searched || value.texts.empty()) continue;
    std::string list;
    for (const std::string& t : value.texts) list += (list.empty() ? "" : ", ") + toml_value(t);
    text += name + " = " + (value.texts.size() == 1 ? list : "[" + list + "]") + "\n";
  }
  for (const auto& [name, value] : point) text += name + " = " + toml_value(value) + "\n";
  return text;
}

std::string interval_of(const PatientScores& scores) {
  std::vector<double> values;
  for (const auto& [patient, score] : scores) values.push_back(score);
  if (values.size() < evaluation::min_patients_for_interval) return "";
  const evaluation::Interval i = evaluation::bootstrap_mean(values);
  return " (95 % interval " + core::number(i.low, 3) + " – " + core::number(i.high, 3) +
         ", bootstrap over patients)";
}

/// The scores of a rung's trials, for the picture and the nested figure.
std::vector<PatientScores> scores_of(const std::vector<std::size_t>& trials, std::size_t rung,
                                     const Ledger& ledger) {
  std::vector<PatientScores> scores;
  for (const std::size_t t : trials) {
    if (ledger.find(t, rung)->done) scores.push_back(ledger.find(t, rung)->scores);
  }
  return scores;
}

std::string page_of(const TuneSettings& settings, const std::vector<Point>& points,
                    const std::vector<std::vector<std::size_t>>& rungs,
                    const std::vector<Standing>& all, const Ledger& ledger,
                    const std::vector<report::SettingScores>& settings_scores) {
  const Standing& best = all.front();
  std::string page = "# Search\n\nMade by `" + settings.command_line + "`.\n\n";
  if (!best.outcome->done) return page + "Every trial failed; table.tsv says why.\n";
  std::map<std::string, int> folds;
  for (const dataset::FoldRow& row : settings.folds.rows) {
    folds[row.source + "/" + row.participant] = row.fold;
  }
  page += "**Best**: " + words_of(points[best.trial]) + ", after " +
          std::to_string(settings.search.rungs[best.rung]) + " iterations: score " +
          core::number(best.score(), 3) + interval_of(best.outcome->scores) + ", Dice " +
          core::number(best.outcome->dice, 3) + ", lesion F1 " +
          core::number(best.outcome->lesion_f1, 3) + ". It was chosen as the best of " +
          std::to_string(points.size()) +
          " on the patients that it is judged on, so that this flatters.\n\n";
  const double nested = nested_score(scores_of(rungs.front(), 0, ledger), folds);
  const double at_first = mean_score(ledger.find(best.trial, 0)->scores);
  if (std::isfinite(nested)) {
    page +=
        "**Nested choice**, on the first rung, where all trials are: when each fold's patients are "
        "judged by the trial that is best on the other folds', the score is " +
        core::number(nested, 3) + "; the best trial's there is " + core::number(at_first, 3) +
        ". The models by which the other folds were judged had trained on those patients: the "
        "choice is nested, the training is not.\n\n";
  }
  page +=
      "## Trials\n\n| trial | setting | iterations | score | Dice | lesion F1 | false lesions | "
      "|\n|---|---|---|---|---|---|---|---|\n";
  for (const Standing& s : all) {
    const TrialOutcome& o = *s.outcome;
    page += "| " + std::to_string(s.trial) + " | " + words_of(points[s.trial]) + " | " +
            std::to_string(settings.search.rungs[s.rung]) + " | ";
    page += o.done ? core::number(s.score(), 3) + " | " + core::number(o.dice, 3) + " | " +
                         core::number(o.lesion_f1, 3) + " | " + core::number(o.false_lesions, 1) +
                         " | |\n"
                   : "| | | | " + o.reason + " |\n";
  }
  page +=
      "\nEach rung trains anew for its own number of iterations, with the learning rate's whole "
      "schedule.\n\n## What mattered\n\n![Scores by value](importance.png)\n\n| setting | share of "
      "the variance | value | trials | mean score |\n|---|---|---|---|---|\n";
  for (const report::SettingScores& s : settings_scores) {
    for (const report::ValueScores& v : s.values) {
      double sum = 0;
      for (const double score : v.scores) sum += score;
      page += "| " + s.setting + " | " + core::number(100 * s.share, 0) + " % | " + v.value +
              " | " + std::to_string(v.scores.size()) + " | " +
              core::number(sum / static_cast<double>(v.scores.size()), 3) + " |\n";
    }
  }
  return page;
}

}  // namespace

void write_tune_results(const TuneSettings& settings, const std::vector<Point>& points,
                        const std::vector<std::vector<std::size_t>>& rungs, const Ledger& ledger,
                        const fs::path& out) {
  const std::vector<Standing> all = standings(rungs, ledger);
  table_of(settings, points, all).write(out / "table.tsv");
  std::vector<report::SettingScores> mattered;
  if (const Standing& best = all.front(); best.outcome->done) {
    core::write_text(out / "best.toml", best_toml(settings.given, points[best.trial],
                                                  settings.search.rungs[best.rung]));
    std::vector<Point> of_first;
    std::vector<double> scores;
    for (const std::size_t t : rungs.front()) {
      if (!ledger.find(t, 0)->done) continue;
      of_first.push_back(points[t]);
      scores.push_back(mean_score(ledger.find(t, 0)->scores));
    }
    mattered = importance(settings.search, of_first, scores);
    report::write_importance(out / "importance.png", mattered, settings.search.rungs.front());
  }
  core::write_text(out / "tune.md", page_of(settings, points, rungs, all, ledger, mattered));
}

}  // namespace dawson::workflow
