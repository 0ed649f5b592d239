#include "dawson/workflow/evaluate.h"

#include "dawson/cli/commands.h"
#include "dawson/core/atomic_file.h"
#include "dawson/core/table.h"

namespace dawson::cli {
namespace {

/// The line that made the figures, as stored with them: absolute paths by their last component.
std::string command_line(const Context& context) {
  const core::Json settings = context.settings().to_json();
  std::string line = "dawson evaluate";
  for (const char* name : {"reference", "prediction", "brain", "against", "scan", "participants",
                           "by", "rule", "output"}) {
    if (!settings.contains(name)) continue;
    const core::Json& value = settings[name];
    for (const core::Json& v : value.is_array() ? value : core::Json::array({value})) {
      if (v.is_string()) line += std::string(" --") + name + " " + v.get<std::string>();
    }
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

workflow::EvaluationSettings evaluation_settings(const Context& context) {
  const auto given = [&](const char* name) -> std::optional<std::filesystem::path> {
    if (!context.has(name)) return std::nullopt;
    return context.path(name);
  };
  workflow::EvaluationSettings s;
  s.references = {context.path("reference")};
  s.prediction = context.path("prediction");
  s.brain = given("brain");
  s.against = given("against");
  s.scan = given("scan");
  s.participants = given("participants");
  if (context.has("by")) s.by = context.texts("by");
  s.rule = *evaluation::lesion_rule_from(context.text("rule"));
  s.about = context.record();
  s.about["command_line"] = command_line(context);
  return s;
}

ExitCode evaluate(Context& context) {
  core::AtomicFolder folder(context.path("output"), context.flag("overwrite"));
  for (const std::string& name : workflow::evaluation_names()) folder.claim(name);
  const workflow::EvaluationOutcome outcome =
      workflow::evaluate(evaluation_settings(context), folder.temporary(), context.progress());
  folder.commit();
  const core::Json& summary = outcome.summary;
  context.report(counted(summary["overall"]["cases"], "case") + " of " +
                 counted(summary["overall"]["patients"], "patient") + ": " +
                 mean_of(summary, "dice", "Dice") + ", " +
                 mean_of(summary, "lesion_f1", "lesion F1"));
  context.report("figures: " + (context.path("output") / "index.html").string());
  return outcome.cohort.failed.empty() ? ExitCode::done : ExitCode::partial;
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
          "intervals overall, per site and per group (summary.json), groups against each other "
          "(fairness.tsv), two models against each other (comparison.tsv), plots, pictures and a "
          "page (index.html).\n\n"
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
                  {.name = "against",
                   .type = OptionType::path,
                   .unit = "PATH",
                   .help = "Another model's predictions, compared case by case with the first's."},
                  {.name = "scan",
                   .type = OptionType::path,
                   .unit = "PATH",
                   .help =
                       "FLAIR, or a folder of them: a picture a case, prediction beside truth."},
                  {.name = "by",
                   .unit = "COLUMN",
                   .repeats = true,
                   .help = "Column of participants.tsv whose values are compared as groups; age "
                           "becomes bands. May repeat."},
                  {.name = "participants",
                   .type = OptionType::path,
                   .unit = "FILE",
                   .help = "Table of patients, instead of the reference trees' participants.tsv."},
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
