// Residual networks (He et al. 2016).
#pragma once

#include <string>

#include "dawson/nn/encoders.h"

namespace dawson::nn {

/// Two 3×3 convolutions a block; 11,176,512 parameters behind three channels. Levels after the
/// first convolution and after each of the four stages, at strides 2, 4, 8, 16, 32. Node names are
/// torchvision's behind `prefix` ("layer4.1.bn2").
EncoderLevels add_resnet18(Graph& graph, const std::string& prefix, NodeId x);

/// Bottleneck blocks with the stride in the 3×3 convolution, as torchvision's weights have it (the
/// paper has it in the 1×1 before); 23,508,032 parameters.
EncoderLevels add_resnet50(Graph& graph, const std::string& prefix, NodeId x);

}  // namespace dawson::nn
