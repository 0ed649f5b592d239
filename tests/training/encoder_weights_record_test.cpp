// The weights that an encoder begins with are part of what a run is.
#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/core/json.h"
#include "dawson/nn/safetensors.h"
#include "training/run.h"

namespace dawson::training {
namespace {

/// A toy run over MobileNetV2, whose weights lie in files as torchvision names them.
class EncoderWeightsOfARun : public ::testing::Test {
 protected:
  EncoderWeightsOfARun() {
    write_toy_cache(cache_, 2);
    settings_.network.encoder = "mobilenet_v2";
    settings_.network.input_channels = 4;
    settings_.iterations = settings_.epoch_iterations = 1;
    settings_.encoder_weights = weights("a.safetensors", 1).string();
  }

  [[nodiscard]] fs::path weights(const std::string& name, std::uint64_t seed) const {
    nn::Graph graph = nn::build(settings_.network);
    core::Random random(seed);
    graph.initialise(random);
    nn::Tensors stored;
    for (const auto& [tensor, values] : graph.tensors()) {
      if (tensor.rfind("encoder.", 0) == 0) stored[tensor.substr(8)] = values;
    }
    nn::write_safetensors(folder_ / name, stored, false);
    return folder_ / name;
  }

  [[nodiscard]] std::string refusal() const {
    try {
      train_toy(cache_, settings_, run_, /*resume=*/true);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::usage);
      return e.fact();
    }
    return {};
  }

  testing::TemporaryFolder folder_;
  fs::path cache_ = folder_ / "cache", run_ = folder_ / "run";
  TrainingSettings settings_ = toy_settings();
};

TEST_F(EncoderWeightsOfARun, AreWrittenDownByNameAndHash) {
  train_toy(cache_, settings_, run_);
  const core::Json expected = {{"file", "a.safetensors"},
                               {"sha256", core::sha256_file(settings_.encoder_weights)}};
  EXPECT_EQ(core::read_json(run_ / "settings.json")["settings"]["encoder_weights"], expected);
  EXPECT_EQ(
      core::read_json(run_ / "model" / "model.json")["provenance"]["settings"]["encoder_weights"],
      expected);
}

TEST_F(EncoderWeightsOfARun, AreTheSameInAResume) {
  train_toy(cache_, settings_, run_);
  const std::string first = settings_.encoder_weights;
  settings_.encoder_weights = weights("b.safetensors", 2).string();
  EXPECT_EQ(refusal(), "the run was started with other settings: encoder_weights.sha256");
  settings_.encoder_weights.clear();
  EXPECT_EQ(refusal(), "the run was started with other settings: pretrained, encoder_weights");
  fs::copy_file(first, folder_ / "renamed.safetensors");
  settings_.encoder_weights = (folder_ / "renamed.safetensors").string();
  EXPECT_EQ(refusal(), "");
}

TEST_F(EncoderWeightsOfARun, AreNotSpokenOfWhereThereAreNone) {
  settings_ = toy_settings();
  settings_.iterations = 1;
  train_toy(cache_, settings_, run_);
  EXPECT_FALSE(core::read_json(run_ / "settings.json")["settings"].contains("encoder_weights"));
}

}  // namespace
}  // namespace dawson::training
