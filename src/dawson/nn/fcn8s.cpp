// The fully convolutional network with fused scores (docs/networks.md).
#include "dawson/core/error.h"
#include "dawson/nn/blocks.h"
#include "dawson/nn/networks.h"

namespace dawson::nn {
namespace {

NodeId score(Graph& graph, const std::string& name, NodeId x) {
  return graph.add(name, "convolution", {x},
                   {{"channels", 1}, {"kernel", 1}, {"bias", false}, {"before", "linear"}});
}

NodeId enlarge(Graph& graph, const std::string& name, NodeId x, int factor, double initial_bias) {
  return graph.add(name, "transposed_convolution", {x},
                   {{"channels", 1},
                    {"factor", factor},
                    {"kernel", 2 * factor},
                    {"initial", "bilinear"},
                    {"bias", initial_bias != 0},
                    {"initial_bias", initial_bias}});
}

/// The classifier's first two layers as convolutions, which see 7×7 pixels of the coarsest level.
NodeId fully_connected(Graph& graph, NodeId x, double dropout) {
  constexpr int channels = 4096;
  int kernel = 7;
  for (const char* name : {"fc6", "fc7"}) {
    const std::string layer = name;
    x = graph.add(layer, "convolution", {x},
                  {{"channels", channels}, {"kernel", kernel}, {"padding", kernel / 2}});
    x = graph.add(layer + ".relu", "relu", {x});
    if (dropout > 0) x = graph.add(layer + ".dropout", "dropout", {x}, {{"probability", dropout}});
    kernel = 1;
  }
  return x;
}

}  // namespace

Graph fcn8s(const NetworkSettings& settings) {
  Graph graph;
  const NodeId input = graph.input(settings.input_channels);
  const EncoderLevels levels = add_encoder(graph, settings, input);
  const std::size_t coarsest = levels.values.size() - 1;
  if (coarsest < 3) {
    throw Error(ExitCode::usage, "fcn8s fuses the three coarsest levels below the finest",
                "network settings", "give it at least 3 levels");
  }
  NodeId x = levels.values[coarsest];
  x = settings.fully_connected ? fully_connected(graph, x, settings.dropout)
                               : channel_dropout(graph, x, settings.dropout);
  const auto named = [&](const char* what, std::size_t level) {
    return what + std::to_string(levels.strides[level]);
  };
  x = score(graph, named("score.", coarsest), x);
  for (std::size_t level = coarsest - 1; level + 2 >= coarsest; --level) {
    x = enlarge(graph, named("up.", level), x, 2, 0);
    x = graph.add(named("fused.", level), "add",
                  {score(graph, named("score.", level), levels.values[level]), x});
  }
  // The prior stands behind the last enlargement, which fades towards the edges.
  enlarge(graph, "head", x, levels.strides[coarsest - 2], prior_log_odds);
  return graph;
}

}  // namespace dawson::nn
