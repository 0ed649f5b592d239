// dawson models: which models are at hand, whether they are whole, and what they cost.
#include <iomanip>
#include <ostream>
#include <set>

#include "dawson/bundle/bundle.h"
#include "dawson/cli/commands.h"
#include "dawson/cli/models_describe.h"
#include "dawson/core/folders.h"
#include "dawson/nn/graph.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

bool is_bundle(const fs::path& folder) {
  return fs::is_regular_file(folder / "model.json");
}

// A model by its name, in any folder of models, or by the path of its own folder.
fs::path find_bundle(const std::string& name) {
  if (fs::is_directory(name)) return name;
  std::vector<std::string> known;
  for (const fs::path& folder : core::model_folders()) {
    if (is_bundle(folder / name)) return folder / name;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (is_bundle(entry.path())) known.push_back(entry.path().filename().string());
    }
  }
  const std::string hint = core::suggestion(name, known);
  throw Error(ExitCode::model, "there is no model of this name", name,
              hint.empty() ? "`dawson models list` shows which there are" : hint);
}

// The first of each name is the one that other commands use.
std::vector<fs::path> installed_bundles() {
  std::vector<fs::path> bundles;
  std::set<std::string> names;
  for (const fs::path& folder : core::model_folders()) {
    std::set<fs::path> sorted;
    for (const auto& entry : fs::directory_iterator(folder)) sorted.insert(entry.path());
    for (const fs::path& path : sorted) {
      if (is_bundle(path) && names.insert(path.filename().string()).second) bundles.push_back(path);
    }
  }
  return bundles;
}

core::Json summary(const fs::path& folder, const bundle::Bundle& model) {
  const auto bytes = fs::file_size(folder / "weights.safetensors");
  std::int64_t parameters = 0;
  for (const auto& cost :
       model.graph->cost(1, model.graph->stride(), model.graph->stride()).nodes) {
    parameters += cost.parameters;
  }
  return {{"name", model.name},
          {"version", model.version},
          {"target", model.target},
          {"parameters", parameters},
          {"weights_mib", static_cast<double>(bytes) / 1048576.0},
          {"threshold", model.threshold},
          {"temperature", model.temperature},
          {"min_peak", model.min_peak},
          {"min_volume_mm3", model.min_volume_mm3},
          {"input", model.input.to_json()},
          {"recipe", model.recipe},
          {"provenance", model.provenance},
          {"weights_sha256", model.weights_sha256}};
}

void list(const Context& context) {
  std::ostream& out = context.out();
  core::Json all = core::Json::array();
  for (const fs::path& folder : installed_bundles()) {
    try {
      core::Json entry = summary(folder, bundle::Bundle::open(folder));
      entry["folder"] = folder.string();
      all.push_back(std::move(entry));
    } catch (const Error& e) {  // one damaged model must not hide the others
      context.report(std::string("left out: ") + e.what());
    }
  }
  if (context.flag("json")) {
    out << all.dump(2) << '\n';
    return;
  }
  out << "name\tversion\ttarget\tparameters\tweights_mib\tfolder\n";
  for (const core::Json& entry : all) {
    out << entry["name"].get<std::string>() << '\t' << entry["version"].get<std::string>() << '\t'
        << entry["target"].get<std::string>() << '\t' << entry["parameters"] << '\t' << std::fixed
        << std::setprecision(2) << entry["weights_mib"].get<double>() << '\t'
        << entry["folder"].get<std::string>() << '\n';
  }
  if (!all.empty()) return;
  for (const fs::path& folder : core::model_folders()) {
    context.report("no model in " + folder.string());
  }
}

void show(const Context& context, const fs::path& folder) {
  const bundle::Bundle model = bundle::Bundle::open(folder);
  if (context.flag("json")) {
    context.out() << summary(folder, model).dump(2) << '\n';
  } else {
    context.out() << model.card << (model.card.ends_with('\n') ? "" : "\n");
  }
}

void verify(const Context& context, const fs::path& folder) {
  const bundle::Bundle model = bundle::Bundle::open(folder);  // throws where anything is amiss
  context.out() << model.name << ' ' << model.version << ": whole, weights " << model.weights_sha256
                << '\n';
}

ExitCode models(Context& context) {
  const std::string action = context.text("action");
  if (action == "list") {
    list(context);
    return ExitCode::done;
  }
  if (action == "describe") {
    describe(context, context.has("model") ? find_bundle(context.text("model")) : fs::path());
    return ExitCode::done;
  }
  if (!context.has("model")) {
    throw Error(ExitCode::usage, "models " + action + " needs the name or folder of a model", "",
                "`dawson models list` shows which there are");
  }
  const fs::path folder = find_bundle(context.text("model"));
  if (action == "show") show(context, folder);
  if (action == "verify") verify(context, folder);
  return ExitCode::done;
}

}  // namespace

Command models_command() {
  Command command{
      .name = "models",
      .purpose = "list, show, verify and describe models",
      .description =
          "list: every model at hand, a line each. show: a model's card. verify: reads the whole "
          "model and compares its weights with the hash it was sealed with. describe: parameters, "
          "arithmetic (a multiply-add counts as two) and memory of each layer, of a model or of a "
          "network by its name (--architecture): its output, what training keeps of it until "
          "backward, and its weights with gradients and the optimiser's state.\n\nA model is given "
          "by its name in one of the folders of models (DAWSON_MODELS, the installation's, the "
          "source tree's) or by the path of its own folder.",
      .options = {{.name = "action",
                   .required = true,
                   .positional = true,
                   .choices = {"list", "show", "verify", "describe"},
                   .help = "What to do."},
                  {.name = "model",
                   .unit = "MODEL",
                   .positional = true,
                   .help = "Name or folder of the model; not for list."},
                  {.name = "json",
                   .type = OptionType::flag,
                   .help = "JSON instead of tab-separated text."}},
      .example =
          {"dawson models describe --architecture fcn8s --encoder vgg16 --batch 16",
           "What each layer of that network costs, and the batch that a card of 4 GB takes."},
      .exit_codes = {ExitCode::model},
      .run = models};
  for (Option& option : describe_options()) command.options.push_back(std::move(option));
  return command;
}

}  // namespace dawson::cli
