// Small networks for tests.
#pragma once

#include <vector>

#include "dawson/nn/graph.h"
#include "dawson/nn/networks.h"
#include "dawson/nn/operation.h"

namespace dawson::bundle {

/// logit = Σ weight·channel + bias at each pixel.
inline nn::Graph pixel_network(const std::vector<float>& weights, float bias) {
  nn::Graph graph;
  const nn::NodeId x = graph.input(static_cast<int>(weights.size()));
  graph.add("head", "convolution", {x}, {{"channels", 1}, {"kernel", 1}});
  nn::assign(graph.tensors().at("head.weight"), weights);
  nn::assign(graph.tensors().at("head.bias"), {bias});
  return graph;
}

/// An attention network whose answers vary: its head begins at even odds.
inline nn::Graph small_network(int channels) {
  nn::NetworkSettings settings;
  settings.input_channels = channels;
  settings.width = 4;
  settings.levels = 2;
  nn::Graph graph = nn::build(settings);
  nn::assign(graph.tensors().at("head.bias"), {0.0F});
  return graph;
}

}  // namespace dawson::bundle
