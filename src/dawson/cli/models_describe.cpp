#include "dawson/cli/models_describe.h"

#include <iomanip>
#include <ostream>

#include "dawson/bundle/bundle.h"
#include "dawson/core/table.h"
#include "dawson/nn/graph.h"
#include "dawson/nn/networks.h"

namespace dawson::cli {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t n : shape) text += (text.empty() ? "" : "x") + std::to_string(n);
  return text;
}

nn::NetworkSettings network_settings(const Context& context) {
  nn::NetworkSettings s;
  s.architecture = context.text("architecture");
  s.encoder = context.text("encoder");
  s.input_channels = context.integer("channels");
  s.width = context.integer("width");
  s.levels = context.integer("levels");
  s.dropout = context.real("dropout");
  s.fully_connected = context.flag("fully-connected");
  return s;
}

// The network of a model, or the one that the options name.
nn::Graph described_graph(const Context& context, const std::filesystem::path& model_folder) {
  if (!model_folder.empty()) {
    for (const char* name :
         {"architecture", "encoder", "channels", "width", "levels", "dropout", "fully-connected"}) {
      if (!context.settings().given(name)) continue;
      throw Error(ExitCode::usage, "is decided by the model", std::string("--") + name,
                  "leave out the model to describe a network by its name");
    }
    return *bundle::Bundle::open(model_folder).graph;
  }
  if (!context.settings().given("architecture")) {
    throw Error(ExitCode::usage, "models describe needs a model or --architecture", "",
                "`dawson models list` shows which models there are");
  }
  return nn::build_without_weights(network_settings(context));
}

// What is known of a network before anything runs.
struct Described {
  nn::Cost cost, narrow;  // in float32 and with training passes in bfloat16
  std::int64_t bytes = 0;
  int batch_in_use = 0, batch_in_training = 0, narrow_batch_in_training = 0;
};

Described described(const Context& context, const nn::Graph& graph) {
  const int batch = context.integer("batch"), size = context.integer("size");
  using Type = nn::ComputeType;
  Described d;
  d.cost = graph.cost(batch, size, size);
  d.narrow = graph.cost(batch, size, size, Type::bfloat16);
  d.bytes = static_cast<std::int64_t>(context.real("memory") * 1024 * 1024 * 1024);
  d.batch_in_use = nn::largest_batch(graph, size, size, d.bytes, false);
  d.batch_in_training = nn::largest_batch(graph, size, size, d.bytes, true);
  d.narrow_batch_in_training = nn::largest_batch(graph, size, size, d.bytes, true, Type::bfloat16);
  return d;
}

core::Json to_json(const Described& d) {
  core::Json layers = core::Json::array();
  for (const nn::NodeCost& node : d.cost.nodes) {
    layers.push_back({{"name", node.name},
                      {"operation", node.operation},
                      {"shape", node.shape},
                      {"parameters", node.parameters},
                      {"flops", node.flops},
                      {"output_bytes", node.output_bytes},
                      {"kept_bytes", node.kept_bytes},
                      {"state_bytes", node.state_bytes}});
  }
  return {{"layers", layers},
          {"parameters", d.cost.parameters},
          {"flops", d.cost.flops},
          {"peak_bytes", d.cost.peak_bytes},
          {"training_peak_bytes", d.cost.training_peak_bytes},
          {"training_peak_bytes_bfloat16", d.narrow.training_peak_bytes},
          {"memory_bytes", d.bytes},
          {"largest_batch", d.batch_in_use},
          {"largest_training_batch", d.batch_in_training},
          {"largest_training_batch_bfloat16", d.narrow_batch_in_training}};
}

void print_layers(std::ostream& out, const nn::Cost& cost) {
  const auto row = [&](std::int64_t parameters, std::int64_t flops, std::int64_t kept,
                       std::int64_t state, const std::string& output_kib) {
    const auto kib = [](std::int64_t bytes) { return static_cast<double>(bytes) / 1024; };
    out << parameters << '\t' << std::setprecision(2) << static_cast<double>(flops) / 1e6 << '\t'
        << output_kib << '\t' << std::setprecision(1) << kib(kept) << '\t' << kib(state) << '\n';
  };
  out << "layer\toperation\toutput\tparameters\tmflop\toutput_kib\tkept_kib\tstate_kib\n"
      << std::fixed;
  std::int64_t kept = 0, state = 0;
  for (const nn::NodeCost& node : cost.nodes) {
    kept += node.kept_bytes;
    state += node.state_bytes;
    out << node.name << '\t' << node.operation << '\t' << shape_text(node.shape) << '\t';
    row(node.parameters, node.flops, node.kept_bytes, node.state_bytes,
        core::number(static_cast<double>(node.output_bytes) / 1024, 1));
  }
  out << "total\t\t\t";
  row(cost.parameters, cost.flops, kept, state, "");
}

}  // namespace

std::vector<Option> describe_options() {
  const nn::NetworkSettings s;
  const auto number = [](std::string name, const std::string& unit, int value, double maximum,
                         std::string help) {
    return Option{.name = std::move(name),
                  .type = OptionType::integer,
                  .unit = unit,
                  .default_value = std::to_string(value),
                  .minimum = 1,
                  .maximum = maximum,
                  .help = "For describe: " + std::move(help)};
  };
  return {
      {.name = "architecture",
       .unit = "NAME",
       .default_value = s.architecture,
       .choices = nn::architecture_names(),
       .help = "For describe, in place of a model: a network by its name."},
      {.name = "encoder",
       .unit = "NAME",
       .default_value = s.encoder,
       .choices = nn::encoder_names(),
       .help = "For describe: that network's encoder."},
      number("channels", "COUNT", s.input_channels, 1024, "its input channels."),
      number("width", "CHANNELS", s.width, 512, "channels of its finest level."),
      number("levels", "COUNT", s.levels, 7, "down-samplings of its light encoder."),
      {.name = "dropout",
       .type = OptionType::real,
       .unit = "SHARE",
       .default_value = core::number(s.dropout, 1),
       .minimum = 0,
       .maximum = 0.99,
       .help = "For describe: dropout in its deepest level."},
      {.name = "fully-connected",
       .type = OptionType::flag,
       .help = "For describe: fcn8s with the classifier's fc6 and fc7 as convolutions."},
      number("size", "voxels", 192, 4096,
             "the slice's height and width; a multiple of the network's stride."),
      number("batch", "SLICES", 1, 65536, "slices at once."),
      {.name = "memory",
       .type = OptionType::real,
       .unit = "GiB",
       .default_value = "3.5",
       .minimum = 0.001,
       .maximum = 100000,
       .help = "For describe: memory that the largest batch is reckoned for; what a card of 4 GB "
               "leaves."}};
}

void describe(const Context& context, const std::filesystem::path& model_folder) {
  const Described d = described(context, described_graph(context, model_folder));
  if (context.flag("json")) {
    context.out() << to_json(d).dump(2) << '\n';
    return;
  }
  print_layers(context.out(), d.cost);
  const auto mib = [](std::int64_t bytes) {
    return std::to_string(bytes / (1024 * 1024)) + " MiB";
  };
  context.report("peak memory of this batch: " + mib(d.cost.peak_bytes) + " in use, " +
                 mib(d.cost.training_peak_bytes) + " in training (" +
                 mib(d.narrow.training_peak_bytes) + " in bfloat16)");
  context.report("largest batch within " + mib(d.bytes) + ": " + std::to_string(d.batch_in_use) +
                 " in use, " + std::to_string(d.batch_in_training) + " in training (" +
                 std::to_string(d.narrow_batch_in_training) + " in bfloat16)");
}

}  // namespace dawson::cli
