#include "dawson/cli/commands.h"
#include "dawson/synthesis/cohort.h"

namespace dawson::cli {
namespace {

ExitCode phantom(Context& context) {
  synthesis::CohortSettings cohort;
  cohort.count = context.integer("count");
  cohort.training_set = context.flag("training-set");
  cohort.lesion_free = context.flag("lesion-free");
  cohort.overwrite = context.flag("overwrite");
  synthesis::PhantomSettings& head = cohort.phantom;
  head.seed = static_cast<std::uint64_t>(context.long_integer("seed"));
  head.lesion_load_ml = context.real("lesion-load");
  head.lesions = context.integer("lesions");
  head.spacing_mm = context.real("spacing");
  head.slice_mm = context.real("slice");
  head.noise_percent = context.real("noise");
  head.bias_percent = context.real("bias");
  head.warp_mm = context.real("warp");
  head.random_contrast = context.flag("random-contrast");
  head.skull = !context.flag("no-skull");
  synthesis::write_cohort(context.path("output"), cohort, context.progress());
  return ExitCode::done;
}

Option number_option(const char* name, const char* unit, const char* standard, double minimum,
                     double maximum, const char* help) {
  return {.name = name,
          .type = OptionType::real,
          .unit = unit,
          .default_value = standard,
          .minimum = minimum,
          .maximum = maximum,
          .help = help};
}

Option count_option(const char* name, const char* standard, double minimum, double maximum,
                    const char* help) {
  Option option = number_option(name, "COUNT", standard, minimum, maximum, help);
  option.type = OptionType::integer;
  return option;
}

Option flag_option(const char* name, const char* help) {
  return {.name = name, .type = OptionType::flag, .help = help};
}

}  // namespace

Command phantom_command() {
  return {
      .name = "phantom",
      .purpose = "make heads with lesions of known place and volume",
      .description =
          "Paints FLAIR-like scans on the Colin27 head (Debian's mricron-data) and writes them "
          "with their true lesion and brain masks as a BIDS tree. The same options give the same "
          "files.\n\n"
          "No model trains on the head as it is (--warp 0) or on a seed that five divides: these "
          "are kept for showing what a model does. With --training-set each head's load, contrast, "
          "slices and warp are drawn, such seeds are left out, and the options for one head are "
          "not used. --lesion-free draws heads to count false lesions in, from such seeds alone.",
      .options =
          {output_option("Folder of the BIDS tree."),
           count_option("count", "1", 1, 100000, "How many heads."),
           seed_option("Of the first head; each further head takes the next."),
           flag_option("training-set", "Draw the settings of each head, for training."),
           flag_option("lesion-free",
                       "Draw each head's shape, noise and coil field, thin and thick slices by "
                       "turns, no lesions; reserved seeds alone."),
           number_option("lesion-load", "ml", "12", 0, 200, "Volume of all lesions."),
           count_option("lesions", "25", 0, 500, "How many lesions are grown; some merge."),
           number_option("spacing", "mm", "1", 0.4, 4, "Voxel spacing in plane."),
           number_option("slice", "mm", "1", 0.4, 12, "Thickness of the axial slices."),
           number_option("noise", "%", "3", 0, 50, "Rician noise, of white matter's brightness."),
           number_option("bias", "%", "20", 0, 150, "Variation of the coil field in the brain."),
           number_option("warp", "mm", "0", 0, 12,
                         "Amplitude of a random change of the head's shape; 0 leaves it as it is."),
           flag_option("random-contrast", "Draw the tissues' brightness over a wide range."),
           flag_option("no-skull", "The brain alone; everything else is 0."), overwrite_option()},
      .example = {"dawson phantom -o demo --lesion-load 12",
                  "One head at 1 mm with 12 ml of lesions, and its true masks."},
      .exit_codes = {ExitCode::input, ExitCode::output},
      .run = phantom};
}

}  // namespace dawson::cli
