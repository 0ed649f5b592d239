// dawson models describe, as a user types it.
#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "dawson/cli/commands.h"
#include "dawson/core/json.h"

namespace dawson::cli {
namespace {

Outcome describe(std::vector<std::string> more) {
  std::vector<std::string> line{"models", "describe"};
  line.insert(line.end(), more.begin(), more.end());
  return run_line(line, {models_command()});
}

// The trunk's parameters for four channels are torchvision's 14,714,688 and 64 kernels of 3×3 more;
// three scores read 512 channels each; 2 · 4×4 and 16×16 weights enlarge, and the last has a bias.
TEST(ModelsDescribe, CountsANetworkByItsName) {
  const Outcome said = describe({"--architecture", "fcn8s", "--encoder", "vgg16", "--channels", "4",
                                 "--size", "64", "--batch", "2", "--json"});
  ASSERT_EQ(said.code, 0) << said.reports;
  const core::Json found = core::Json::parse(said.out);
  EXPECT_EQ(found["parameters"], 14'714'688 + 64 * 9 + 3 * 512 + 2 * 16 + 256 + 1);
  const core::Json& first = found["layers"][1];
  EXPECT_EQ(first["name"], "encoder.features.0");
  EXPECT_EQ(first["shape"], core::Json({2, 64, 64, 64}));
  EXPECT_EQ(first["flops"], 2LL * 2 * 64 * 64 * 64 * 4 * 9 + 2 * 64 * 64 * 64);
  EXPECT_EQ(first["state_bytes"], 6 * 4 * (64 * 4 * 9 + 64));
  std::int64_t parameters = 0;
  for (const core::Json& layer : found["layers"]) {
    parameters += layer["parameters"].get<std::int64_t>();
  }
  EXPECT_EQ(found["parameters"], parameters);
  // Six numbers a parameter are there in either format, beside one in use.
  for (const char* peak : {"training_peak_bytes", "training_peak_bytes_bfloat16"}) {
    EXPECT_GT(found[peak].get<std::int64_t>(), 6 * 4 * parameters) << peak;
  }
  EXPECT_GT(found["peak_bytes"].get<std::int64_t>(), 4 * parameters);
  EXPECT_LT(found["peak_bytes"].get<std::int64_t>(), 6 * 4 * parameters);
}

TEST(ModelsDescribe, SaysWhichBatchFits) {
  const auto batches = [](const char* memory) {
    const Outcome said =
        describe({"--architecture", "residual_unet", "--size", "64", "--memory", memory, "--json"});
    EXPECT_EQ(said.code, 0) << said.reports;
    return core::Json::parse(said.out);
  };
  const core::Json little = batches("0.1"), more = batches("0.2");
  EXPECT_GT(little["largest_training_batch"], 0);
  EXPECT_GT(more["largest_training_batch"], little["largest_training_batch"]);
  EXPECT_GT(little["largest_training_batch_bfloat16"], little["largest_training_batch"]);
  EXPECT_EQ(batches("0.01")["largest_training_batch"], 0);
}

TEST(ModelsDescribe, HasARowALayerATotalAndTwoSentences) {
  const Outcome said = describe({"--architecture", "attention_fcn", "--size", "32"});
  ASSERT_EQ(said.code, 0) << said.reports;
  EXPECT_EQ(said.out.rfind("layer\toperation\toutput\tparameters\tmflop\toutput_kib\tkept_kib\t"
                           "state_kib\n",
                           0),
            0U);
  EXPECT_NE(said.out.find("\nencoder.0.0.conv\tconvolution\t1x16x32x32\t576\t"), std::string::npos);
  EXPECT_NE(said.out.find("\ntotal\t\t\t2008245\t"), std::string::npos) << said.out;
  EXPECT_NE(said.reports.find("in training"), std::string::npos);
  EXPECT_NE(said.reports.find("largest batch within 3584 MiB: "), std::string::npos);
}

TEST(ModelsDescribe, RefusesWhatMakesNoNetwork) {
  const auto refused = [](const std::vector<std::string>& line, const std::string& words) {
    const Outcome said = describe(line);
    EXPECT_EQ(said.code, 2);
    EXPECT_TRUE(said.out.empty());
    EXPECT_NE(said.reports.find(words), std::string::npos) << said.reports;
  };
  refused({}, "needs a model or --architecture");
  refused({"--architecture", "fcn9s"}, "fcn8s");
  refused({"--architecture", "fcn8s", "--size", "100"}, "multiples of 16");
  refused({"--architecture", "fcn8s", "--levels", "2"}, "at least 3 levels");
  refused({"--architecture", "residual_unet", "--fully-connected"}, "fcn8s alone");
  refused({"lesion", "--encoder", "vgg16"}, "decided by the model");
}

}  // namespace
}  // namespace dawson::cli
