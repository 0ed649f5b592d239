#include "dawson/workflow/tune.h"

#include <algorithm>
#include <set>

#include "dawson/cli/commands.h"
#include "dawson/cli/process.h"
#include "dawson/cli/slurm_options.h"
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

int threads_of(const Context& context) {
  return context.has("threads") ? context.integer("threads") : usable_cores();
}

std::vector<std::string> trial_command(const Context& context, int threads) {
  std::vector<std::string> words = {fs::read_symlink("/proc/self/exe").string(), "crossval"};
  const auto add = [&](const std::string& option, const std::string& value) {
    words.push_back(option);
    words.push_back(value);
  };
  if (context.has("config")) add("--config", context.path("config").string());
  for (const fs::path& p : context.paths("input")) add("-i", p.string());
  for (const fs::path& p : context.paths("extra")) add("--extra", p.string());
  if (context.has("folds")) add("--folds", context.path("folds").string());
  if (context.flag("leave-site-out")) words.emplace_back("--leave-site-out");
  add("--threads", std::to_string(threads));
  add("--progress", "plain");
  return words;
}

ExitCode tune(Context& context) {
  const fs::path out = context.path("output");
  workflow::TuneSettings settings;
  settings.search = workflow::read_search(context.path("search"), searchable());
  settings.folds = split(context);
  dataset::require_all(settings.folds, workflow::labelled_scans(context.paths("input")));
  settings.where = {context.integer("jobs"), 60 * context.real("trial-timeout"),
                    slurm_settings(context)};
  settings.command = trial_command(
      context, settings.where.slurm ? settings.where.slurm->cpus
                                    : std::max(1, threads_of(context) / settings.where.jobs));
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
      {.name = "jobs",
       .type = OptionType::integer,
       .unit = "COUNT",
       .default_value = "1",
       .minimum = 1,
       .help = "Trials at a time; they share --threads."},
      {.name = "trial-timeout",
       .type = OptionType::real,
       .unit = "MINUTES",
       .default_value = "0",
       .minimum = 0,
       .help = "A trial that takes longer on a rung has failed; 0: no limit."}};
  for (Option& o : slurm_options("each trial")) options.push_back(std::move(o));
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
              "its reason, and the search goes on.",
          .options = std::move(options),
          .example = {"dawson tune -i data --folds data/folds.tsv --search search.toml -o tuned",
                      "All trials of search.toml, one after the other."},
          .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::resources, ExitCode::check},
          .run = tune};
}

}  // namespace dawson::cli
