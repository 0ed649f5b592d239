#include "dawson/workflow/crossval.h"

#include "dawson/cli/commands.h"
#include "dawson/cli/crossval_settings.h"
#include "dawson/cli/model_options.h"
#include "dawson/cli/process_options.h"
#include "dawson/cli/recipe_options.h"
#include "dawson/cli/split_options.h"
#include "dawson/cli/training_options.h"
#include "dawson/core/folders.h"
#include "dawson/nn/device.h"
#include "dawson/workflow/crossval_tasks.h"

namespace dawson::cli {
namespace {

/// What averaged networks leave no room for.
void require_nothing_to_train(const Context& context) {
  if (!context.has("from")) {
    throw Error(ExitCode::usage, "needs --from, whose brain models the members were made with",
                "--members");
  }
  std::vector<std::string> idle{"method", "prepare-only"};
  for (const Option& o : training_options()) idle.push_back(o.name);
  for (const std::string& name : idle) {
    if (!context.settings().given(name)) continue;
    throw Error(ExitCode::usage, "is of no use with --members: nothing is trained", "--" + name);
  }
}

workflow::CrossvalSettings crossval_settings(const Context& context) {
  workflow::CrossvalSettings s = trained_settings(context);
  if (context.has("from")) s.from = context.path("from");
  if (context.has("members")) s.members = context.paths("members");
  if (!s.members.empty()) require_nothing_to_train(context);
  s.prepare_only = context.flag("prepare-only");
  s.data = context.paths("input");
  s.extra = context.paths("extra");
  s.folds = split(context);
  s.atlas = core::find_model_file("atlas");
  const c10::Device device = nn::find_device(s.lesion.device);
  if (!device.is_cpu()) context.report("training on " + nn::describe(device));
  s.record = context.record();
  s.command_line = command_line(context, {"fold"});
  return s;
}

ExitCode crossval(Context& context) {
  const workflow::CrossvalSettings settings = crossval_settings(context);
  const auto out = context.path("output");
  const workflow::Where place = where(context);
  if (place.elsewhere() && context.has("fold")) {
    throw Error(ExitCode::usage, "one fold is one process: --jobs and --slurm are for all",
                "--fold");
  }
  if (place.elsewhere()) {
    const bool with_final = context.flag("final");
    workflow::run_as_tasks(settings, {same_command(context), place, with_final}, out,
                           context.progress());
    return ExitCode::done;
  }
  if (context.has("fold")) {
    workflow::run_fold(settings, context.integer("fold"), out, context.progress());
    return ExitCode::done;
  }
  for (int k = 0; k < settings.folds.count; ++k)
    workflow::run_fold(settings, k, out, context.progress());
  if (context.flag("final")) workflow::run_fold(settings, -1, out, context.progress());
  if (!settings.prepare_only) workflow::gather(settings, out, context.progress());
  return ExitCode::done;
}

}  // namespace

Command crossval_command() {
  std::vector<Option> options = {
      input_option("BIDS trees with manual lesion masks, or folders that hold such trees."),
      output_option("Folder for runs, caches, predictions and results."),
      folds_option(),
      leave_site_out_option(),
      {.name = "fold",
       .type = OptionType::integer,
       .unit = "K",
       .minimum = -1,
       .help = "Train and predict this fold alone, without the results page; -1 trains the final "
               "models on all patients."},
      {.name = "extra",
       .type = OptionType::path,
       .unit = "FOLDER",
       .repeats = true,
       .help = "BIDS trees that train and are never judged: phantoms, in every fold; scans that "
               "dawson derive made of the patients, where the patient trains."},
      {.name = "extra-weight",
       .type = OptionType::real,
       .unit = "WEIGHT",
       .default_value = "0.2",
       .help = "How often an extra patient is drawn, against a patient's 1."},
      method_option("What is judged: the network, or a traditional method (docs/traditional.md), "
                    "fitted and tuned on each fold's training patients alone."),
      {.name = "from",
       .type = OptionType::path,
       .unit = "FOLDER",
       .help = "A cross-validation of the same data, folds and extra scans, whose brain models and "
               "caches serve here too."},
      {.name = "members",
       .type = OptionType::path,
       .unit = "FOLDER",
       .repeats = true,
       .help = "Cross-validations made with the same --from: nothing is trained, and each fold's "
               "network is the mean of theirs."},
      {.name = "prepare-only",
       .type = OptionType::flag,
       .help = "Train the brain models and make the caches, for --from of others, and no more."},
      {.name = "brain-iterations",
       .type = OptionType::integer,
       .unit = "COUNT",
       .default_value = "400",
       .help = "Gradient steps of each fold's brain network."},
      {.name = "final",
       .type = OptionType::flag,
       .help = "Also train the final models on all patients and write them to models/."},
      seed_option("Decides weights, draws and augmentation."),
  };
  for (Option& o : recipe_options()) options.push_back(std::move(o));
  for (Option& o : process_options("Folds", "each fold")) options.push_back(std::move(o));
  for (Option& o : training_options()) options.push_back(std::move(o));
  return {.name = "crossval",
          .purpose = "train and judge a network, or a traditional method, by cross-validation",
          .description =
              "For each fold: trains a brain network and a lesion network on the other folds' "
              "patients and predicts the held-out scans. Then chooses each fold's threshold, "
              "smallest lesion and temperature on the other folds' predictions, and writes the "
              "masks, the measures and one results page.\n\nWith --method, a traditional "
              "method stands in the lesion network's place; all else is the same.\n\nEverything "
              "that an earlier call "
              "finished is kept, and a training that was killed goes on: the same command again "
              "does what is left.",
          .options = std::move(options),
          .example = {"dawson crossval -i data --folds data/folds.tsv -o cv",
                      "All folds of the split, one after the other."},
          .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::resources,
                         ExitCode::partial},
          .run = crossval};
}

}  // namespace dawson::cli
