#include "dawson/nn/mobilenet_v2.h"

#include <array>

#include "dawson/nn/networks.h"

namespace dawson::nn {
namespace {

/// A stride of 2 pads even images at the right and bottom only, as these weights were trained
/// (TensorFlow "SAME"); padding all round would shift every level by half a pixel.
core::Json padding_for(int kernel, int stride) {
  if (stride == 2) return core::Json::array({0, 1, 0, 1});
  return kernel / 2;
}

NodeId convolution(Graph& graph, const std::string& name, NodeId x, int channels, int kernel,
                   int stride, int groups, bool relu6) {
  x = graph.add(name, "convolution", {x},
                {{"channels", channels},
                 {"kernel", kernel},
                 {"stride", stride},
                 {"padding", padding_for(kernel, stride)},
                 {"groups", groups},
                 {"before", relu6 ? "relu" : "linear"}});
  return relu6 ? graph.add(name + ".relu", "relu6", {x}) : x;
}

/// Expansion by 1×1, depthwise 3×3, linear bottleneck by 1×1; a sum around it where shapes allow.
NodeId inverted_residual(Graph& graph, const std::string& name, NodeId x, int channels, int stride,
                         int expansion) {
  const int before = graph.channels(x);
  const int wide = before * expansion;
  NodeId y = x;
  int part = 0;
  const auto next = [&](bool inner) {
    return name + ".conv." + std::to_string(part++) + (inner ? ".0" : "");
  };
  if (expansion != 1) y = convolution(graph, next(true), y, wide, 1, 1, 1, true);
  y = convolution(graph, next(true), y, wide, 3, stride, wide, true);
  y = convolution(graph, next(false), y, channels, 1, 1, 1, false);
  if (stride == 1 && before == channels) y = graph.add(name + ".sum", "add", {y, x});
  return y;
}

}  // namespace

MobileNetLevels add_mobilenet_v2(Graph& graph, const std::string& prefix, NodeId x) {
  struct Stage {
    int expansion, channels, blocks, stride;
  };
  // Table 2 of the paper.
  constexpr std::array<Stage, 7> stages{{{1, 16, 1, 1},
                                         {6, 24, 2, 2},
                                         {6, 32, 3, 2},
                                         {6, 64, 4, 2},
                                         {6, 96, 3, 1},
                                         {6, 160, 3, 2},
                                         {6, 320, 1, 1}}};
  MobileNetLevels levels;
  x = convolution(graph, prefix + "features.0.0", x, 32, 3, 2, 1, true);
  int feature = 1;
  for (const Stage& stage : stages) {
    if (stage.stride == 2) levels.values.push_back(x);
    for (int block = 0; block < stage.blocks; ++block) {
      x = inverted_residual(graph, prefix + "features." + std::to_string(feature++), x,
                            stage.channels, block == 0 ? stage.stride : 1, stage.expansion);
    }
  }
  levels.values.push_back(x);
  return levels;
}

Graph mobilenet_v2_classifier(int classes) {
  Graph graph;
  NodeId x = add_mobilenet_v2(graph, "", graph.input(3)).values.back();
  x = convolution(graph, "features.18.0", x, 1280, 1, 1, 1, true);
  x = graph.add("pool", "global_average_pool", {x});
  convolution(graph, "classifier.1", x, classes, 1, 1, 1, false);
  return graph;
}

}  // namespace dawson::nn
