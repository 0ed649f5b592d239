// dawson models: which models are at hand, whether they are whole, and what they cost.
#include <iomanip>
#include <ostream>
#include <set>

#include "dawson/bundle/bundle.h"
#include "dawson/cli/commands.h"
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

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t n : shape) text += (text.empty() ? "" : "x") + std::to_string(n);
  return text;
}

void describe(const Context& context, const fs::path& folder) {
  const bundle::Bundle model = bundle::Bundle::open(folder);
  const nn::Cost cost = model.graph->cost(1, context.integer("height"), context.integer("width"));
  std::ostream& out = context.out();
  if (context.flag("json")) {
    core::Json layers = core::Json::array();
    for (const nn::NodeCost& node : cost.nodes) {
      layers.push_back({{"name", node.name},
                        {"operation", node.operation},
                        {"shape", node.shape},
                        {"parameters", node.parameters},
                        {"flops", node.flops},
                        {"output_bytes", node.output_bytes}});
    }
    out << core::Json{{"layers", layers},
                      {"parameters", cost.parameters},
                      {"flops", cost.flops},
                      {"peak_bytes", cost.peak_bytes}}
               .dump(2)
        << '\n';
    return;
  }
  out << "layer\toperation\toutput\tparameters\tmflop\toutput_kib\n" << std::fixed;
  for (const nn::NodeCost& node : cost.nodes) {
    out << node.name << '\t' << node.operation << '\t' << shape_text(node.shape) << '\t'
        << node.parameters << '\t' << std::setprecision(2) << static_cast<double>(node.flops) / 1e6
        << '\t' << std::setprecision(1) << static_cast<double>(node.output_bytes) / 1024 << '\n';
  }
  out << "total\t\t\t" << cost.parameters << '\t' << std::setprecision(2)
      << static_cast<double>(cost.flops) / 1e6 << "\t\n";
  context.report("peak memory of one slice: " + std::to_string(cost.peak_bytes / (1024 * 1024)) +
                 " MiB");
}

ExitCode models(Context& context) {
  const std::string action = context.text("action");
  if (action == "list") {
    list(context);
    return ExitCode::done;
  }
  if (!context.has("model")) {
    throw Error(ExitCode::usage, "models " + action + " needs the name or folder of a model", "",
                "`dawson models list` shows which there are");
  }
  const fs::path folder = find_bundle(context.text("model"));
  if (action == "show") show(context, folder);
  if (action == "verify") verify(context, folder);
  if (action == "describe") describe(context, folder);
  return ExitCode::done;
}

Option extent(const std::string& name) {
  return {.name = name,
          .type = OptionType::integer,
          .unit = "voxels",
          .default_value = "192",
          .minimum = 1,
          .maximum = 4096,
          .help = "For describe: the slice's " + name +
                  "; it must be a multiple of the network's stride."};
}

}  // namespace

Command models_command() {
  return {
      .name = "models",
      .purpose = "list, show, verify and describe models",
      .description =
          "list: every model at hand, a line each. show: a model's card. verify: reads the whole "
          "model and compares its weights with the hash it was sealed with. describe: parameters, "
          "arithmetic (a multiply-add counts as two) and memory of each layer.\n\nA model is given "
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
                  extent("height"),
                  extent("width"),
                  {.name = "json",
                   .type = OptionType::flag,
                   .help = "JSON instead of tab-separated text."}},
      .example = {"dawson models describe lesion", "What each layer of the shipped model costs."},
      .exit_codes = {ExitCode::model},
      .run = models};
}

}  // namespace dawson::cli
