#include "dawson/report/report.h"

#include "dawson/cli/commands.h"
#include "dawson/core/atomic_file.h"
#include "dawson/report/finished_case.h"

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
  for (const char* name : {"scan", "name", "participant", "age", "sex"}) {
    if (context.has(name)) {
      throw Error(ExitCode::usage, "speaks of one case, but the input holds several",
                  std::string("--") + name);
    }
  }
  return out;
}

void replace(const Context& context, const char* name, std::optional<std::string>& field) {
  if (context.has(name)) field = context.text(name);
}

void remake(const Context& context, const Wish& wish) {
  core::AtomicFolder folder(wish.output, context.flag("overwrite"));
  for (const std::string& name : report::file_names(wish.place.stem)) folder.claim(name);
  const report::FinishedCase finished =
      report::open_finished(wish.place, context.has("scan") ? context.path("scan") : fs::path{});
  report::CaseReport r = finished.report();
  replace(context, "name", r.patient.name);
  replace(context, "participant", r.patient.participant);
  replace(context, "age", r.patient.age);
  replace(context, "sex", r.patient.sex);
  r.paper = context.text("paper") == "letter" ? report::Paper::letter : report::Paper::a4;
  r.bands = {context.real("minimal-below"), context.real("mild-below"),
             context.real("moderate-below")};
  report::write(r, folder.temporary());
  context.progress().check();
  folder.commit();
}

ExitCode run_report(Context& context) {
  const std::vector<Wish> all = wishes(context);
  std::size_t failed = 0;
  context.progress().step("report", all.size());
  for (const Wish& wish : all) {
    try {
      remake(context, wish);
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

Option patient_option(const std::string& name, const std::string& help) {
  return {.name = name, .type = OptionType::text, .unit = "TEXT", .help = help};
}

Option band_option(const std::string& name, const std::string& limit, const std::string& help) {
  return {.name = name,
          .type = OptionType::real,
          .unit = "PERCENT",
          .default_value = limit,
          .minimum = 0,
          .maximum = 100,
          .help = help};
}

}  // namespace

Command report_command() {
  Option output =
      output_option("Folder for the new files; without it they go beside the old ones.");
  output.required = false;
  return {
      .name = "report",
      .purpose = "make pictures and report again from a finished segment folder",
      .description =
          "Reads masks, probabilities and run record of a case that dawson segment has finished "
          "and writes its lesion table, picture and report (PDF, HTML, JSON, text) anew, with "
          "other "
          "patient fields, paper or severity bands. Nothing is segmented again.\n\nThe scan is the "
          "one that the run record names, if its SHA-256 still agrees, or --scan. Patient fields "
          "not given here stay as the report that is already there has them.",
      .options = {input_option("Folder that dawson segment wrote, or a tree of such folders."),
                  output,
                  {.name = "scan",
                   .type = OptionType::path,
                   .unit = "FILE",
                   .help = "The segmented scan, where it is not at the place the record names."},
                  patient_option("name", "The patient's name."),
                  patient_option("participant", "The patient's number or pseudonym."),
                  patient_option("age", "The patient's age, as it shall be printed."),
                  patient_option("sex", "The patient's sex, as it shall be printed."),
                  {.name = "paper",
                   .type = OptionType::text,
                   .default_value = "a4",
                   .choices = {"a4", "letter"},
                   .help = "Size of the PDF's page."},
                  band_option("minimal-below", "0.1", "Below this lesion percentage: minimal."),
                  band_option("mild-below", "1", "Below this lesion percentage: mild."),
                  band_option("moderate-below", "3",
                              "Below this lesion percentage: moderate; from it on: severe."),
                  overwrite_option()},
      .example = {"dawson report -i out --name \"Jane Example\" --age 37 --overwrite",
                  "Writes the report in out again, with name and age."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::partial},
      .run = run_report};
}

}  // namespace dawson::cli
