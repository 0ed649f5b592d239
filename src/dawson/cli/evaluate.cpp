#include "dawson/cli/commands.h"
#include "dawson/core/atomic_file.h"
#include "dawson/core/table.h"
#include "dawson/evaluation/cohort.h"

namespace dawson::cli {
namespace {

/// The line that made the figures, as stored with them: absolute paths by their last component.
std::string command_line(const Context& context) {
  const core::Json settings = context.settings().to_json();
  std::string line = "dawson evaluate";
  for (const char* name : {"reference", "prediction", "brain", "rule", "output"}) {
    if (!settings.contains(name) || !settings[name].is_string()) continue;
    line += std::string(" --") + name + " " + settings[name].get<std::string>();
  }
  return line;
}

/// "1 case", "2 cases"
std::string counted(const core::Json& number, const std::string& thing) {
  const int n = number.get<int>();
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

/// "Dice 0.71 (0.62 – 0.79)"
std::string mean_of(const core::Json& summary, const std::string& measure,
                    const std::string& title) {
  const core::Json& m = summary["overall"]["measures"][measure];
  if (!m["mean"].is_number()) return title + " n/a";
  std::string text = title + " " + core::number(m["mean"].get<double>(), 3);
  if (m["interval"].is_array()) {
    text += " (" + core::number(m["interval"][0].get<double>(), 3) + " – " +
            core::number(m["interval"][1].get<double>(), 3) + ")";
  }
  return text;
}

ExitCode evaluate(Context& context) {
  core::AtomicFolder folder(context.path("output"), context.flag("overwrite"));
  for (const std::string& name : evaluation::cohort_file_names()) folder.claim(name);
  std::optional<std::filesystem::path> brain;
  if (context.has("brain")) brain = context.path("brain");
  const evaluation::Pairing pairing =
      evaluation::pair_cases(context.path("reference"), context.path("prediction"), brain);
  const evaluation::CohortResult cohort = evaluation::evaluate_cohort(
      pairing, *evaluation::lesion_rule_from(context.text("rule")), context.progress());

  core::Json about = context.record();
  about["command_line"] = command_line(context);
  evaluation::write_cohort(cohort, about, folder.temporary());
  const core::Json summary = core::read_json(folder.temporary() / "summary.json");
  folder.commit();
  context.report(counted(summary["overall"]["cases"], "case") + " of " +
                 counted(summary["overall"]["patients"], "patient") + ": " +
                 mean_of(summary, "dice", "Dice") + ", " +
                 mean_of(summary, "lesion_f1", "lesion F1"));
  context.report("figures: " + (context.path("output") / "index.html").string());
  return cohort.failed.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace

Command evaluate_command() {
  return {
      .name = "evaluate",
      .purpose = "measure predicted lesions against a reference",
      .description =
          "Measures how well lesion masks agree with reference masks: voxels, lesions, surfaces, "
          "volumes and, where probabilities lie beside the predictions, calibration. Writes a row "
          "a case (cases.tsv), a row a lesion (lesions.tsv), means over patients with 95 % "
          "intervals overall and per site (summary.json) and a page (index.html).\n\n"
          "In folders, masks named *_label-lesion_mask pair by data set, participant and session, "
          "other images by equal names. A reference without a prediction is a failed case: the "
          "others are measured, and the exit code is 7.\n\n"
          "Sensitivity, PPV, specificity and accuracy are over the brain mask: the given one, "
          "else the *_label-brain_mask beside the reference, else beside the prediction.",
      .options = {{.name = "reference",
                   .type = OptionType::path,
                   .unit = "PATH",
                   .required = true,
                   .help = "Reference mask, or a folder of such masks (BIDS trees too)."},
                  {.name = "prediction",
                   .type = OptionType::path,
                   .unit = "PATH",
                   .required = true,
                   .help = "Predicted mask, or a folder of such masks, as segment writes them."},
                  output_option("Folder for tables, summary and page."),
                  {.name = "brain",
                   .type = OptionType::path,
                   .unit = "PATH",
                   .help = "Brain mask for all cases, or a folder of brain masks."},
                  {.name = "rule",
                   .unit = "NAME",
                   .default_value = "dawson",
                   .choices = {"dawson", "anima", "wmh2017", "shifts"},
                   .help = "When a lesion counts and when it is found: ours (26-connected, at "
                           "least 3 mm³, a tenth covered) or another tool's."},
                  overwrite_option()},
      .example = {"dawson evaluate --reference data/site --prediction out -o figures",
                  "Every case of a data set against what segment found in it."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::partial},
      .run = evaluate};
}

}  // namespace dawson::cli
