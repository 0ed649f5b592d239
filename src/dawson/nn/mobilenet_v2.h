// MobileNetV2 (Sandler et al. 2018) with batch norms.
#pragma once

#include <string>

#include "dawson/nn/encoders.h"

namespace dawson::nn {

/// How convolutions of stride 2 pad an even image: by one pixel all round, or, as TensorFlow's
/// "SAME" does, at the right and bottom only. With the other padding than the weights were trained
/// with, each of the five lies half a pixel off.
enum class MobileNetPadding { torchvision, tensorflow };

/// The trunk; levels at strides 2, 4, 8, 16, 32. Node names are torchvision's behind `prefix`
/// ("features.17.conv.3"). The last 1×1 convolution to 1280 channels ("features.18") serves
/// classification and is appended only if asked for: no level contains it. With it there are
/// 2,223,872 parameters behind three channels.
EncoderLevels add_mobilenet_v2(Graph& graph, const std::string& prefix, NodeId x,
                               MobileNetPadding padding = MobileNetPadding::torchvision,
                               bool last_convolution = false);

/// The whole classifier: RGB [N,3,H,W] → [N,classes,1,1] logits. It is here to prove that weights
/// are read as they were trained.
Graph mobilenet_v2_classifier(int classes,
                              MobileNetPadding padding = MobileNetPadding::torchvision);

}  // namespace dawson::nn
