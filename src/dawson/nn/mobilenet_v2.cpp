#include "dawson/nn/mobilenet_v2.h"

#include <array>

namespace dawson::nn {
namespace {

/// Appends convolutions, each with norm and perhaps ReLU6, to one graph.
class Builder {
 public:
  Builder(Graph& graph, MobileNetPadding padding) : graph_(graph), padding_(padding) {}

  /// Nodes NAME.0, NAME.1 and NAME.2, as torchvision counts within its ConvNormActivation.
  NodeId with_relu(const std::string& name, NodeId x, int channels, int kernel, int stride = 1,
                   int groups = 1) {
    x = add_convolution(name + ".0", x, channels, kernel, stride, groups, "relu");
    x = graph_.add(name + ".1", "batch_norm", {x});
    return graph_.add(name + ".2", "relu6", {x});
  }

  /// Expansion by 1×1, depthwise 3×3, linear bottleneck by 1×1; a sum around it where shapes allow.
  NodeId inverted_residual(const std::string& name, NodeId x, int channels, int stride,
                           int expansion) {
    const int before = graph_.channels(x);
    const int wide = before * expansion;
    NodeId y = x;
    int part = 0;
    const auto next = [&] { return name + ".conv." + std::to_string(part++); };
    if (expansion != 1) y = with_relu(next(), y, wide, 1);
    y = with_relu(next(), y, wide, 3, stride, wide);
    y = add_convolution(next(), y, channels, 1, 1, 1, "linear");
    y = graph_.add(next(), "batch_norm", {y});
    if (stride == 1 && before == channels) y = graph_.add(name + ".sum", "add", {y, x});
    return y;
  }

 private:
  NodeId add_convolution(const std::string& name, NodeId x, int channels, int kernel, int stride,
                         int groups, const char* before) {
    const bool one_sided = stride == 2 && padding_ == MobileNetPadding::tensorflow;
    return graph_.add(
        name, "convolution", {x},
        {{"channels", channels},
         {"kernel", kernel},
         {"stride", stride},
         {"padding", one_sided ? core::Json::array({0, 1, 0, 1}) : core::Json(kernel / 2)},
         {"groups", groups},
         {"bias", false},
         {"before", before}});
  }

  Graph& graph_;
  MobileNetPadding padding_;
};

}  // namespace

EncoderLevels add_mobilenet_v2(Graph& graph, const std::string& prefix, NodeId x,
                               MobileNetPadding padding, bool last_convolution) {
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
  EncoderLevels levels;
  int stride = 2;
  const auto keep = [&] {
    levels.values.push_back(x);
    levels.strides.push_back(stride);
  };
  Builder builder(graph, padding);
  x = builder.with_relu(prefix + "features.0", x, 32, 3, 2);
  int feature = 1;
  for (const Stage& stage : stages) {
    if (stage.stride == 2) {
      keep();
      stride *= 2;
    }
    for (int block = 0; block < stage.blocks; ++block) {
      x = builder.inverted_residual(prefix + "features." + std::to_string(feature++), x,
                                    stage.channels, block == 0 ? stage.stride : 1, stage.expansion);
    }
  }
  keep();
  if (last_convolution) builder.with_relu(prefix + "features.18", x, 1280, 1);
  return levels;
}

Graph mobilenet_v2_classifier(int classes, MobileNetPadding padding) {
  Graph graph;
  add_mobilenet_v2(graph, "", graph.input(3), padding, /*last_convolution=*/true);
  const NodeId last = static_cast<NodeId>(graph.nodes().size()) - 1;
  const NodeId pool = graph.add("pool", "global_average_pool", {last});
  graph.add("classifier.1", "convolution", {pool},
            {{"channels", classes}, {"kernel", 1}, {"before", "linear"}});
  return graph;
}

}  // namespace dawson::nn
