#include "dawson/bundle/bundle.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "bundle/networks.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/core/json.h"
#include "nn/tensors.h"
#include "support/temporary_folder.h"

namespace dawson::bundle {
namespace {

using dawson::testing::TemporaryFolder;

namespace fs = std::filesystem;

Bundle sample() {
  Bundle bundle;
  bundle.name = "sample";
  bundle.version = "1.2";
  bundle.target = "lesion";
  bundle.graph = std::make_shared<nn::Graph>(small_network(4));
  core::Random random(3);
  nn::randomise(*bundle.graph, random);
  bundle.input = {{{-3, 0, 3}, {0}}};
  bundle.recipe = {{"spacing_mm", 1.0}, {"steps", {"brain", "bias"}}};
  bundle.threshold = 0.4;
  bundle.temperature = 1.3;
  bundle.min_peak = 0.75;
  bundle.min_volume_mm3 = 5;
  bundle.provenance = {{"seed", 7}};
  bundle.card = "# Sample\nData: none.\n";
  return bundle;
}

struct Saved {
  TemporaryFolder folder;
  fs::path path = folder.path() / "sample";
  Bundle bundle = sample();
  explicit Saved(bool half = true) { bundle.save(path, half, false); }

  void change_json(const std::function<void(core::Json&)>& change) const {
    core::Json json = core::read_json(path / "model.json");
    change(json);
    core::write_json(path / "model.json", json);
  }
  std::string refusal() const {
    try {
      (void)Bundle::open(path);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::model) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "was opened";
    return {};
  }
};

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Bundle, IsWhatWasSaved) {
  const Saved saved(false);
  const Bundle again = Bundle::open(saved.path);
  EXPECT_EQ(again.name, "sample");
  EXPECT_EQ(again.version, "1.2");
  EXPECT_EQ(again.target, "lesion");
  EXPECT_EQ(again.threshold, 0.4);
  EXPECT_EQ(again.temperature, 1.3);
  EXPECT_EQ(again.min_peak, 0.75);
  EXPECT_EQ(again.min_volume_mm3, 5);
  EXPECT_EQ(again.recipe, saved.bundle.recipe);
  EXPECT_EQ(again.provenance, saved.bundle.provenance);
  EXPECT_EQ(again.input.offsets_mm, saved.bundle.input.offsets_mm);
  EXPECT_EQ(again.card, saved.bundle.card);
  EXPECT_EQ(again.graph->describe(), saved.bundle.graph->describe());
  EXPECT_EQ(again.weights_sha256, core::sha256_file(saved.path / "weights.safetensors"));
  EXPECT_EQ(saved.bundle.weights_sha256, again.weights_sha256);
  for (const auto& [name, tensor] : saved.bundle.graph->tensors()) {
    EXPECT_TRUE(again.graph->tensors().at(name).equal(tensor)) << name;
  }
}

TEST(Bundle, AnswersNearlyTheSameFromFloat16) {
  const Saved saved(true);
  const Bundle again = Bundle::open(saved.path);
  core::Random random(5);
  const at::Tensor x = nn::random_tensor({2, 4, 16, 16}, random).to(at::kFloat);
  const at::Tensor whole = saved.bundle.graph->forward(x).detach();
  const double off = nn::difference(whole, again.graph->forward(x).detach());
  EXPECT_GT(off, 0);
  EXPECT_LT(off, 0.01 * whole.abs().max().item<double>());
  EXPECT_LT(fs::file_size(saved.path / "weights.safetensors"),
            3 * static_cast<std::uintmax_t>(saved.bundle.graph->cost(1, 4, 4).parameters) + 20000);
}

TEST(Bundle, RefusesWeightsThatChanged) {
  const Saved saved;
  const fs::path weights = saved.path / "weights.safetensors";
  std::fstream file(weights, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-1, std::ios::end);
  file.put('\x11');
  file.close();
  expect_contains(saved.refusal(), "SHA-256");
}

TEST(Bundle, RefusesANewerFormat) {
  const Saved saved;
  saved.change_json([](core::Json& json) { json["format"] = newest_format + 1; });
  const std::string text = saved.refusal();
  expect_contains(text, "format " + std::to_string(newest_format + 1));
  expect_contains(text, "newer version of dawson");
}

TEST(Bundle, NamesTheFileThatIsMissing) {
  for (const char* name : {"model.json", "weights.safetensors", "card.md"}) {
    const Saved saved;
    fs::remove(saved.path / name);
    expect_contains(saved.refusal(), std::string(name) + ": the file is missing");
  }
  Saved saved;
  saved.path = saved.path / "elsewhere";
  expect_contains(saved.refusal(), "there is no model folder");
}

TEST(Bundle, RefusesWhatDoesNotFit) {
  for (const char* key : {"format", "name", "target", "threshold", "temperature", "recipe",
                          "provenance", "weights", "network", "input"}) {
    const Saved saved;
    saved.change_json([key](core::Json& json) { json.erase(key); });
    expect_contains(saved.refusal(), key);
  }
  const auto changed = [](const std::function<void(core::Json&)>& change) {
    const Saved saved;
    saved.change_json(change);
    return saved.refusal();
  };
  changed([](core::Json& json) { json["threshold"] = 2; });
  changed([](core::Json& json) { json["temperature"] = 0; });
  changed([](core::Json& json) { json["format"] = "1"; });
  changed([](core::Json& json) { json["input"]["offsets_mm"] = {{0}, {0}}; });
  expect_contains(
      changed([](core::Json& json) { json["network"]["nodes"][1]["settings"]["channels"] = 5; }),
      "network");
  expect_contains(changed([](core::Json& json) {
                    json["network"]["nodes"].erase(json["network"]["nodes"].size() - 1);
                  }),
                  "unknown are head.bias");
  const Saved saved;
  std::ofstream(saved.path / "model.json") << "{ not json";
  saved.refusal();
}

TEST(Bundle, IsNotReplacedUnasked) {
  Saved saved;
  const std::string before = core::sha256_file(saved.path / "weights.safetensors");
  Bundle other = sample();
  other.graph = std::make_shared<nn::Graph>(small_network(4));
  try {
    other.save(saved.path, true, false);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::output);
  }
  EXPECT_EQ(core::sha256_file(saved.path / "weights.safetensors"), before);
  other.save(saved.path, true, true);
  EXPECT_EQ(Bundle::open(saved.path).weights_sha256, other.weights_sha256);
  EXPECT_NE(other.weights_sha256, before);
}

TEST(Bundle, LeavesNothingWhenItCannotBeSaved) {
  const TemporaryFolder folder;
  Bundle bundle = sample();
  nn::assign(bundle.graph->tensors().at("head.bias"), {1e6F});  // beyond float16
  EXPECT_THROW(bundle.save(folder.path() / "model", true, false), Error);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace dawson::bundle
