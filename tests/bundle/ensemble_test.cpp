#include "dawson/bundle/ensemble.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bundle/networks.h"
#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::bundle {
namespace {

Bundle pixel_model(const std::string& name, float weight, const std::string& patient) {
  Bundle b;
  b.name = name;
  b.version = "1";
  b.target = "lesion";
  b.graph = std::make_shared<nn::Graph>(pixel_network({weight}, 0.25F));
  b.input = {{{0}}};
  b.recipe = {{"spacing_mm", 1.0}};
  b.threshold = 0.3;
  b.provenance = {{"data", {{"train_patients", {"site/both", patient}}}}};
  b.weights_sha256 = "hash of " + name;
  return b;
}

TEST(EnsembleOfModels, AveragesAndKeepsWhereTheMembersComeFrom) {
  const Bundle joined =
      ensemble({pixel_model("a", 1, "site/first"), pixel_model("b", 3, "site/second")});
  const testing::TemporaryFolder folder;
  Bundle(joined).save(folder / "joined", /*half=*/true, false);
  const Bundle again = Bundle::open(folder / "joined");
  Stack stack{1, 1, 1, 2, 1, {1, -2}};
  Progress progress;
  const std::vector<float> p =
      predict(*again.graph, stack, again.input, again.temperature, false, progress);
  EXPECT_NEAR(p[0], 1 / (1 + std::exp(-2.25)), 1e-6);
  EXPECT_NEAR(p[1], 1 / (1 + std::exp(3.75)), 1e-6);

  EXPECT_EQ(again.threshold, 0.3);
  const core::Json& from = again.provenance;
  EXPECT_EQ(from.at("data").at("train_patients"),
            core::Json({"site/both", "site/first", "site/second"}));
  ASSERT_EQ(from.at("members").size(), 2U);
  EXPECT_EQ(from.at("members")[1].at("weights_sha256"), "hash of b");
}

TEST(EnsembleOfModels, RefusesMembersThatDoNotFit) {
  const Bundle a = pixel_model("a", 1, "site/first");
  const auto refused = [&](auto change) {
    Bundle odd = pixel_model("odd", 1, "site/first");
    change(odd);
    try {
      (void)ensemble({a, odd});
    } catch (const Error& e) {
      return e.code() == ExitCode::model && e.where() == "odd";
    }
    return false;
  };
  EXPECT_TRUE(refused([](Bundle& b) { b.target = "brain"; }));
  EXPECT_TRUE(refused([](Bundle& b) { b.input = {{{-3}}}; }));
  EXPECT_TRUE(refused([](Bundle& b) { b.recipe["spacing_mm"] = 2.0; }));
  EXPECT_THROW(ensemble({}), Error);
}

}  // namespace
}  // namespace dawson::bundle
