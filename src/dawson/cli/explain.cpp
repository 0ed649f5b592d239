#include "dawson/workflow/explain.h"

#include <array>
#include <sstream>

#include "dawson/cli/commands.h"
#include "dawson/cli/model_options.h"
#include "dawson/core/error.h"
#include "dawson/nn/relevance.h"

namespace dawson::cli {
namespace {

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const nn::Composite& composite : nn::composites()) names.push_back(composite.name);
  return names;
}

/// "12,-30,44": millimetres.
volume::Vector3 place(const std::string& text) {
  std::istringstream in(text);
  volume::Vector3 mm{};
  char comma = ',';
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (axis > 0 && (!(in >> comma) || comma != ',')) in.setstate(std::ios::failbit);
    in >> mm[axis];
  }
  if (!in || in.peek() != std::istringstream::traits_type::eof()) {
    throw Error(ExitCode::usage, "is not three numbers with commas between them: " + text,
                "--healthy", "give x,y,z in millimetres, such as 24,-30,18");
  }
  return mm;
}

int lesion_id(const std::string& text) {
  if (text == "all") return 0;
  const bool digits =
      !text.empty() && text.size() < 9 && text.find_first_not_of("0123456789") == std::string::npos;
  const int id = digits ? std::stoi(text) : 0;
  if (id < 1) {
    throw Error(ExitCode::usage, "is neither a lesion's number nor all: " + text, "--lesion");
  }
  return id;
}

workflow::Question question(const Context& context) {
  workflow::Question q;
  q.lesion = lesion_id(context.text("lesion"));
  if (context.has("healthy")) q.healthy_at = place(context.text("healthy"));
  q.healthy_radius_mm = context.real("radius");
  return q;
}

explanation::Method method(const std::string& name) {
  for (const auto m : {explanation::Method::gradient_x_input, explanation::Method::occlusion}) {
    if (explanation::name_of(m) == name) return m;
  }
  return explanation::Method::relevance;
}

ExitCode explain(Context& context) {
  const std::vector<std::filesystem::path> inputs = context.paths("input");
  if (inputs.size() != 1) {
    throw Error(ExitCode::usage, "takes one scan or one finished case", "--input");
  }
  workflow::ExplainSettings settings;
  settings.map.method = method(context.text("method"));
  settings.map.composite = context.text("preset");
  settings.map.mirror = settings.segmenter.mirror = !context.flag("no-mirror");
  settings.check = context.flag("check");
  settings.seed = static_cast<std::uint64_t>(context.long_integer("seed"));
  settings.overwrite = context.flag("overwrite");
  settings.record = context.record();
  const workflow::Question asked = question(context);
  const std::filesystem::path scan =
      context.has("scan") ? context.path("scan") : std::filesystem::path{};
  const std::filesystem::path picture =
      workflow::explain(inputs.front(), scan, asked, open_model(context), settings,
                        context.path("output"), context.progress());
  context.out() << picture.string() << "\n";
  return ExitCode::done;
}

std::vector<Option> options() {
  std::vector<Option> all{
      input_option("A FLAIR scan, or the folder of one finished case."),
      output_option("Folder for the results; the case's own is fine."),
      {.name = "lesion",
       .unit = "NUMBER",
       .default_value = "1",
       .help = "The lesion, by its number in the lesion table, or all."},
      {.name = "healthy",
       .unit = "X,Y,Z",
       .help = "Instead: why there is no lesion around this place (mm, RAS+, as in the "
               "lesion table)."},
      {.name = "radius",
       .type = OptionType::real,
       .unit = "MM",
       .default_value = "4",
       .minimum = 0.1,
       .help = "How far around it."},
      {.name = "preset",
       .unit = "NAME",
       .default_value = explanation::default_composite,
       .choices = preset_names(),
       .help = "Which rules of propagation (docs/explain.md)."},
      {.name = "method",
       .unit = "NAME",
       .default_value = "relevance",
       .choices = {"relevance", "gradient_x_input", "occlusion"},
       .help = "Relevance, or another method to compare it with; occlusion takes minutes."},
      {.name = "check",
       .type = OptionType::flag,
       .help = "Add sanity figures (pointing, deletion, randomised networks); looks at no "
               "more than 12 slices."},
      {.name = "no-mirror",
       .type = OptionType::flag,
       .help = "Explain one pass alone, not the average with the mirrored head."},
      {.name = "scan",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "The finished case's scan, if it is no longer where it was."},
      seed_option("Decides the draws of --check.")};
  for (Option& option : model_options()) all.push_back(std::move(option));
  all.push_back(overwrite_option());
  return all;
}

}  // namespace

Command explain_command() {
  return {
      .name = "explain",
      .purpose = "show what a decision of the network rested on",
      .description =
          "Layer-wise relevance propagation: what of the scan spoke for and against the decision "
          "that a lesion, all lesions, or a healthy place is what it is. Writes a volume on the "
          "scan's own grid (FLAIR, lesion frequency, and their sum), a picture beside the scan "
          "and the figures (JSON). The sum over the volume is the share of the decision that "
          "reached the input.\n\n"
          "The input is a scan, which is segmented first, or a folder that segment has made: "
          "lesions have the same numbers there. Written into that folder, the relevance of a "
          "lesion is shown by its case page (dawson report makes it anew).\n\n"
          "A map is about this network. It shows no cause and proves nothing about the patient.",
      .options = options(),

      .example = {"dawson explain -i out -o out --lesion 3",
                  "What the third largest lesion of a finished case was recognised by."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::resources},
      .run = explain};
}

}  // namespace dawson::cli
