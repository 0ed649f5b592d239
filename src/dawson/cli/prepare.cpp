#include "dawson/workflow/prepare.h"

#include "dawson/cli/commands.h"
#include "dawson/cli/process.h"
#include "dawson/cli/recipe_options.h"
#include "dawson/core/folders.h"
#include "dawson/dataset/review.h"

namespace dawson::cli {
namespace {

workflow::CohortOutcome fill_cache(const Context& context,
                                   const std::vector<dataset::Scan>& scans) {
  const auto out = context.path("output");
  const workflow::PrepareSettings settings{.overwrite = context.flag("overwrite"),
                                           .use_given_brain = context.flag("given-brain"),
                                           .workers = context.threads()};
  // Cores go to scans rather than into one: filters and networks of a scan gain little from them.
  set_threads(1);
  const preprocessing::RecipeSettings numbers = recipe_settings(context);
  if (context.text("target") == "brain") {
    if (!numbers.sequences.empty()) {
      throw Error(ExitCode::usage, "is for lesions: brains are found in the FLAIR alone",
                  "--sequences", "leave it out");
    }
    return workflow::prepare_brains(scans, out, settings, context.progress());
  }
  const auto brain =
      context.has("brain-model") ? context.path("brain-model") : core::find_model_file("brain");
  const preprocessing::Recipe recipe(
      numbers, std::make_shared<const anatomy::BrainFinder>(bundle::Bundle::open(brain)),
      std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(core::find_model_file("atlas"))));
  return workflow::prepare_lesions(scans, recipe, out, settings, context.progress());
}

ExitCode prepare(Context& context) {
  std::vector<dataset::Scan> scans = dataset::find_scans(context.paths("input"));
  if (context.has("review")) {
    const std::vector<std::string> left_out =
        dataset::leave_out_rejected(scans, dataset::read_review(context.path("review")));
    if (scans.empty()) throw Error(ExitCode::input, "the review rejects every scan", "--review");
    for (const std::string& scan : left_out) context.report("left out, as reviewed: " + scan);
  }
  const workflow::CohortOutcome outcome = fill_cache(context, scans);
  context.report(std::to_string(outcome.done) + " of " + std::to_string(scans.size()) +
                 " scans are in the cache");
  if (outcome.done == 0) {
    throw Error(ExitCode::input,
                "no scan could be prepared, the first because: " + outcome.failures.front());
  }
  return outcome.failures.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace

Command prepare_command() {
  std::vector<Option> options = {
      input_option("BIDS trees with manual masks, or folders that hold such trees."),
      output_option("Folder of the cache."),
      {.name = "target",
       .unit = "NAME",
       .default_value = "lesion",
       .choices = {"lesion", "brain"},
       .help = "What the network is to find."},
      {.name = "brain-model",
       .type = OptionType::path,
       .unit = "FOLDER",
       .help = "The brain model to use, if not the shipped one."},
      {.name = "given-brain",
       .type = OptionType::flag,
       .help = "Use manual brain masks where there are some (phantoms)."},
      {.name = "review",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "Leave out what this table rejects: verdicts of one's own, or the qc.tsv "
               "of `dawson qc`."}};
  for (Option& o : recipe_options()) options.push_back(std::move(o));
  options.push_back(overwrite_option());
  return {
      .name = "prepare",
      .purpose = "turn BIDS trees with masks into a training cache",
      .description =
          "Brings every scan with a manual mask to the space in which networks see it: brain "
          "mask, bias field, intensities, slices. Scans that are already in the cache with the "
          "same content are not done again, so an interrupted call goes on where it was. As many "
          "scans are under way at a time as --threads allows, each in a few hundred megabytes.",
      .options = std::move(options),
      .example = {"dawson prepare -i data -o cache",
                  "Caches every labelled scan of the trees in data."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::partial},
      .run = prepare};
}

}  // namespace dawson::cli
