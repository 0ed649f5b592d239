#include "dawson/workflow/tune.h"

#include <algorithm>
#include <set>

#include "dawson/cli/commands.h"
#include "dawson/cli/process_options.h"
#include "dawson/cli/split_options.h"
#include "dawson/workflow/crossval.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

/// Of crossval: all but what says where things lie, and what the search itself decides.
std::vector<Option> searchable() {
  const std::set<std::string> others = {"input", "output", "folds", "leave-site-out", "fold",
                                        "extra", "final",  "from",  "prepare-only",   "iterations"};
  std::vector<Option> options;
  for (Option& o : crossval_command().options) {
    if (!others.contains(o.name)) options.push_back(std::move(o));
  }
  return options;
}

/// Whether the brain models or caches are others where this setting is another.
bool changes_caches(const workflow::Choice& choice) {
  return choice.setting == "sequences" || choice.setting == "brain-iterations" ||
         choice.setting == "seed" || choice.setting == "extra-weight";
}

ExitCode tune(Context& context) {
  const fs::path out = context.path("output");
  workflow::TuneSettings settings;
  settings.search = workflow::read_search(context.path("search"), searchable());
  settings.folds = split(context);
  dataset::require_all(settings.folds, workflow::labelled_scans(context.paths("input")));
  settings.where = where(context);
  settings.where.limit_s = 60 * context.real("trial-timeout");
  settings.command =
      task_command(context, "crossval", {"output", "search", "trial-timeout", "retry-failed"});
  settings.retry_failed = context.flag("retry-failed");
  settings.share_caches =
      std::none_of(settings.search.choices.begin(), settings.search.choices.end(), changes_caches);
  settings.command_line = "dawson tune";
  for (const fs::path& p : context.paths("input")) {
    settings.command_line += " -i " + p.filename().string();
  }
  settings.command_line += " --search " + context.path("search").filename().string();
  workflow::tune(settings, out, context.progress());
  context.out() << (out / "tune.md").string() << "\n";
  return ExitCode::done;
}

}  // namespace

Command tune_command() {
  std::vector<Option> options = {
      input_option("BIDS trees with manual lesion masks, or folders of such trees."),
      output_option("Folder for trials, ledger and results."),
      folds_option(),
      leave_site_out_option(),
      {.name = "search",
       .type = OptionType::path,
       .unit = "FILE",
       .required = true,
       .help = "What to try (search.toml; docs/tune.md)."},
      {.name = "extra",
       .type = OptionType::path,
       .unit = "FOLDER",
       .repeats = true,
       .help = "BIDS trees that train and are never judged, as of crossval."},
      {.name = "trial-timeout",
       .type = OptionType::real,
       .unit = "MINUTES",
       .default_value = "0",
       .minimum = 0,
       .help = "A trial that takes longer on a rung has failed; 0: no limit."},
      {.name = "retry-failed",
       .type = OptionType::flag,
       .help = "Run the trials again that failed when the command was last given."}};
  for (Option& o : process_options("Trials", "each trial")) options.push_back(std::move(o));
  return {.name = "tune",
          .purpose = "search settings of a network by cross-validation",
          .description =
              "Tries the settings of a search.toml: a grid, or points drawn at random. Every trial "
              "is a cross-validation on the same patient-level folds, a process of its own. With "
              "several numbers of iterations the search goes in rungs: all trials train shortly, "
              "the best of them longer (successive halving). Settings that the search does not "
              "name are crossval's: give them in --config, in [crossval].\n\nOUTPUT/table.tsv has "
              "the trials, best.toml the best setting for crossval's --config, tune.md what the "
              "choice is worth on patients that did not take part in it, importance.png what "
              "mattered.\n\nThe ledger keeps what is known: the same command goes on after "
              "a kill. A trial that crashes, needs too much memory or never ends is recorded with "
              "its reason, and the search goes on; --retry-failed gives it another try.",
          .options = std::move(options),
          .example = {"dawson tune -i data --folds data/folds.tsv --search search.toml -o tuned",
                      "All trials of search.toml, one after the other."},
          .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::resources, ExitCode::check},
          .run = tune};
}

}  // namespace dawson::cli
