#include "dawson/nn/device.h"

#include <ATen/ATen.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <torch/cuda.h>

#include <fstream>
#include <tuple>

#include "dawson/core/error.h"
#include "dawson/nn/device_driver.h"
#include "dawson/nn/graph.h"

namespace dawson::nn {
namespace {

ExitCode refusal_of(const std::string& text) {
  try {
    find_device(text);
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("--device"), std::string::npos) << e.what();
    return e.code();
  }
  return ExitCode::done;
}

TEST(Device, IsTheCpuWhereItIsAskedFor) {
  EXPECT_TRUE(find_device("cpu").is_cpu());
  EXPECT_EQ(describe(find_device("cpu")), "cpu");
}

TEST(Device, IsRefusedWhereTheTextNamesNone) {
  for (const char* text :
       {"", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:1x", "cuda0", "cuda:1234"}) {
    EXPECT_EQ(refusal_of(text), ExitCode::usage) << text;
  }
}

TEST(Device, IsRefusedWhereThereIsNoSuchGpu) {
  const auto count = static_cast<int>(torch::cuda::device_count());
  EXPECT_EQ(refusal_of("cuda:" + std::to_string(count)), ExitCode::resources);
  EXPECT_EQ(refusal_of("cuda"), count > 0 ? ExitCode::done : ExitCode::resources);
  EXPECT_EQ(find_device("auto").is_cpu(), count == 0);
}

TEST(Device, KnowsTheFreeMemoryOfTheMachine) {
  std::ifstream file("/proc/meminfo");
  std::int64_t total = 0;
  for (std::string key; file >> key;) {
    if (key == "MemTotal:") file >> total;
  }
  const std::int64_t free = free_memory(c10::Device(c10::kCPU));
  EXPECT_GT(free, 64 << 20);
  EXPECT_LT(free, 1024 * total);
}

TEST(Device, ReadsWhatTheDriverSaysAndLeavesNoContextOpen) {
  const auto facts = ask_driver(0, DAWSON_FAKE_DRIVER);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->name, "NVIDIA GeForce GTX 1650");
  EXPECT_EQ(facts->major, 7);
  EXPECT_EQ(facts->minor, 5);
  EXPECT_EQ(facts->free_bytes, std::int64_t{3} << 30);
  void* driver = dlopen(DAWSON_FAKE_DRIVER, RTLD_NOW | RTLD_LOCAL);
  const auto left = reinterpret_cast<int (*)()>(dlsym(driver, "contexts_left_open"));
  ASSERT_NE(left, nullptr);
  EXPECT_EQ(left(), 0);
}

TEST(Device, SaysNothingOfAGpuOrADriverThatIsNotThere) {
  EXPECT_FALSE(ask_driver(1, DAWSON_FAKE_DRIVER));
  EXPECT_FALSE(ask_driver(0, "libno-such-driver.so.1"));
}

/// Output and input gradient of a bilinear enlargement in training.
std::pair<at::Tensor, at::Tensor> enlarged(int factor, at::Tensor x, bool deterministic) {
  Graph graph;
  graph.add("up", "upsample_bilinear", {graph.input(3)}, core::Json{{"factor", factor}});
  set_deterministic(deterministic);
  x = x.detach().clone().requires_grad_();
  const at::Tensor y = graph.forward(x, /*training=*/true);
  set_deterministic(false);
  y.mul(at::arange(y.numel()).view(y.sizes()).remainder(7)).sum().backward();
  return {y.detach(), x.grad()};
}

TEST(Device, DeterministicEnlargementIsTheSameFunction) {
  at::manual_seed(1);
  for (const auto& [factor, h, w] : {std::tuple{2, 5, 8}, {4, 3, 2}, {3, 1, 6}}) {
    const at::Tensor x = at::rand({2, 3, h, w});
    const auto [y, gradient] = enlarged(factor, x, false);
    const auto [in_order, gradient_in_order] = enlarged(factor, x, true);
    EXPECT_LT((y - in_order).abs().max().item<float>(), 1e-6F) << factor;
    EXPECT_LT((gradient - gradient_in_order).abs().max().item<float>(), 2e-5F) << factor;
    EXPECT_TRUE(in_order.is_contiguous(at::MemoryFormat::ChannelsLast));
    EXPECT_FALSE(y.equal(in_order)) << "the two ways are one";
  }
  EXPECT_FALSE(is_deterministic());
}

}  // namespace
}  // namespace dawson::nn
