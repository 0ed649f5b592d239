#include "dawson/nn/vgg16.h"

#include <array>

namespace dawson::nn {

EncoderLevels add_vgg16(Graph& graph, const std::string& prefix, NodeId x) {
  struct Stage {
    int channels, convolutions;
  };
  // Table 1 of the paper, column D.
  constexpr std::array<Stage, 5> stages{{{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}}};
  EncoderLevels levels;
  int place = 0;  // torchvision counts convolutions, ReLUs and poolings alike
  int stride = 1;
  const auto next = [&] { return prefix + "features." + std::to_string(place++); };
  const auto keep = [&] {
    levels.values.push_back(x);
    levels.strides.push_back(stride);
  };
  for (const Stage& stage : stages) {
    for (int i = 0; i < stage.convolutions; ++i) {
      x = graph.add(next(), "convolution", {x},
                    {{"channels", stage.channels}, {"kernel", 3}, {"padding", 1}});
      x = graph.add(next(), "relu", {x});
    }
    keep();
    x = graph.add(next(), "max_pool", {x}, {{"size", 2}});
    stride *= 2;
  }
  keep();
  return levels;
}

}  // namespace dawson::nn
