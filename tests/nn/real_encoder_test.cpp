// The ImageNet weights that stand beside the real scans, and a picture whose classes are known.
//
// chelsea_224.ppm is "chelsea.png" of scikit-image (CC0, by its photographer Stéfan van der Walt),
// resized to 224 × 224 with a triangle filter.
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "dawson/nn/encoder_weights.h"
#include "dawson/nn/encoders.h"
#include "dawson/nn/mobilenet_v2.h"
#include "dawson/nn/weights_file.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

const std::filesystem::path weights_folder =
    std::filesystem::path(DAWSON_TEST_DATA).parent_path() / "weights";
const std::filesystem::path weights_file = weights_folder / "mobilenet_v2.safetensors";

Tensors stored_tensors() {
  Tensors stored = read_weights(weights_file);
  at::Tensor& classifier = stored.at("classifier.1.weight");
  classifier = classifier.view({1001, 1280, 1, 1});
  return stored;
}

/// As the file has it: norms folded into the convolutions.
Graph folded_classifier() {
  Graph graph = mobilenet_v2_classifier(1001, MobileNetPadding::tensorflow).folded();
  graph.load(stored_tensors());  // refuses any tensor that is missing, left over or misshapen
  return graph;
}

/// [1, 3, 224, 224] in −1 … 1.
at::Tensor cat() {
  constexpr int side = 224;
  std::ifstream in(std::string(DAWSON_SOURCE_DIR) + "/tests/nn/chelsea_224.ppm", std::ios::binary);
  in.seekg(-side * side * 3, std::ios::end);
  std::vector<char> bytes(side * side * 3);
  EXPECT_TRUE(in.read(bytes.data(), static_cast<long>(bytes.size())));
  std::vector<float> values(bytes.size());
  for (int pixel = 0; pixel < side * side; ++pixel) {
    for (int c = 0; c < 3; ++c) {
      values[static_cast<std::size_t>(c * side * side + pixel)] =
          static_cast<float>(static_cast<unsigned char>(bytes[pixel * 3 + c])) / 127.5F - 1;
    }
  }
  at::Tensor x = at::empty({1, 3, side, side}, at::TensorOptions(at::kFloat));
  assign(x, values);
  return x;
}

double probability(const at::Tensor& p, const std::string& label) {
  std::vector<std::string> labels;
  std::ifstream in(weights_folder / "imagenet_labels.txt");
  for (std::string line; std::getline(in, line);) labels.push_back(line);
  EXPECT_EQ(labels.size(), 1001U);
  return p[std::find(labels.begin(), labels.end(), label) - labels.begin()].item<double>();
}

// expected.txt beside the weights, with TensorFlow's padding (with torch's: 0.68, 0.13, 0.14).
void expect_cat(Graph& graph) {
  const at::NoGradGuard no_gradient;
  const at::Tensor p = graph.forward(cat()).view({-1}).softmax(0);
  EXPECT_NEAR(probability(p, "Egyptian cat"), 0.81, 0.02);
  EXPECT_NEAR(probability(p, "tabby, tabby cat"), 0.12, 0.02);
  EXPECT_NEAR(probability(p, "tiger cat"), 0.04, 0.02);
}

// 2,206,816 and 3,489,097: the README of the weights file, counted there.
TEST(RealEncoder, HasTheParametersOfTheStoredWeights) {
  std::int64_t trunk = 0, all = 0;
  for (const auto& [name, tensor] : folded_classifier().parameters()) {
    all += tensor.numel();
    if (name.rfind("features.", 0) == 0) trunk += tensor.numel();
  }
  EXPECT_EQ(trunk, 2'206'816);
  EXPECT_EQ(all, 3'489'097);
  // 300 million multiply-adds at 224² (Sandler et al. 2018, table 4).
  const Graph graph = folded_classifier();
  EXPECT_NEAR(static_cast<double>(graph.cost(1, 224, 224).flops), 2 * 300e6, 0.1 * 600e6);
}

TEST(RealEncoder, KnowsTheCat) {
  Graph graph = folded_classifier();
  expect_cat(graph);
}

TEST(RealEncoder, KnowsTheCatWithItsNormsPutBack) {
  Graph graph = mobilenet_v2_classifier(1001, MobileNetPadding::tensorflow),
        folded = folded_classifier();
  const Tensors stored = stored_tensors();
  for (const char* name : {"classifier.1.weight", "classifier.1.bias"}) {
    const at::NoGradGuard no_gradient;
    graph.tensors().at(name).copy_(stored.at(name));
  }
  // Measured on this very picture: nothing more is at hand, and in use any other would do.
  restore_norms(graph, stored, cat());
  expect_cat(graph);
  const at::NoGradGuard no_gradient;
  const at::Tensor expected = folded.forward(cat());
  EXPECT_LT(difference(graph.forward(cat()), expected), 1e-5 * expected.abs().max().item<double>());
}

TEST(RealEncoder, AnswersAsTheClassifiersTrunkDoes) {
  NetworkSettings settings;
  settings.encoder = "mobilenet_v2_tf";
  settings.input_channels = 2;
  Graph graph = build(settings), own;
  const at::Tensor grey = cat().mean(at::IntArrayRef{1}, true);
  // A grey picture v on R, G and B is what 2v on each of our channels is.
  const at::Tensor ours = grey.mul(2).repeat({1, 2, 1, 1});
  load_encoder(graph, settings, weights_file, [&] { return ours; });
  add_encoder(own, settings, own.input(2));
  Tensors encoder, trunk;
  for (const auto& [name, tensor] : graph.tensors()) {
    if (name.rfind("encoder.", 0) == 0) encoder[name] = tensor;
  }
  own.load(encoder);
  Graph theirs;
  add_mobilenet_v2(theirs, "", theirs.input(3), MobileNetPadding::tensorflow);
  theirs = theirs.folded();
  for (const auto& [name, tensor] : read_weights(weights_file)) {
    if (name.rfind("features.", 0) == 0 && name.rfind("features.18.", 0) != 0) trunk[name] = tensor;
  }
  theirs.load(trunk);
  const at::NoGradGuard no_gradient;
  const at::Tensor expected = theirs.forward(grey.repeat({1, 3, 1, 1}));
  EXPECT_LT(difference(own.forward(ours), expected), 1e-4 * expected.abs().max().item<double>());
}

}  // namespace
}  // namespace dawson::nn
