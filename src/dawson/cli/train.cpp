#include <fstream>
#include <set>

#include "dawson/cli/commands.h"
#include "dawson/cli/training_options.h"
#include "dawson/core/table.h"
#include "dawson/training/trainer.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

/// The cache's patients that folds.tsv does not hold out in `fold`. The table is read as it is,
/// since this command also builds where BIDS is not known. Throws Error{input} on a leak.
std::vector<std::string> patients_without_fold(const fs::path& cache, const fs::path& folds,
                                               int fold) {
  const core::Table table = core::Table::read(folds);
  const std::size_t source = table.column("source");
  const std::size_t participant = table.column("participant_id");
  const std::size_t fold_column = table.column("fold");
  std::set<std::string> held, others;
  for (const auto& row : table.rows()) {
    const std::string patient = row[source] + "/" + row[participant];
    (row[fold_column] == std::to_string(fold) ? held : others).insert(patient);
  }
  for (const std::string& patient : held) {
    if (others.count(patient) != 0) {
      throw Error(ExitCode::input, "patient " + patient + " stands in two folds", folds.string());
    }
  }
  if (held.empty()) {
    throw Error(ExitCode::usage, "no patient is in fold " + std::to_string(fold), "--fold");
  }
  std::vector<std::string> patients;
  const cache::Cache opened = cache::Cache::open(cache);
  for (const cache::Entry& e : opened.entries()) {
    if (others.count(e.patient()) != 0) patients.push_back(e.patient());
  }
  if (patients.empty()) {
    throw Error(ExitCode::input, "the cache holds none of the patients of the split",
                cache.string());
  }
  return patients;
}

ExitCode train(Context& context) {
  training::TrainingData data = {{context.path("input"), {}, 1.0}};
  if (context.has("fold")) {
    if (!context.has("folds")) {
      throw Error(ExitCode::usage, "needs the split as well", "--fold", "name it with --folds");
    }
    data.front().patients =
        patients_without_fold(data.front().cache, context.path("folds"), context.integer("fold"));
  }
  for (const fs::path& extra : context.paths("extra")) {
    data.push_back({extra, {}, context.real("extra-weight")});
  }
  const std::string target = cache::Cache::open(data.front().cache).target();
  const training::TrainingResult result =
      training::train(data, training_settings(context, target), context.path("output"),
                      context.flag("resume"), context.progress());
  context.report("trained for " + std::to_string(result.iterations) + " iterations");
  context.out() << (context.path("output") / "model").string() << "\n";
  return ExitCode::done;
}

}  // namespace

Command train_command() {
  Option cache = {.name = "input",
                  .letter = 'i',
                  .type = OptionType::path,
                  .unit = "CACHE",
                  .required = true,
                  .help = "A cache made by dawson prepare."};
  std::vector<Option> options = {
      std::move(cache),
      output_option("Folder of the run."),
      {.name = "folds",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "The patient-level split (folds.tsv)."},
      {.name = "fold",
       .type = OptionType::integer,
       .unit = "K",
       .minimum = 0,
       .help = "Leave this fold's patients out; without it all patients train."},
      {.name = "extra",
       .type = OptionType::path,
       .unit = "CACHE",
       .repeats = true,
       .help = "Caches that train as well (phantoms)."},
      {.name = "extra-weight",
       .type = OptionType::real,
       .unit = "WEIGHT",
       .default_value = "0.2",
       .help = "How often an extra patient is drawn, against a patient's 1."},
      {.name = "resume",
       .type = OptionType::flag,
       .help = "Go on from the run's last checkpoint, to the same result."},
      seed_option("Decides weights, draws and augmentation."),
  };
  for (Option& o : training_options()) options.push_back(std::move(o));
  return {.name = "train",
          .purpose = "train one network on a cache",
          .description =
              "Trains on a cache (of lesions or of brains) and writes settings.json, history.tsv, "
              "the last checkpoint and, at the end, model/: a bundle. A run that was stopped goes "
              "on with --resume.",
          .options = std::move(options),
          .example = {"dawson train -i cache --folds folds.tsv --fold 0 -o run",
                      "Trains on all patients but fold 0's."},
          .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::resources},
          .run = train};
}

}  // namespace dawson::cli
