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

NodeId residual_pair(Graph& graph, const std::string& name, NodeId x, int channels) {
  const NodeId first = convolution_norm(graph, name + ".0", x, channels, 3);
  const NodeId second = convolution_norm(graph, name + ".1", first, channels, 3, false);
  const NodeId sum = graph.add(name + ".sum", "add", {second, first});
  return graph.add(name + ".relu", "relu", {sum});
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

}  // namespace dawson::nn
