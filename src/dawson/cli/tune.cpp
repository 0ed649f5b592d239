#include "dawson/workflow/tune.h"

#include <algorithm>
#include <set>

#include "dawson/cli/commands.h"
#include "dawson/cli/process_options.h"
#include "dawson/cli/recipe_options.h"
#include "dawson/cli/split_options.h"
#include "dawson/cli/trial_settings.h"
#include "dawson/workflow/crossval.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

/// Whether the brain models or caches are others where this setting is another.
bool changes_caches(const workflow::Choice& choice) {
  std::set<std::string> names = {"brain-iterations", "seed", "extra-weight", "compute",
                                 "deterministic"};
  for (const Option& o : recipe_options()) names.insert(o.name);
  return names.contains(choice.setting);
}

/// What decides the trials' figures beside what is searched; how much memory a step may take, and
/// which device goes on, do not.
core::Json shared_settings(const core::Settings& shared, const workflow::Search& search) {
  core::Json json = shared.to_json();
  for (const char* name : {"extra", "memory", "change-device"}) json.erase(name);
  for (const workflow::Choice& c : search.choices) json.erase(c.setting);
  return json;
}

/// What begins every trial; no settings file speaks to it, since what that gives is among its
/// options.
std::vector<std::string> trial_command(const Context& context, const core::Settings& shared,
                                       const workflow::Search& search) {
  std::vector<std::string> words =
      task_command(context, "crossval",
                   {"output", "search", "trial-timeout", "retry-failed", "extra", "config"});
  std::set<std::string> searched;
  for (const workflow::Choice& c : search.choices) searched.insert(c.setting);
  for (std::string& word : shared.given_words(searched)) words.push_back(std::move(word));
  words.emplace_back("--config=/dev/null");
  return words;
}

ExitCode tune(Context& context) {
  const fs::path out = context.path("output");
  workflow::TuneSettings settings;
  settings.search = workflow::read_search(context.path("search"), searchable_options());
  settings.folds = split(context);
  settings.data = context.paths("input");
  dataset::require_all(settings.folds, workflow::labelled_scans(settings.data));
  if (context.has("slurm-time") && context.real("trial-timeout") > 0) {
    throw Error(ExitCode::usage, "says the same as --slurm-time", "--trial-timeout",
                "give one of them");
  }
  settings.where = where(context);
  settings.where.limit_s = 60 * context.real("trial-timeout");
  const core::Layer given = shared_layer(context);
  const core::Settings shared = core::Settings::resolve(trial_options(), {given});
  require_trainable_points(context, given, settings.search);
  settings.extra = shared.paths("extra");
  settings.given = given;
  settings.shared = shared_settings(shared, settings.search);
  settings.command = trial_command(context, shared, settings.search);
  settings.retry_failed = context.flag("retry-failed");
  settings.share_caches =
      std::none_of(settings.search.choices.begin(), settings.search.choices.end(), changes_caches);
  std::set<std::string> no_matter = {"retry-failed"};
  for (const Option& o : process_options("", "")) no_matter.insert(o.name);
  settings.command_line = command_line(context, no_matter);
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
       .help =
           "A trial that takes longer on a rung has failed; 0: no limit. With --slurm: rounded up "
           "to whole minutes, in the place of --slurm-time."},
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
          .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::resources,
                         ExitCode::check},
          .run = tune};
}

}  // namespace dawson::cli
