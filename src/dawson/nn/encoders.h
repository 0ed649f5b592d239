// Encoders: the halves of networks that may start from ImageNet weights (docs/encoders.md).
#pragma once

#include <vector>

#include "dawson/nn/graph.h"
#include "dawson/nn/networks.h"

namespace dawson::nn {

/// What an encoder leaves for a decoder, finest first. `strides[i]` is the number of input pixels
/// between neighbouring pixels of `values[i]`; channels are the graph's.
///
/// | encoder           | strides             | channels                       |
/// |-------------------|---------------------|--------------------------------|
/// | light             | 1, 2, … 2^levels    | width, doubled by level, ≤ 256 |
/// | vgg16             | 1, 2, 4, 8, 16, 32  | 64, 128, 256, 512, 512, 512    |
/// | resnet18          | 2, 4, 8, 16, 32     | 64, 64, 128, 256, 512          |
/// | resnet50          | 2, 4, 8, 16, 32     | 64, 256, 512, 1024, 2048       |
/// | mobilenet_v2(_tf) | 2, 4, 8, 16, 32     | 16, 24, 32, 96, 320            |
struct EncoderLevels {
  std::vector<NodeId> values;
  std::vector<int> strides;
};

/// Appends the encoder that `settings.encoder` names behind `input`. Nodes are named as in
/// torchvision's state dicts, behind "encoder.": "encoder.layer1.0.conv1". `settings.width` and
/// `settings.levels` are read for "light" alone. "mobilenet_v2_tf" is MobileNetV2 padded as
/// TensorFlow pads. Throws Error{usage} for an unknown encoder.
EncoderLevels add_encoder(Graph& graph, const NetworkSettings& settings, NodeId input);

}  // namespace dawson::nn
