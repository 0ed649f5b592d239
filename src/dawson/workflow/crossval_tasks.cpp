#include "dawson/workflow/crossval_tasks.h"

#include "dawson/core/error.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

struct Task {
  std::string name;               ///< in messages: "fold 2"
  std::string file;               ///< of its log: "fold-2"
  std::vector<std::string> more;  ///< words after the command
};

void run_stage(const std::string& stage, const std::vector<Task>& list, const CrossvalTasks& tasks,
               const fs::path& out, Progress& progress) {
  const fs::path place = out / "tasks";
  std::vector<Launch> launches;
  for (const Task& task : list) {
    launches.push_back({tasks.command, place / (task.file + ".log")});
    std::vector<std::string>& words = launches.back().arguments;
    words.insert(words.end(), task.more.begin(), task.more.end());
    fs::create_directories(place);
  }
  progress.step(stage, list.size());
  std::vector<std::string> failures;
  run_all(launches, tasks.where, place / ("slurm-" + list.front().file), progress,
          [&](std::size_t i, const Ended& ended) {
            if (!ended.done) {
              failures.push_back(list[i].name + ": " + ended.reason);
              progress.warn(failures.back());
            }
            progress.advance();
          });
  progress.finish();
  if (failures.empty()) return;
  throw Error(ExitCode::partial,
              std::to_string(failures.size()) + " of " + std::to_string(list.size()) +
                  " tasks failed, the first " + failures.front(),
              place.string(), "the same command again does what is left");
}

}  // namespace

void run_as_tasks(const CrossvalSettings& settings, const CrossvalTasks& tasks, const fs::path& out,
                  Progress& progress) {
  std::vector<Task> folds;
  for (int k = tasks.with_final ? -1 : 0; k < settings.folds.count; ++k) {
    if (fold_is_done(settings, k, out)) continue;
    const std::string number = std::to_string(k);
    folds.push_back({k < 0 ? "the final models" : "fold " + number,
                     k < 0 ? "final" : "fold-" + number,
                     {"--fold=" + number}});
  }
  if (!folds.empty()) run_stage("folds", folds, tasks, out, progress);
  if (!settings.prepare_only)
    run_stage("gathering", {{"gathering", "gather", {}}}, tasks, out, progress);
}

}  // namespace dawson::workflow
