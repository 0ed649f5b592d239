#include <algorithm>
#include <map>
#include <set>

#include "dawson/cli/commands.h"
#include "dawson/cli/training_options.h"
#include "dawson/core/table.h"
#include "dawson/nn/device.h"
#include "dawson/training/trainer.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

/// The fold of each patient of folds.tsv. The table is read as it is, since this command also
/// builds where BIDS is not known. Throws Error{input} when a patient stands in two folds.
std::map<std::string, std::string> read_patients(const fs::path& folds) {
  const core::Table table = core::Table::read(folds);
  const std::size_t source = table.column("source");
  const std::size_t participant = table.column("participant_id");
  const std::size_t fold = table.column("fold");
  std::map<std::string, std::string> patients;
  for (const auto& row : table.rows()) {
    const std::string patient = row[source] + "/" + row[participant];
    const auto [known, is_new] = patients.emplace(patient, row[fold]);
    if (!is_new && known->second != row[fold]) {
      throw Error(
          ExitCode::input,
          "patient " + patient + " stands in two folds, " + known->second + " and " + row[fold],
          folds.string());
    }
  }
  return patients;
}

/// Leaves the patients of `fold` out of every cache: out of the extra ones too, which may hold
/// other pictures of the same heads. The first cache is left with patients of the other folds only.
void hold_out(const fs::path& folds, int fold, training::TrainingData& data) {
  const std::map<std::string, std::string> patients = read_patients(folds);
  const std::string held = std::to_string(fold);
  if (std::none_of(patients.begin(), patients.end(),
                   [&](const auto& p) { return p.second == held; })) {
    throw Error(ExitCode::usage, "no patient is in fold " + held, "--fold");
  }
  for (training::CacheSelection& selection : data) {
    const cache::Cache opened = cache::Cache::open(selection.cache);
    for (const cache::Entry& e : opened.entries()) {
      const auto known = patients.find(e.patient());
      const bool extra = &selection != &data.front();
      const bool trains = known == patients.end() ? extra : known->second != held;
      if (trains) selection.patients.push_back(e.patient());
    }
    if (selection.patients.empty()) {
      throw Error(ExitCode::input, "the cache holds none of the patients who may train",
                  selection.cache.string());
    }
  }
}

/// Throws Error{input} when all that a network would learn is one head.
void require_patients(const training::TrainingData& data) {
  std::set<std::string> patients;
  for (const training::CacheSelection& selection : data) {
    if (!selection.patients.empty()) {
      patients.insert(selection.patients.begin(), selection.patients.end());
      continue;
    }
    const cache::Cache opened = cache::Cache::open(selection.cache);
    for (const cache::Entry& e : opened.entries()) patients.insert(e.patient());
  }
  if (patients.size() > 1) return;
  throw Error(ExitCode::input,
              "there is one patient alone, whose head a network would learn by heart",
              data.front().cache.string(),
              "add patients or phantoms (--extra), or fine-tune a model with --init");
}

ExitCode train(Context& context) {
  training::TrainingData data = {{context.path("input"), {}, 1.0}};
  for (const fs::path& extra : context.paths("extra")) {
    data.push_back({extra, {}, context.real("extra-weight")});
  }
  if (context.has("fold")) {
    if (!context.has("folds")) {
      throw Error(ExitCode::usage, "needs the split as well", "--fold", "name it with --folds");
    }
    hold_out(context.path("folds"), context.integer("fold"), data);
  }
  const cache::Cache first = cache::Cache::open(data.front().cache);
  const bool fine_tunes = context.has("init");
  if (!fine_tunes) require_patients(data);
  training::TrainingSettings settings = training_settings(
      context, first.target(), training::sequences_beside_flair(first), fine_tunes);
  if (fine_tunes) {
    refuse_network_options(context);
    settings.init = context.path("init").string();
  }
  const c10::Device device = nn::find_device(settings.device);
  if (!device.is_cpu()) context.report("training on " + nn::describe(device));
  const training::TrainingResult result = training::train(
      data, settings, context.path("output"), context.flag("resume"), context.progress());
  context.report("trained for " + std::to_string(result.iterations) + " iterations" +
                 (result.rollbacks == 0
                      ? ""
                      : ", with " + std::to_string(result.rollbacks) +
                            " returns to a checkpoint since the loss was no longer finite"));
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
      {.name = "init",
       .type = OptionType::path,
       .unit = "BUNDLE",
       .help =
           "Fine-tune this model (the folder of a bundle, models/lesion say): its network and "
           "weights to begin with, a tenth of the learning rate, 300 iterations. The cache must "
           "be prepared by the same recipe."},
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
              "the last checkpoint, slices of validation patients at the best epoch and, at the "
              "end, model/: a bundle. A run that was stopped goes on with --resume. `dawson report "
              "RUN` draws its pictures.",
          .options = std::move(options),
          .example = {"dawson train -i cache --folds folds.tsv --fold 0 -o run",
                      "Trains on all patients but fold 0's."},
          .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::resources},
          .run = train};
}

}  // namespace dawson::cli
