#include "dawson/nn/blocks.h"

#include <algorithm>

namespace dawson::nn {

NodeId convolution_norm(Graph& graph, const std::string& name, NodeId x, int channels, int kernel,
                        bool relu) {
  x = graph.add(
      name + ".conv", "convolution", {x},
      {{"channels", channels}, {"kernel", kernel}, {"padding", kernel / 2}, {"bias", false}});
  x = graph.add(name + ".norm", "batch_norm", {x});
  return relu ? graph.add(name + ".relu", "relu", {x}) : x;
}

NodeId head(Graph& graph, NodeId x) {
  return graph.add(
      "head", "convolution", {x},
      {{"channels", 1}, {"kernel", 1}, {"before", "linear"}, {"initial_bias", prior_log_odds}});
}

NodeId channel_dropout(Graph& graph, NodeId x, double probability) {
  if (probability <= 0) return x;
  return graph.add("dropout", "dropout", {x}, {{"probability", probability}, {"spatial", true}});
}

NodeId residual_pair(Graph& graph, const std::string& name, NodeId x, int channels) {
  const NodeId first = convolution_norm(graph, name + ".0", x, channels, 3);
  const NodeId second = convolution_norm(graph, name + ".1", first, channels, 3, false);
  const NodeId sum = graph.add(name + ".sum", "add", {second, first});
  return graph.add(name + ".relu", "relu", {sum});
}

NodeId preactivation_unit(Graph& graph, const std::string& name, NodeId x, int channels, int stride,
                          bool first_unit) {
  const auto convolution = [&](const std::string& part, NodeId of, int kernel, int step) {
    return graph.add(name + part, "convolution", {of},
                     {{"channels", channels},
                      {"kernel", kernel},
                      {"stride", step},
                      {"padding", kernel / 2},
                      {"bias", false}});
  };
  NodeId y = x;
  if (!first_unit) {
    y = graph.add(name + ".0.norm", "batch_norm", {y});
    y = graph.add(name + ".0.relu", "relu", {y});
  }
  y = convolution(".0.conv", y, 3, stride);
  y = graph.add(name + ".1.norm", "batch_norm", {y});
  y = graph.add(name + ".1.relu", "relu", {y});
  y = convolution(".1.conv", y, 3, 1);
  if (stride != 1 || graph.channels(x) != channels) {
    x = convolution(".shortcut.conv", x, 1, stride);
    x = graph.add(name + ".shortcut.norm", "batch_norm", {x});
  }
  return graph.add(name + ".sum", "add", {y, x});
}

NodeId attention_gate(Graph& graph, const std::string& name, NodeId skip, NodeId gating,
                      int between) {
  const NodeId theta =
      graph.add(name + ".theta", "convolution", {skip},
                {{"channels", between}, {"kernel", 2}, {"stride", 2}, {"bias", false}});
  const NodeId phi =
      graph.add(name + ".phi", "convolution", {gating}, {{"channels", between}, {"kernel", 1}});
  const NodeId sum = graph.add(name + ".sum", "add", {theta, phi});
  const NodeId relu = graph.add(name + ".relu", "relu", {sum});
  // The gates start half open to fully open: σ(1) = 0.73, so that skips carry from the first step.
  const NodeId psi =
      graph.add(name + ".psi", "convolution", {relu},
                {{"channels", 1}, {"kernel", 1}, {"before", "linear"}, {"initial_bias", 1.0}});
  const NodeId open = graph.add(name + ".sigmoid", "sigmoid", {psi});
  const NodeId gate = graph.add(name + ".gate", "upsample_bilinear", {open}, {{"factor", 2}});
  return graph.add(name + ".signal", "multiply", {skip, gate});
}

NodeId decoder_level(Graph& graph, const std::string& name, NodeId x, NodeId skip, int channels) {
  const int between = std::max(4, graph.channels(skip) / 2);
  const NodeId gated = attention_gate(graph, name + ".attention", skip, x, between);
  const NodeId up = graph.add(name + ".up", "transposed_convolution", {x},
                              {{"channels", channels}, {"kernel", 2}});
  const NodeId joined = graph.add(name + ".join", "concatenate", {up, gated});
  return residual_pair(graph, name, joined, channels);
}

DecoderStart start_decoder(Graph& graph, const NetworkSettings& settings,
                           const EncoderLevels& levels,
                           NodeId (*finest)(Graph&, const std::string&, NodeId, int)) {
  constexpr NodeId input = 0;
  constexpr int most_channels = 256;
  DecoderStart start;
  start.coarsest = channel_dropout(graph, levels.values.back(), settings.dropout);
  start.skips.assign(levels.values.begin(), levels.values.end() - 1);
  if (levels.strides.front() != 1) {
    start.skips.insert(start.skips.begin(), finest(graph, "finest", input, settings.width));
  }
  int most = 0;
  for (const NodeId skip : start.skips) most = std::max(most, graph.channels(skip));
  most = std::max(std::min(most, most_channels), settings.width);
  int channels = settings.width;
  for (std::size_t level = 0; level < start.skips.size(); ++level) {
    start.channels.push_back(channels);
    channels = std::min(2 * channels, most);
  }
  return start;
}

}  // namespace dawson::nn
