// VGG-16 without batch norms (Simonyan and Zisserman 2015, configuration D).
#pragma once

#include <string>

#include "dawson/nn/encoders.h"

namespace dawson::nn {

/// Its thirteen convolutions and five poolings; 14,714,688 parameters behind three channels. Levels
/// before each pooling at strides 1, 2, 4, 8, 16, and the last pooling at 32. Node names are
/// torchvision's behind `prefix` ("features.28").
EncoderLevels add_vgg16(Graph& graph, const std::string& prefix, NodeId x);

}  // namespace dawson::nn
