#include "dawson/nn/resnet.h"

#include <array>

namespace dawson::nn {
namespace {

struct Layer {
  std::string convolution, norm;  ///< names of the two nodes
  int channels, kernel, stride;
};

NodeId add_layer(Graph& graph, const Layer& layer, NodeId x) {
  x = graph.add(layer.convolution, "convolution", {x},
                {{"channels", layer.channels},
                 {"kernel", layer.kernel},
                 {"stride", layer.stride},
                 {"padding", layer.kernel / 2},
                 {"bias", false}});
  return graph.add(layer.norm, "batch_norm", {x});
}

/// relu(layers(x) + x), where x is brought to size and channels by a 1×1 convolution if need be.
NodeId add_block(Graph& graph, const std::string& name, const std::vector<Layer>& layers,
                 NodeId x) {
  NodeId y = x;
  int stride = 1;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    y = add_layer(graph, layers[i], y);
    stride *= layers[i].stride;
    if (i + 1 < layers.size()) {
      y = graph.add(name + ".relu" + std::to_string(i + 1), "relu", {y});
    }
  }
  const int channels = layers.back().channels;
  if (stride != 1 || graph.channels(x) != channels) {
    x = add_layer(graph, {name + ".downsample.0", name + ".downsample.1", channels, 1, stride}, x);
  }
  return graph.add(name + ".relu", "relu", {graph.add(name + ".sum", "add", {y, x})});
}

Layer layer_of(const std::string& block, int i, int channels, int kernel, int stride) {
  const std::string number = std::to_string(i);
  return {block + ".conv" + number, block + ".bn" + number, channels, kernel, stride};
}

std::vector<Layer> basic(const std::string& name, int width, int stride) {
  return {layer_of(name, 1, width, 3, stride), layer_of(name, 2, width, 3, 1)};
}

std::vector<Layer> bottleneck(const std::string& name, int width, int stride) {
  return {layer_of(name, 1, width, 1, 1), layer_of(name, 2, width, 3, stride),
          layer_of(name, 3, 4 * width, 1, 1)};
}

using Block = std::vector<Layer> (*)(const std::string&, int, int);

/// Table 1 of the paper: 7×7 of stride 2, a 3×3 pooling of stride 2, four stages.
EncoderLevels add_resnet(Graph& graph, const std::string& prefix, NodeId x, Block block,
                         const std::array<int, 4>& blocks) {
  EncoderLevels levels;
  const auto keep = [&](int stride) {
    levels.values.push_back(x);
    levels.strides.push_back(stride);
  };
  x = add_layer(graph, {prefix + "conv1", prefix + "bn1", 64, 7, 2}, x);
  x = graph.add(prefix + "relu", "relu", {x});
  keep(2);
  x = graph.add(prefix + "maxpool", "max_pool", {x}, {{"size", 3}, {"stride", 2}, {"padding", 1}});
  for (int stage = 0; stage < 4; ++stage) {
    for (int i = 0; i < blocks[static_cast<std::size_t>(stage)]; ++i) {
      const std::string name =
          prefix + "layer" + std::to_string(stage + 1) + "." + std::to_string(i);
      x = add_block(graph, name, block(name, 64 << stage, stage > 0 && i == 0 ? 2 : 1), x);
    }
    keep(4 << stage);
  }
  return levels;
}

}  // namespace

EncoderLevels add_resnet18(Graph& graph, const std::string& prefix, NodeId x) {
  return add_resnet(graph, prefix, x, basic, {2, 2, 2, 2});
}

EncoderLevels add_resnet50(Graph& graph, const std::string& prefix, NodeId x) {
  return add_resnet(graph, prefix, x, bottleneck, {3, 4, 6, 3});
}

}  // namespace dawson::nn
