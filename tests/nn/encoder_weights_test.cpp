#include "dawson/nn/encoder_weights.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/nn/encoders.h"
#include "dawson/nn/mobilenet_v2.h"
#include "dawson/nn/safetensors.h"
#include "nn/tensors.h"
#include "nn/torch_stream.h"
#include "support/temporary_folder.h"

namespace dawson::nn {
namespace {

using dawson::testing::TemporaryFolder;

NetworkSettings over(const std::string& encoder, int channels = 4) {
  NetworkSettings settings;
  settings.encoder = encoder;
  settings.input_channels = channels;
  return settings;
}

/// Fresh weights, and norms with statistics of their own, as training leaves them.
void randomise_trained(Graph& graph) {
  core::Random random(6);
  graph.initialise(random);
  const at::NoGradGuard no_gradient;
  for (const auto& [name, tensor] : graph.tensors()) {
    if (tensor.dim() != 1) continue;
    assign_normal(tensor, random, 0.2);
    const bool positive =
        name.find("running_var") != std::string::npos || name.find(".weight") != std::string::npos;
    if (positive) tensor.abs_().add_(0.7);
  }
}

/// A torchvision-named trunk behind three channels.
Tensors trunk(const std::string& encoder) {
  Graph graph;
  add_encoder(graph, over(encoder, 3), graph.input(3));
  randomise_trained(graph);
  Tensors renamed;
  for (const auto& [name, tensor] : graph.tensors()) renamed[name.substr(8)] = tensor;
  return renamed;
}

struct WeightsFolder {
  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "w.safetensors";
};

std::string refusal(const Tensors& stored, const NetworkSettings& settings) {
  const WeightsFolder place;
  write_safetensors(place.file, stored, false);
  Graph graph = build_without_weights(settings);
  const Tensors before = graph.clone().tensors();
  try {
    load_encoder(graph, settings, place.file);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::model);
    EXPECT_EQ(e.where(), place.file.string());
    for (const auto& [name, tensor] : graph.tensors()) {
      EXPECT_TRUE(tensor.equal(before.at(name))) << name << " was changed all the same";
    }
    return e.fact();
  }
  return {};
}

TEST(EncoderWeights, AreTakenByNameWithTheirNorms) {
  Tensors stored = trunk("resnet18");
  stored["fc.weight"] = zero_weight(10, 512, 1, 1);
  stored["fc.bias"] = filled_vector(10, 0);
  stored["bn1.num_batches_tracked"] = filled_vector(1, 0).to(at::kLong);
  const WeightsFolder place;
  write_safetensors(place.file, stored, false);
  Graph graph = build_without_weights(over("resnet18"));
  const Tensors before = graph.clone().tensors();
  load_encoder(graph, over("resnet18"), place.file);
  const Tensors after = graph.tensors();
  for (const char* name : {"layer4.1.conv2.weight", "bn1.running_mean", "bn1.running_var",
                           "layer2.0.downsample.1.bias"}) {
    EXPECT_TRUE(after.at("encoder." + std::string(name)).equal(stored.at(name))) << name;
  }
  EXPECT_TRUE(after.at("head.weight").equal(before.at("head.weight")));
}

// Every tensor of a whole encoder, under the names and beside the classifier that torchvision's
// files have.
TEST(EncoderWeights, ComeFromAFileOfTorchAsFromSafetensors) {
  Tensors stored = trunk("mobilenet_v2");
  stored["features.18.0.weight"] = zero_weight(1280, 320, 1, 1);
  stored["classifier.1.weight"] = filled_vector(1000, 0.5);
  const WeightsFolder place;
  const auto torch_file = place.folder.path() / "mobilenet_v2.pth";
  write_safetensors(place.file, stored, false);
  write_torch_stream(torch_file, stored);
  Graph graph = build_without_weights(over("mobilenet_v2")), other = graph.clone();
  load_encoder(graph, over("mobilenet_v2"), place.file);
  load_encoder(other, over("mobilenet_v2"), torch_file);
  const Tensors loaded = other.tensors();
  std::size_t of_encoder = 0;
  for (const auto& [name, tensor] : graph.tensors()) {
    ASSERT_TRUE(loaded.at(name).equal(tensor)) << name;
    if (name.rfind("encoder.", 0) != 0) continue;
    ++of_encoder;
    EXPECT_GT(loaded.at(name).abs().max().item<double>(), 0) << name << " was not loaded";
  }
  EXPECT_EQ(of_encoder, stored.size() - 2);
}

TEST(EncoderWeights, ShareTheColoursOutAmongAnyNumberOfChannels) {
  const Tensors stored = trunk("resnet18");
  const WeightsFolder place;
  write_safetensors(place.file, stored, false);
  core::Random random(3);
  const at::Tensor grey = random_tensor({1, 1, 32, 32}, random).to(at::kFloat);
  const at::NoGradGuard no_gradient;
  Graph theirs;
  add_encoder(theirs, over("resnet18"), theirs.input(3));
  Tensors named;
  for (const auto& [name, tensor] : stored) named["encoder." + name] = tensor;
  theirs.load(named);
  const at::Tensor expected = theirs.forward(grey.repeat({1, 3, 1, 1}));
  for (const int channels : {1, 2, 5}) {
    const NetworkSettings settings = over("resnet18", channels);
    Graph graph = build_without_weights(settings), own;
    load_encoder(graph, settings, place.file);
    add_encoder(own, settings, own.input(channels));
    Tensors encoder;
    for (const auto& [name, tensor] : graph.tensors()) {
      if (name.rfind("encoder.", 0) == 0) encoder[name] = tensor;
    }
    own.load(encoder);
    const at::Tensor found = own.forward(grey.repeat({1, channels, 1, 1}));
    EXPECT_LT(difference(found, expected), 1e-4 * expected.abs().max().item<double>()) << channels;
  }
}

TEST(EncoderWeights, HalveTheInputWhereTheEncoderSawMinusOneToOne) {
  const Tensors stored = trunk("mobilenet_v2_tf");
  const WeightsFolder place;
  write_safetensors(place.file, stored, false);
  const at::Tensor rgb = stored.at("features.0.0.weight").sum(at::IntArrayRef{1});
  for (const auto& [encoder, scale] : {std::pair("mobilenet_v2", 1.0), {"mobilenet_v2_tf", 0.5}}) {
    Graph graph = build_without_weights(over(encoder));
    load_encoder(graph, over(encoder), place.file);
    const at::Tensor own = graph.tensors().at("encoder.features.0.0.weight");
    EXPECT_LT(difference(own.sum(at::IntArrayRef{1}), rgb.mul(scale)), 1e-6);
    EXPECT_TRUE(own.select(1, 0).equal(own.select(1, 3)));
  }
}

TEST(EncoderWeights, AreRefusedWithTheNamesOfWhatDoesNotFit) {
  Tensors stored = trunk("resnet18");
  stored.erase("layer3.0.bn1.running_mean");
  stored["layer9.conv1.weight"] = filled_vector(3, 0);
  stored["layer1.0.conv1.weight"] = filled_vector(3, 0);
  EXPECT_EQ(refusal(stored, over("resnet18")),
            "do not fit the network: missing are layer3.0.bn1.running_mean; unknown are "
            "layer9.conv1.weight; of another shape are layer1.0.conv1.weight");
  EXPECT_NE(refusal(trunk("mobilenet_v2"), over("resnet18")), "") << "another encoder's weights";
  EXPECT_EQ(refusal(trunk("resnet18"), over("light")),
            "the encoder \"light\" has no ImageNet weights");
}

void widen(const Graph& graph) {
  for (const auto& item : graph.tensors()) item.second.set_data(item.second.to(at::kDouble));
}

/// A trained MobileNetV2 trunk whose norms are folded, as the file of TensorFlow has them.
struct Folded {
  NetworkSettings settings = over("mobilenet_v2_tf", 2);
  Graph trained, folded, graph;
  at::Tensor slices;

  Folded() {
    add_encoder(trained, settings, trained.input(2));
    add_encoder(graph, settings, graph.input(2));
    randomise_trained(trained);
    // As after training: statistics that are those of what the network sees.
    core::Random random(8);
    slices = random_tensor({8, 2, 64, 64}, random).to(at::kFloat);
    const at::NoGradGuard no_gradient;
    for (int i = 0; i < 20; ++i) (void)trained.forward(slices, true);
    folded = trained.folded();
  }
};

// In double, where made weights in fifty layers do not blow rounding up: it is the same function.
// RealEncoder finds 1e-5 with real weights in float32.
TEST(FoldedNorms, ComeBackWithTheSameOutput) {
  Folded made;
  widen(made.graph);
  widen(made.folded);
  made.slices = made.slices.to(at::kDouble);
  const at::NoGradGuard no_gradient;
  restore_norms(made.graph, made.folded.tensors(), made.slices);
  core::Random random(9);
  for (const double deviation : {1.0, 3.0}) {  // on what was measured and on what was not
    const at::Tensor x = random_tensor({2, 2, 96, 64}, random, deviation);
    const at::Tensor expected = made.folded.forward(x);
    EXPECT_LT(difference(made.graph.forward(x), expected),
              1e-9 * expected.abs().max().item<double>());
  }
  // In training a norm goes by the batch: on slices like those measured, the network stays.
  const at::Tensor expected = made.folded.forward(made.slices);
  EXPECT_LT(difference(made.graph.forward(made.slices, true), expected),
            1e-9 * expected.abs().max().item<double>());
}

// The trap: a mean of 0 and a variance of 1 are as exact in use, and throw training far away.
TEST(FoldedNorms, WouldThrowTrainingFarAwayWithAMeanOf0AndAVarianceOf1) {
  Folded made;
  const at::NoGradGuard no_gradient;
  restore_norms(made.graph, made.folded.tensors(), made.slices);
  Graph naive = made.graph.clone();
  for (const Node& node : naive.nodes()) {
    if (node.operation != "batch_norm") continue;
    const Node& convolution = naive.nodes()[static_cast<std::size_t>(node.inputs[0])];
    node.buffers.at("running_mean").fill_(0);
    node.buffers.at("running_var").fill_(1);
    node.parameters.at("weight").fill_(std::sqrt(1 + 1e-5));
    node.parameters.at("bias").copy_(made.folded.tensors().at(convolution.name + ".bias"));
  }
  const at::Tensor expected = made.folded.forward(made.slices);
  const double size = expected.abs().mean().item<double>();
  EXPECT_LT(difference(naive.forward(made.slices), expected), 1e-3 * size) << "exact in use";
  const auto off = [&](Graph& graph) {
    return graph.forward(made.slices, true).sub(expected).abs().mean().item<double>() / size;
  };
  EXPECT_GT(off(naive), 0.5);
  EXPECT_LT(off(made.graph), 1e-3);
}

TEST(FoldedNorms, AreMeasuredOnTheSlicesThatLoadingIsGiven) {
  Folded made;
  Tensors stored;
  for (const auto& [name, tensor] : made.folded.tensors()) stored[name.substr(8)] = tensor;
  const WeightsFolder place;
  write_safetensors(place.file, stored, false);
  EXPECT_NE(refusal(stored, made.settings).find("norms folded"), std::string::npos);

  Graph graph = build_without_weights(made.settings);
  load_encoder(graph, made.settings, place.file, [&] { return made.slices; });
  restore_norms(made.graph, made.folded.tensors(), made.slices);
  for (const auto& [name, tensor] : made.graph.tensors()) {
    EXPECT_TRUE(graph.tensors().at(name).allclose(tensor, 1e-5, 1e-6)) << name;
  }
  stored.erase("features.3.conv.2.bias");
  write_safetensors(place.file, stored, false);
  EXPECT_EQ(refusal(stored, made.settings),
            "do not fit the network: missing are features.3.conv.2.bias");
}

}  // namespace
}  // namespace dawson::nn
