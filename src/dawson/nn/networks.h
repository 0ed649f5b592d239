// Builders: each makes a Graph from a few numbers. Weights are fresh until loaded.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// What a network is built from; stored in a run's settings.
struct NetworkSettings {
  std::string architecture = "attention_fcn";
  std::string encoder = "light";  ///< "light" (from scratch) or "mobilenet_v2"
  int input_channels = 4;
  int width = 16;        ///< channels of the first level ("light"); doubles by level
  int levels = 4;        ///< down-samplings ("light")
  double dropout = 0.1;  ///< in the deepest level
};

/// Names that `build` takes, for messages and --help.
std::vector<std::string> architecture_names();
std::vector<std::string> encoder_names();

/// Throws Error{usage} for an unknown architecture or encoder, naming the nearest known one.
Graph build(const NetworkSettings& settings);

/// Fully convolutional network with additive attention gates on its skip connections
/// (Oktay et al. 2018; transposed-convolution decoder after Long et al. 2015).
Graph attention_fcn(const NetworkSettings& settings);

/// Puts ImageNet weights (a torchvision-named safetensors file) into the encoder of `graph`.
/// The first layer is adapted to `graph`'s input channels (see docs). Throws Error{model}.
void load_encoder(Graph& graph, const NetworkSettings& settings,
                  const std::filesystem::path& weights);

}  // namespace dawson::nn
