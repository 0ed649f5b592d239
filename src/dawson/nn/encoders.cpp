// One way to every encoder.
#include "dawson/nn/encoders.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/nn/blocks.h"
#include "dawson/nn/mobilenet_v2.h"
#include "dawson/nn/resnet.h"
#include "dawson/nn/vgg16.h"

namespace dawson::nn {
namespace {

const std::string prefix = "encoder.";

/// Residual pairs between max poolings, from scratch.
EncoderLevels add_light(Graph& graph, const NetworkSettings& settings, NodeId x) {
  constexpr int most_channels = 256;
  EncoderLevels levels;
  int channels = settings.width;
  for (int level = 0; level <= settings.levels; ++level) {
    const std::string name = prefix + std::to_string(level);
    if (level > 0) {
      x = graph.add(name + ".pool", "max_pool", {x}, {{"size", 2}});
      channels = std::min(2 * channels, std::max(most_channels, settings.width));
    }
    x = residual_pair(graph, name, x, channels);
    levels.values.push_back(x);
    levels.strides.push_back(1 << level);
  }
  return levels;
}

}  // namespace

EncoderLevels add_encoder(Graph& graph, const NetworkSettings& settings, NodeId input) {
  const std::string& name = settings.encoder;
  if (name == "light") return add_light(graph, settings, input);
  if (name == "vgg16") return add_vgg16(graph, prefix, input);
  if (name == "resnet18") return add_resnet18(graph, prefix, input);
  if (name == "resnet50") return add_resnet50(graph, prefix, input);
  if (name == "mobilenet_v2") {
    return add_mobilenet_v2(graph, prefix, input, MobileNetPadding::torchvision);
  }
  if (name == "mobilenet_v2_tf") {
    return add_mobilenet_v2(graph, prefix, input, MobileNetPadding::tensorflow);
  }
  throw Error(ExitCode::usage, "there is no encoder \"" + name + "\"", "network settings");
}

}  // namespace dawson::nn
