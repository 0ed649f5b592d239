// Networks by name: each builder makes a Graph from a few numbers (docs/networks.md draws them).
// Weights are fresh until loaded.
#pragma once

#include <string>
#include <vector>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// What a network is built from; stored in a run's settings.
struct NetworkSettings {
  std::string architecture = "attention_fcn";  ///< one of `architecture_names()`
  std::string encoder = "light";               ///< one of `encoder_names()`
  int input_channels = 4;
  int width = 16;                ///< channels of the finest level; doubles by level, up to 256
  int levels = 4;                ///< down-samplings ("light"; the others have five)
  double dropout = 0.1;          ///< in the deepest level
  bool fully_connected = false;  ///< "fcn8s": with fc6 and fc7 as convolutions
};

/// Names that `build` takes, for messages and --help. Over every encoder each network works.
std::vector<std::string> architecture_names();
std::vector<std::string> encoder_names();

/// Throws Error{usage} for an unknown architecture or encoder, naming the nearest known one, and
/// for numbers that make no network.
Graph build(const NetworkSettings& settings);
/// The same with all weights zero, which takes far less time: enough to know what it would cost.
Graph build_without_weights(const NetworkSettings& settings);

/// Scores of one channel at the three coarsest levels, each doubled and added to the next, the last
/// enlarged to the input's size; all by transposed convolutions that start as bilinear
/// interpolation (Long et al. 2015). Over encoders with a stride of 32 these are the strides 32, 16
/// and 8 of FCN-8s; over "light" 2^levels, and so for its default of 4 levels 16, 8 and 4.
Graph fcn8s(const NetworkSettings& settings);

/// U-Net of pre-activation residual units (Zhang et al. 2018, fig. 1 and 2). Over "light" its
/// encoder is of such units too, doubled in width at each down-sampling; over the others the
/// decoder alone.
Graph residual_unet(const NetworkSettings& settings);

/// Fully convolutional network with additive attention gates on its skip connections
/// (Oktay et al. 2018; transposed-convolution decoder after Long et al. 2015).
Graph attention_fcn(const NetworkSettings& settings);

}  // namespace dawson::nn
