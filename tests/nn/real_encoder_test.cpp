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

#include "dawson/nn/mobilenet_v2.h"
#include "dawson/nn/networks.h"
#include "dawson/nn/safetensors.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

const std::filesystem::path weights_folder =
    std::filesystem::path(DAWSON_TEST_DATA).parent_path() / "weights";
const std::filesystem::path weights_file = weights_folder / "mobilenet_v2.safetensors";

Graph loaded_classifier() {
  Graph graph = mobilenet_v2_classifier(1001);
  Tensors stored = read_safetensors(weights_file);
  at::Tensor& classifier = stored.at("classifier.1.weight");
  classifier = classifier.view({1001, 1280, 1, 1});
  graph.load(stored);  // refuses any tensor that is missing, left over or of another shape
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

TEST(RealEncoder, KnowsTheCat) {
  Graph graph = loaded_classifier();
  const at::NoGradGuard no_gradient;
  const at::Tensor p = graph.forward(cat()).view({-1}).softmax(0);
  std::vector<std::string> labels;
  std::ifstream in(weights_folder / "imagenet_labels.txt");
  for (std::string line; std::getline(in, line);) labels.push_back(line);
  ASSERT_EQ(labels.size(), 1001U);
  const auto probability = [&](const char* label) {
    const auto place = std::find(labels.begin(), labels.end(), label) - labels.begin();
    return p[place].item<double>();
  };
  // expected.txt beside the weights, with TensorFlow's padding (with torch's: 0.68, 0.13, 0.14).
  EXPECT_NEAR(probability("Egyptian cat"), 0.81, 0.02);
  EXPECT_NEAR(probability("tabby, tabby cat"), 0.12, 0.02);
  EXPECT_NEAR(probability("tiger cat"), 0.04, 0.02);
}

TEST(RealEncoder, AnswersAsTheClassifiersTrunkDoes) {
  NetworkSettings settings;
  settings.encoder = "mobilenet_v2";
  settings.input_channels = 2;
  Graph graph = build(settings);
  load_encoder(graph, settings, weights_file);
  Graph own, theirs;
  const auto levels = add_mobilenet_v2(own, "encoder.", own.input(2));
  add_mobilenet_v2(theirs, "", theirs.input(3));
  Tensors encoder, trunk;
  for (const auto& [name, tensor] : graph.tensors()) {
    if (name.rfind("encoder.", 0) == 0) encoder[name] = tensor;
  }
  for (const auto& [name, tensor] : read_safetensors(weights_file)) {
    if (name.rfind("features.", 0) == 0 && name.rfind("features.18.", 0) != 0) trunk[name] = tensor;
  }
  own.load(encoder);
  theirs.load(trunk);
  ASSERT_EQ(levels.values.size(), 5U);
  EXPECT_EQ(own.channels(levels.values[3]), 96);
  // A grey picture v on R, G and B is what 2v on each of our channels is.
  const at::NoGradGuard no_gradient;
  const at::Tensor grey = cat().mean(at::IntArrayRef{1}, true);
  const at::Tensor expected = theirs.forward(grey.repeat({1, 3, 1, 1}));
  const at::Tensor found = own.forward(grey.mul(2).repeat({1, 2, 1, 1}));
  EXPECT_LT(difference(found, expected), 1e-4 * expected.abs().max().item<double>());
}

}  // namespace
}  // namespace dawson::nn
