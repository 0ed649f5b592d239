#include "dawson/cli/commands.h"
#include "dawson/cli/model_options.h"
#include "dawson/cli/process_options.h"
#include "dawson/cli/report_options.h"
#include "dawson/cli/sequence_options.h"
#include "dawson/core/folders.h"
#include "dawson/workflow/segment_cohort.h"

namespace dawson::cli {
namespace {

workflow::CohortSettings cohort_settings(const Context& context) {
  workflow::CohortSettings settings;
  settings.each.bands = apply_bands(context, {});
  settings.each.cohort = reference_cohort(context);
  settings.each.reference =
      quality::read_reference(core::find_model_file("quality/reference.json"));
  settings.each.paper = paper(context);
  settings.each.overwrite = context.flag("overwrite");
  settings.each.record = context.record();
  settings.resume = context.flag("resume");
  return settings;
}

/// One table for all, here or in parts.
ExitCode segment_many(Context& context, const std::vector<workflow::SegmentJob>& jobs,
                      const segmentation::Method& method,
                      const workflow::CohortSettings& settings) {
  const auto out = context.path("output");
  const workflow::Where place = where(context);
  if (place.elsewhere() && context.has("part")) {
    throw Error(ExitCode::usage, "a part is one process: --jobs and --slurm are for all", "--part");
  }
  workflow::CohortOutcome outcome;
  if (context.has("part")) {
    outcome = workflow::segment_part(
        jobs, method, settings, workflow::read_part(context.text("part")), out, context.progress());
  } else if (place.elsewhere()) {
    outcome = workflow::segment_in_parts(jobs, method.facts(), same_command(context), place,
                                         settings, out, context.progress());
  } else {
    outcome = workflow::segment_all(jobs, method, settings, out, context.progress());
  }
  if (!context.has("part")) context.out() << (out / "cohort.tsv").string() << "\n";
  if (outcome.failures.empty()) return ExitCode::done;
  context.report(std::to_string(outcome.failures.size()) + " of " +
                 std::to_string(outcome.done + outcome.failures.size()) +
                 " scans failed; the rest is done");
  return ExitCode::partial;
}

ExitCode segment(Context& context) {
  const auto out = context.path("output");
  std::vector<workflow::SegmentJob> jobs =
      workflow::find_jobs(context.paths("input"), out, context.progress());
  if (jobs.size() > 1) refuse_patient_of_several(context);
  for (workflow::SegmentJob& job : jobs) apply_patient(context, job.patient);
  segmentation::SegmenterSettings segmenter;
  segmenter.mirror = !context.flag("no-mirror");
  const auto method = open_method(context, segmenter);
  apply_other_scans(context, method->facts(), jobs);
  const workflow::CohortSettings settings = cohort_settings(context);
  if (jobs.size() > 1 || context.has("part")) return segment_many(context, jobs, *method, settings);
  const workflow::SegmentJob& job = jobs.front();
  if (!settings.resume || !workflow::finished_figures(job, method->facts(), settings.each)) {
    workflow::segment_scan(job, *method, settings.each, context.progress());
  }
  context.out() << (job.folder / (job.stem + "_report.pdf")).string() << "\n";
  return ExitCode::done;
}

std::vector<Option> options() {
  std::vector<Option> all = {
      input_option("A FLAIR scan, a BIDS tree, a folder of DICOM files or of images, or a list."),
      output_option("Folder for the results."),
      {.name = "no-mirror",
       .type = OptionType::flag,
       .help = "Do not average with the left-right mirrored head: half the time, "
               "slightly less accurate."}};
  all.push_back(method_option(
      "What finds the lesions: the network, or for comparison a traditional method "
      "(docs/traditional.md); --model then names the folder of a fitted one, if not the shipped."));
  for (Option& option : other_scan_options()) all.push_back(std::move(option));
  for (Option& option : model_options()) all.push_back(std::move(option));
  for (Option& option : report_options()) all.push_back(std::move(option));
  all.push_back(overwrite_option());
  all.push_back({.name = "resume",
                 .type = OptionType::flag,
                 .help = "Of an earlier, unfinished run of the same command: keep the scans that "
                         "are done, do the others."});
  for (Option& option : process_options("Of several scans, some ten each: parts", "each part")) {
    all.push_back(std::move(option));
  }
  all.push_back({.name = "part",
                 .unit = "K/N",
                 .help = "Only the K-th of every N scans, for a cluster without Slurm; a last call "
                         "with --resume and without --part writes the table."});
  return all;
}

}  // namespace

Command segment_command() {
  return {
      .name = "segment",
      .purpose = "find and measure the lesions of a FLAIR scan, or of many",
      .description =
          "Writes, for each scan, the lesion mask and probabilities and the brain mask on the "
          "scan's own grid, a table of lesions, pictures, the severity report (PDF, HTML, JSON, "
          "text) and a run record. The input may be an image (NIfTI, NRRD, MetaImage), "
          "a BIDS tree, a folder of images, or a list of paths (.txt). Of a folder of DICOM files "
          "each FLAIR series is read; name, identifier, age and sex come from its header, and the "
          "scan is written beside the results (STEM_FLAIR.nii.gz).\n\n"
          "Several scans go to a folder each, with one table for the cohort (cohort.tsv); a scan "
          "that fails is named and the rest goes on. Thousands are best done by several processes "
          "(--jobs) or on a cluster (--slurm; docs/cluster.md); --resume goes on where a run was "
          "ended.\n\n"
          "Research software, not a medical device.",
      .options = options(),
      .example = {"dawson segment -i sub-01_FLAIR.nii.gz -o out",
                  "Finds the lesions of one scan; out/sub-01_report.pdf is the report."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::resources,
                     ExitCode::partial},
      .run = segment};
}

}  // namespace dawson::cli
