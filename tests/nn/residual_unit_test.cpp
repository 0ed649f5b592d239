#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "dawson/nn/blocks.h"
#include "nn/reference.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

using reference::Array;

// He et al. 2016b, fig. 4e; Zhang et al. 2018, fig. 1b.
TEST(ResidualUnit, IsConvolutionsOfNormedValuesPlusAShortcut) {
  for (const auto& [channels, stride] : {std::pair{3, 1}, {5, 1}, {5, 2}}) {
    SCOPED_TRACE(std::to_string(channels) + " " + std::to_string(stride));
    Graph graph;
    const NodeId x = graph.input(3);
    preactivation_unit(graph, "u", x, channels, stride);
    core::Random random(4);
    randomise(graph, random);
    const at::Tensor in = random_tensor({2, 3, 6, 4}, random).to(at::kFloat);
    const at::NoGradGuard no_gradient;
    const Array found(graph.forward(in));
    const auto relu = [](double v) { return std::max(v, 0.0); };
    const Array whole(in);
    Array y = reference::batch_norm(node_of(graph, "u.0.norm"), {whole});
    y = reference::convolution(node_of(graph, "u.0.conv"), {reference::each(y, relu)});
    y = reference::batch_norm(node_of(graph, "u.1.norm"), {y});
    y = reference::convolution(node_of(graph, "u.1.conv"), {reference::each(y, relu)});
    Array shortcut = whole;
    if (channels != 3 || stride != 1) {
      shortcut = reference::convolution(node_of(graph, "u.shortcut.conv"), {whole});
      shortcut = reference::batch_norm(node_of(graph, "u.shortcut.norm"), {shortcut});
    }
    const Array expected = reference::add({}, {y, shortcut});
    ASSERT_EQ(found.size, expected.size);
    for (std::size_t i = 0; i < expected.data.size(); ++i) {
      ASSERT_NEAR(found.data[i], expected.data[i], 1e-4);
    }
  }
}

}  // namespace
}  // namespace dawson::nn
