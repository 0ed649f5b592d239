#include "dawson/report/report.h"

#include "dawson/cli/commands.h"
#include "dawson/cli/report_options.h"
#include "dawson/core/atomic_file.h"
#include "dawson/report/finished_case.h"
#include "dawson/report/history.h"
#include "dawson/report/validation_slices.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

struct Wish {
  report::CasePlace place;
  fs::path output;
};

std::vector<Wish> wishes(const Context& context) {
  std::vector<Wish> out;
  for (const fs::path& input : context.paths("input")) {
    for (report::CasePlace& place : report::find_finished(input)) {
      fs::path output = place.folder;
      if (context.has("output")) {
        output = (context.path("output") / fs::relative(place.folder, input)).lexically_normal();
      }
      out.push_back({std::move(place), std::move(output)});
    }
  }
  if (out.size() == 1) return out;
  refuse_patient_of_several(context);
  if (context.has("scan")) {
    throw Error(ExitCode::usage, "speaks of one case, but the input holds several", "--scan");
  }
  return out;
}

void remake(const Context& context, const Wish& wish,
            const std::optional<report::ReferenceCohort>& cohort) {
  core::AtomicFolder folder(wish.output, context.flag("overwrite"));
  for (const std::string& name : report::file_names(wish.place.stem)) folder.claim(name);
  const report::FinishedCase finished =
      report::open_finished(wish.place, context.has("scan") ? context.path("scan") : fs::path{});
  report::CaseReport r = finished.report();
  apply_patient(context, r.patient);
  r.paper = paper(context);
  r.bands = apply_bands(context, r.bands);
  r.cohort = cohort;
  report::write(r, folder.temporary());
  context.progress().check();
  folder.commit();
}

/// True when every input is a run that dawson train wrote; their pictures are then made.
bool draw_training_runs(const Context& context) {
  std::size_t runs = 0;
  const std::vector<fs::path> inputs = context.paths("input");
  for (const fs::path& input : inputs) {
    runs += report::is_training_run(input) ? 1 : 0;
  }
  if (runs == 0) return false;
  if (runs < inputs.size()) {
    throw Error(ExitCode::usage, "some inputs are training runs and some are not", "--input",
                "give the two kinds one after the other");
  }
  for (const fs::path& run : inputs) {
    report::write_history(run);
    context.out() << (run / "history.png").string() << "\n";
    if (!report::has_validation_slices(run)) continue;
    report::write_validation_slices(run);
    context.out() << (run / "validation.png").string() << "\n";
  }
  return true;
}

ExitCode run_report(Context& context) {
  if (draw_training_runs(context)) return ExitCode::done;
  const std::optional<report::ReferenceCohort> cohort = reference_cohort(context);
  const std::vector<Wish> all = wishes(context);
  std::size_t failed = 0;
  context.progress().step("report", all.size());
  for (const Wish& wish : all) {
    try {
      remake(context, wish, cohort);
      context.out() << (wish.output / (wish.place.stem + "_report.pdf")).string() << "\n";
    } catch (const Error& error) {
      if (all.size() == 1 || error.code() == ExitCode::interrupted) throw;
      context.report(wish.place.stem + ": " + error.what());
      ++failed;
    }
    context.progress().advance();
  }
  context.progress().finish();
  if (failed > 0) {
    context.report(std::to_string(failed) + " of " + std::to_string(all.size()) +
                   " cases failed; the rest is done");
  }
  return failed == 0 ? ExitCode::done : ExitCode::partial;
}

std::vector<Option> options() {
  Option output =
      output_option("Folder for the new files; without it they go beside the old ones.");
  output.required = false;
  std::vector<Option> all = {
      input_option("Folder that dawson segment wrote, or a tree of such folders; or the folder of "
                   "a training run."),
      output,
      {.name = "scan",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "The segmented scan, where it is not at the place the record names."}};
  for (Option& option : report_options()) all.push_back(std::move(option));
  all.push_back(overwrite_option());
  return all;
}

}  // namespace

Command report_command() {
  return {
      .name = "report",
      .purpose = "make pictures and report again from a finished segment folder",
      .description =
          "Reads masks, probabilities and run record of a case that dawson segment has finished "
          "and writes its lesion table, pictures and report (PDF, HTML, JSON, text) anew, with "
          "other patient fields, paper, severity bands or reference cohort. Nothing is segmented "
          "again.\n\nThe scan is the one that the run record names, if its SHA-256 still agrees, "
          "or --scan. Patient fields and bands not given here stay as the report that is already "
          "there has them; the cohort is to be named again.\n\nFor the folder of a training run "
          "(history.tsv) it draws history.png and, where patients were set apart "
          "for validation, validation.png: slices of them with the lesions drawn and found.",
      .options = options(),
      .example = {"dawson report -i out --name \"Jane Example\" --age 37 --overwrite",
                  "Writes the report in out again, with name and age."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::partial},
      .run = run_report};
}

}  // namespace dawson::cli
