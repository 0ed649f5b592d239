#include "dawson/workflow/qc.h"

#include "dawson/cli/commands.h"
#include "dawson/core/folders.h"

namespace dawson::cli {
namespace {

ExitCode qc(Context& context) {
  const auto out = context.path("output");
  const std::vector<workflow::SegmentJob> jobs =
      workflow::find_jobs(context.paths("input"), out, context.progress());
  const anatomy::BrainFinder brains(bundle::Bundle::open(
      context.has("brain-model") ? context.path("brain-model") : core::find_model_file("brain")));
  const anatomy::Atlas atlas = anatomy::Atlas::open(core::find_model_file("atlas"));
  workflow::QcSettings settings;
  settings.brains = &brains;
  settings.atlas = &atlas;
  settings.reference = quality::read_reference(core::find_model_file("quality/reference.json"));
  if (context.has("review")) settings.review = dataset::read_review(context.path("review"));
  settings.overwrite = context.flag("overwrite");
  const workflow::QcOutcome outcome =
      workflow::check_scans(jobs, settings, out, context.progress());
  context.report(std::to_string(outcome.accepted) + " accepted, " +
                 std::to_string(outcome.to_look_at) + " to look at, " +
                 std::to_string(outcome.rejected) + " rejected");
  context.out() << (out / "index.html").string() << "\n";
  return context.flag("strict") && outcome.rejected > 0 ? ExitCode::check : ExitCode::done;
}

}  // namespace

Command qc_command() {
  return {
      .name = "qc",
      .purpose = "look at scans before they are trusted",
      .description =
          "Measures every FLAIR scan (noise, blur, movement, unevenness, coverage and others; "
          "docs/quality.md) and compares it with the scans that the shipped models were tested on. "
          "Finds scans of another sequence, heads that lie otherwise than the header says, and the "
          "same scan under two names, be it flipped, rescaled or cropped.\n\n"
          "Writes a table (qc.tsv) with a verdict and its reasons for each scan, and a page of "
          "thumbnails (index.html) that a person looks over. Accepted: nothing was found against "
          "it. Look: a person should. Rejected: not to be used as it is. A person's own verdicts, "
          "given as --review, stand above these; `dawson prepare --review` leaves rejected scans "
          "out.",
      .options = {input_option("FLAIR scans, BIDS trees, folders of DICOM files or of images, or "
                               "lists, as of segment."),
                  output_option("Folder for the table and the page."),
                  {.name = "review",
                   .type = OptionType::path,
                   .unit = "FILE",
                   .help =
                       "A person's verdicts: columns case, verdict (accept or reject), reason."},
                  {.name = "strict",
                   .type = OptionType::flag,
                   .help = "End with exit code 8 when a scan is rejected."},
                  {.name = "brain-model",
                   .type = OptionType::path,
                   .unit = "FOLDER",
                   .help = "The brain model to use, if not the shipped one."},
                  overwrite_option()},
      .example = {"dawson qc -i data -o quality",
                  "Looks at every scan of the trees in data; quality/index.html shows them."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::check},
      .run = qc};
}

}  // namespace dawson::cli
