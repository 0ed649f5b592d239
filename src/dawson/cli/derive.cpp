#include "dawson/workflow/derive.h"

#include "dawson/cli/commands.h"
#include "dawson/core/folders.h"

namespace dawson::cli {
namespace {

ExitCode derive(Context& context) {
  workflow::DeriveSettings settings;
  settings.trees = context.paths("input");
  settings.painted = context.integer("paint");
  settings.keep_lesions = context.flag("keep-lesions");
  if (context.has("shapes")) settings.shapes = context.path("shapes");
  settings.least_load_ml = context.real("least-load");
  settings.greatest_load_ml = context.real("greatest-load");
  settings.paint.faintest = context.real("faintest");
  settings.paint.brightest = context.real("brightest");
  settings.paint.confluent = context.flag("confluent");
  settings.seed = static_cast<std::uint64_t>(context.long_integer("seed"));
  settings.brain_model =
      context.has("brain-model") ? context.path("brain-model") : core::find_model_file("brain");
  settings.atlas = core::find_model_file("atlas");
  settings.overwrite = context.flag("overwrite");
  const workflow::CohortOutcome outcome =
      workflow::derive_cohort(settings, context.path("output"), context.progress());
  context.report(std::to_string(outcome.done) + " scans were made anew");
  return outcome.failures.empty() ? ExitCode::done : ExitCode::partial;
}

Option load_option(const char* name, const char* standard, const char* help) {
  return {.name = name,
          .type = OptionType::real,
          .unit = "ml",
          .default_value = standard,
          .minimum = 0.01,
          .maximum = 200,
          .help = help};
}

Option brightness_option(const char* name, const char* standard, const char* help) {
  Option option = load_option(name, standard, help);
  option.unit = "DEVIATIONS";
  option.maximum = 20;
  option.help += " In robust deviations above the brain's median.";
  return option;
}

}  // namespace

Command derive_command() {
  return {
      .name = "derive",
      .purpose = "make a labelled cohort anew: without its lesions, or with painted ones",
      .description =
          "Fills the lesions of every scan that has a manual mask with normal white matter of the "
          "same scan and writes BIDS trees with empty lesion masks; or, with --paint, paints "
          "lesions of real shapes into them and extends the masks.\n\n"
          "Trees and participants keep their names: a patient is source + participant, so folds "
          "hold for what was made of them. Lesions that a mask lacks remain in its scan.",
      .options = {input_option("BIDS trees with manual masks, or folders that hold such trees."),
                  output_option("Folder of the new trees, one a source."),
                  {.name = "paint",
                   .type = OptionType::integer,
                   .unit = "COUNT",
                   .default_value = "0",
                   .minimum = 0,
                   .maximum = 1000,
                   .help = "Painted versions of each scan; 0 makes one version without lesions."},
                  {.name = "shapes",
                   .type = OptionType::path,
                   .unit = "FOLDER",
                   .help = "Lesion masks in MNI152 space whose lesions are painted. Leave out the "
                           "patients that anything is tested on."},
                  {.name = "keep-lesions",
                   .type = OptionType::flag,
                   .help = "Paint beside the scans' own lesions, which stay in scan and mask."},
                  load_option("least-load", "0.3",
                              "Smallest volume painted into a scan; volumes are log-uniform."),
                  load_option("greatest-load", "5", "Largest volume painted into a scan."),
                  brightness_option("faintest", "1.8",
                                    "Median brightness of the faintest lesions painted."),
                  brightness_option("brightest", "3.3", "Of the brightest."),
                  {.name = "confluent",
                   .type = OptionType::flag,
                   .help =
                       "Paint as a heavy load looks: large shapes are drawn more often, and cut "
                       "where there is no tissue for them."},
                  seed_option("Of texture, places and shapes."),
                  {.name = "brain-model",
                   .type = OptionType::path,
                   .unit = "FOLDER",
                   .help =
                       "The bundle that finds the brain where a scan has neither a brain mask nor "
                       "came stripped. Default: the one that comes with dawson."},
                  overwrite_option()},
      .example = {"dawson derive -i cohort -o cohort-free",
                  "Every labelled scan without its lesions, for counting false ones."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::partial},
      .run = derive};
}

}  // namespace dawson::cli
