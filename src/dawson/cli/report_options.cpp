#include "dawson/cli/report_options.h"

#include "dawson/workflow/segment.h"

namespace dawson::cli {
namespace {

Option text_option(const char* name, const char* help) {
  return {.name = name, .unit = "TEXT", .help = help};
}

Option band_option(const char* name, const char* limit, const char* help) {
  return {.name = name,
          .type = OptionType::real,
          .unit = "PERCENT",
          .default_value = limit,
          .minimum = 0,
          .maximum = 100,
          .help = help};
}

}  // namespace

std::vector<Option> report_options() {
  return {
      text_option("name", "The patient's name, for the report."),
      text_option("participant", "The patient's number or pseudonym, for the report."),
      {.name = "participants",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "A participants.tsv: age and sex of the participant are taken from it. A tree's "
               "own is read without being named."},
      text_option("age", "The patient's age, as it shall be printed."),
      text_option("sex", "The patient's sex, as it shall be printed."),
      {.name = "reference-cohort",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "A table with a column lesion_ml, such as the cohort.tsv of segment over a tree: "
               "the report says where this case lies among its cases."},
      band_option("minimal-below", "0.1", "Below this lesion percentage: minimal."),
      band_option("mild-below", "1", "Below this lesion percentage: mild."),
      band_option("moderate-below", "3",
                  "Below this lesion percentage: moderate; from it on: severe."),
      {.name = "paper",
       .unit = "SIZE",
       .default_value = "a4",
       .choices = {"a4", "letter"},
       .help = "Of the PDF report."}};
}

void refuse_patient_of_several(const Context& context) {
  for (const char* name : {"name", "participant", "age", "sex"}) {
    if (!context.has(name)) continue;
    throw Error(ExitCode::usage, "speaks of one case, but the input holds several",
                std::string("--") + name, "use --participants or the tree's participants.tsv");
  }
}

void apply_patient(const Context& context, report::Patient& patient) {
  const auto replace = [&](const char* name, std::optional<std::string>& field) {
    if (context.has(name)) field = context.text(name);
  };
  replace("participant", patient.participant);
  if (context.has("participants")) {
    if (!patient.participant) {
      throw Error(ExitCode::usage, "needs to know which participant it is", "--participants",
                  "add --participant");
    }
    const report::Patient known =
        workflow::patient_from_table(context.path("participants"), *patient.participant);
    patient.age = known.age;
    patient.sex = known.sex;
  }
  replace("name", patient.name);
  replace("age", patient.age);
  replace("sex", patient.sex);
}

report::SeverityBands apply_bands(const Context& context, report::SeverityBands bands) {
  const auto replace = [&](const char* name, double& limit) {
    if (context.settings().given(name)) limit = context.real(name);
  };
  replace("minimal-below", bands.minimal_below);
  replace("mild-below", bands.mild_below);
  replace("moderate-below", bands.moderate_below);
  report::check_bands(bands);
  return bands;
}

std::optional<report::ReferenceCohort> reference_cohort(const Context& context) {
  if (!context.has("reference-cohort")) return std::nullopt;
  return report::read_reference_cohort(context.path("reference-cohort"));
}

report::Paper paper(const Context& context) {
  return context.text("paper") == "letter" ? report::Paper::letter : report::Paper::a4;
}

}  // namespace dawson::cli
