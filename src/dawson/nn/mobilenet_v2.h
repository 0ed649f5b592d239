// MobileNetV2 (Sandler et al. 2018) as ImageNet weights with folded norms have it: convolutions
// with bias and no batch norm. Node names are torchvision's behind a prefix ("features.0.0").
#pragma once

#include <string>
#include <vector>

#include "dawson/nn/graph.h"

namespace dawson::nn {

struct MobileNetLevels {
  std::vector<NodeId> values;  ///< at strides 2, 4, 8, 16, 32: 16, 24, 32, 96 and 320 channels
};

/// The trunk without its last 1×1 convolution, which serves classification.
MobileNetLevels add_mobilenet_v2(Graph& graph, const std::string& prefix, NodeId x);

/// The whole classifier: RGB [N,3,H,W] in −1 … 1 → [N,classes,1,1] logits. It is here to prove that
/// weights are read as they were trained.
Graph mobilenet_v2_classifier(int classes);

}  // namespace dawson::nn
