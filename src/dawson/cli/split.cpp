#include "dawson/dataset/split.h"

#include "dawson/cli/commands.h"

namespace dawson::cli {
namespace {

ExitCode split_scans(Context& context) {
  const auto file = context.path("output");
  if (std::filesystem::exists(file) && !context.flag("overwrite")) {
    throw Error(ExitCode::output, "exists already", file.string(),
                "give --overwrite to replace it");
  }
  const std::vector<dataset::Scan> scans = dataset::find_scans(context.paths("input"));
  const dataset::Volumes volumes = dataset::lesion_volumes_ml(scans);
  const std::vector<dataset::PatientTraits> patients = dataset::traits_of(scans, volumes);
  const std::vector<int> fold_of_patient = dataset::stratify(
      patients, context.integer("count"), static_cast<std::uint64_t>(context.long_integer("seed")));
  dataset::write_folds(dataset::make_folds(scans, volumes, patients, fold_of_patient), file);
  for (const std::string& line : dataset::describe_folds(patients, fold_of_patient)) {
    context.report(line);
  }
  context.out() << file.string() << "\n";
  return ExitCode::done;
}

}  // namespace

Command split_command() {
  return {
      .name = "split",
      .purpose = "make patient-level folds for a cross-validation",
      .description =
          "Deals the patients of BIDS trees to folds of equal size, so that sites, sexes, thirds "
          "of "
          "lesion volume and of age are spread evenly. All visits of a patient share a fold; a "
          "patient is a tree and a participant, so the same person under two names must be found "
          "first. Site, sex and age come from participants.tsv; what is not known counts as a kind "
          "of its own. The same input and seed give the same folds.\n\nWhat each fold got is said "
          "on standard error.",
      .options = {input_option("BIDS trees, or folders that hold such trees."),
                  {.name = "output",
                   .letter = 'o',
                   .type = OptionType::path,
                   .unit = "FILE",
                   .required = true,
                   .help = "The table to write, for crossval --folds; its columns are explained in "
                           "the .json beside it."},
                  {.name = "count",
                   .type = OptionType::integer,
                   .unit = "COUNT",
                   .default_value = "5",
                   .minimum = 2,
                   .maximum = 1000,
                   .help = "How many folds."},
                  seed_option("Decides between equally even splits."),
                  overwrite_option()},
      .example = {"dawson split -i data -o folds.tsv", "Five folds of the patients in data."},
      .exit_codes = {ExitCode::input, ExitCode::output},
      .run = split_scans};
}

}  // namespace dawson::cli
