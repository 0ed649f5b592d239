#include "dawson/workflow/tune.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/workflow/halving.h"
#include "dawson/workflow/ledger.h"
#include "dawson/workflow/search_identity.h"
#include "dawson/workflow/tune_page.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

std::string four_digits(std::size_t n) {
  const std::string digits = std::to_string(n);
  return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

fs::path prepared_folder(const fs::path& out) {
  return out / "prepared";
}

/// A full disk says nothing of a setting: the search ends, and goes on when there is room.
void require_room(const Ended& ended, const std::string& who, const fs::path& folder) {
  if (ended.exit_code != static_cast<int>(ExitCode::output)) return;
  throw Error(ExitCode::output, who + " cannot write its output: " + ended.reason, folder.string(),
              "make room and give the same command again");
}

/// Fold by fold, as the trials will ask for them.
void prepare(const TuneSettings& settings, const fs::path& out, Progress& progress) {
  const fs::path done = prepared_folder(out) / "done";
  if (fs::exists(done)) return;
  progress.step("brain models and caches");
  std::vector<std::string> command = settings.command;
  for (const std::string& word :
       {std::string("--prepare-only"), std::string("-o"), prepared_folder(out).string()}) {
    command.push_back(word);
  }
  run_all({{command, prepared_folder(out) / "log.txt"}}, {1, 0, settings.where.slurm},
          prepared_folder(out) / "slurm", progress, [&](std::size_t, const Ended& ended) {
            if (ended.done) return;
            require_room(ended, "preparing", prepared_folder(out));
            throw Error(ExitCode::input, "could not be prepared: " + ended.reason,
                        (prepared_folder(out) / "log.txt").string());
          });
  core::write_text(done, "");
}

Launch launch_of(const TuneSettings& settings, const Point& point, int iterations,
                 const fs::path& folder, const fs::path& out) {
  Launch launch{settings.command, folder / "log.txt"};
  std::vector<std::string> more = {"-o", folder.string(), "--iterations",
                                   std::to_string(iterations)};
  if (settings.share_caches) {
    more.emplace_back("--from");
    more.push_back(prepared_folder(out).string());
  }
  for (const auto& [name, value] : point) more.push_back("--" + name + "=" + value);
  launch.arguments.insert(launch.arguments.end(), more.begin(), more.end());
  return launch;
}

/// Means over a patient's scans, then over patients, of a finished trial.
TrialOutcome outcome_of(const fs::path& folder, double seconds) {
  const core::Table table = core::Table::read(folder / "evaluation" / "cases.tsv");
  std::map<std::string, std::vector<const std::vector<std::string>*>> rows;
  for (const auto& row : table.rows()) rows[row[table.column("patient")]].push_back(&row);
  TrialOutcome outcome;
  outcome.done = true;
  outcome.seconds = seconds;
  for (const auto& [patient, scans] : rows) {
    const auto mean = [&](const char* measure) {
      double sum = 0, count = 0;
      for (const auto* row : scans) {
        const std::string& cell = (*row)[table.column(measure)];
        if (cell == "n/a") continue;
        sum += std::stod(cell);
        ++count;
      }
      return count > 0 ? sum / count : 0;
    };
    const double dice = mean("dice"), f1 = mean("lesion_f1");
    const double share = 1 / static_cast<double>(rows.size());
    outcome.dice += share * dice;
    outcome.lesion_f1 += share * f1;
    outcome.false_lesions += share * mean("false_lesions");
    outcome.scores.emplace(patient, (dice + f1) / 2);
  }
  return outcome;
}

/// Runs what of a rung the ledger does not know yet.
void run_rung(const TuneSettings& settings, const std::vector<Point>& points,
              const std::vector<std::size_t>& trials, std::size_t rung, const fs::path& out,
              Ledger& ledger, Progress& progress) {
  std::vector<Launch> launches;
  std::vector<std::size_t> left;
  std::vector<fs::path> folders;
  for (const std::size_t t : trials) {
    if (ledger.find(t, rung) != nullptr) continue;
    folders.push_back(out / "trials" / four_digits(t) / ("rung-" + std::to_string(rung)));
    launches.push_back(
        launch_of(settings, points[t], settings.search.rungs[rung], folders.back(), out));
    left.push_back(t);
  }
  progress.step("rung " + std::to_string(rung + 1) + " of " +
                    std::to_string(settings.search.rungs.size()) + ": " +
                    std::to_string(settings.search.rungs[rung]) + " iterations",
                trials.size());
  progress.advance(trials.size() - left.size());
  run_all(launches, settings.where, out / "slurm" / ("rung-" + std::to_string(rung)), progress,
          [&](std::size_t i, const Ended& ended) {
            const std::string who =
                "trial " + std::to_string(left[i]) + " (" + words_of(points[left[i]]) + ")";
            require_room(ended, who, folders[i]);
            TrialOutcome outcome;
            outcome.seconds = ended.seconds;
            outcome.reason = ended.reason;
            if (ended.done) outcome = outcome_of(folders[i], ended.seconds);
            if (!outcome.done) {
              progress.warn(who + " failed: " + outcome.reason);
            }
            ledger.write(left[i], rung, outcome);
            progress.advance();
          });
}

}  // namespace

void tune(const TuneSettings& settings, const fs::path& out, Progress& progress) {
  fs::create_directories(out);
  const std::vector<Point> points = draw_points(settings.search);
  const fs::path ledger_file = out / "ledger.jsonl";
  if (!fs::exists(ledger_file) && fs::exists(out / "trials")) {
    throw Error(ExitCode::usage, "holds trials, and no ledger that says of which search",
                out.string(), "choose another output folder");
  }
  Ledger ledger(ledger_file, search_identity(settings, points));
  if (settings.retry_failed) ledger.forget_failed();
  if (settings.share_caches) prepare(settings, out, progress);

  const std::vector<std::size_t> sizes =
      rung_sizes(points.size(), settings.search.rungs.size(), settings.search.keep);
  std::vector<std::size_t> trials(points.size());
  for (std::size_t t = 0; t < trials.size(); ++t) trials[t] = t;
  std::vector<std::vector<std::size_t>> rungs;
  for (std::size_t r = 0; r < sizes.size() && !trials.empty(); ++r) {
    run_rung(settings, points, trials, r, out, ledger, progress);
    rungs.push_back(trials);
    std::vector<PatientScores> scores(points.size());
    for (const std::size_t t : trials) scores[t] = ledger.find(t, r)->scores;
    trials = promoted(trials, scores, r + 1 < sizes.size() ? sizes[r + 1] : 1);
  }
  progress.finish();
  write_tune_results(settings, points, rungs, ledger, out);
  if (trials.empty()) {
    throw Error(ExitCode::check, "every trial failed", (out / "table.tsv").string(),
                "the table says why");
  }
}

}  // namespace dawson::workflow
