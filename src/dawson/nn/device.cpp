#include "dawson/nn/device.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "dawson/core/error.h"
#include "dawson/nn/device_driver.h"
#include "dawson/nn/graph.h"

namespace dawson::nn {
namespace {

std::atomic<bool> deterministic{false};

[[noreturn]] void refuse_gpu(const std::string& what, const std::string& text,
                             const std::string& what_to_do) {
  throw Error(ExitCode::resources, what, "--device " + text, what_to_do);
}

int gpu_count() {
  return static_cast<int>(torch::cuda::device_count());
}

/// The number after "cuda:"; −1: none.
int index_in(const std::string& digits) {
  if (digits.empty() || digits.size() > 3) return -1;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return -1;
  return std::stoi(digits);
}

/// "MemAvailable:   21130000 kB" → bytes; −1 where it is not there.
std::int64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string key; file >> key;) {
    std::int64_t kibibytes = 0;
    if (key == "MemAvailable:" && file >> kibibytes) return 1024 * kibibytes;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return -1;
}

std::int64_t number_in(const char* path) {
  std::int64_t number = -1;
  std::ifstream file(path);
  return file >> number ? number : -1;  // "max": no limit
}

std::int64_t free_host_memory() {
  const std::int64_t available = available_memory();
  // Inside a container these are its own (Linux's cgroup-v2 documentation).
  const std::int64_t most = number_in("/sys/fs/cgroup/memory.max");
  const std::int64_t used = number_in("/sys/fs/cgroup/memory.current");
  if (most < 0 || used < 0) return available;
  const std::int64_t left = std::max<std::int64_t>(0, most - used);
  return available < 0 ? left : std::min(available, left);
}

}  // namespace

c10::Device find_device(const std::string& text) {
  if (text == "cpu") return {c10::kCPU};
  if (text == "auto") return gpu_count() > 0 ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
  const std::string prefix = "cuda:";
  const int index = text == "cuda"               ? 0
                    : text.rfind(prefix, 0) == 0 ? index_in(text.substr(prefix.size()))
                                                 : -1;
  if (index < 0) {
    throw Error(ExitCode::usage, "must be cpu, cuda, cuda:N or auto, not " + text, "--device");
  }
  if (!at::detail::getCUDAHooks().hasCUDART()) {
    refuse_gpu("this libtorch (" TORCH_VERSION ") was built without CUDA", text,
               "train with --device cpu, or build with an upstream libtorch (docs/gpu.md)");
  }
  const int count = gpu_count();
  if (index >= count) {
    refuse_gpu("libtorch finds " + (count == 0 ? std::string("no GPU")
                                    : count == 1
                                        ? std::string("one GPU, cuda:0")
                                        : std::to_string(count) +
                                              " GPUs, cuda:0 to cuda:" + std::to_string(count - 1)),
               text, "choose another device; `nvidia-smi` shows what the driver sees");
  }
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

c10::Device device_of(const Graph& graph) {
  const auto parameters = graph.parameters();
  return parameters.empty() ? c10::Device(c10::kCPU) : parameters.front().second.device();
}

void move_to(const Graph& graph, c10::Device device) {
  const at::NoGradGuard no_gradient;
  for (const auto& [name, tensor] : graph.tensors()) {
    if (tensor.device() != device) tensor.set_data(tensor.to(device));
  }
}

std::int64_t free_memory(c10::Device device) {
  if (device.is_cpu()) return free_host_memory();
  const auto facts = ask_driver(device.index());
  return facts ? facts->free_bytes : -1;
}

ComputeType fastest_type(c10::Device device) {
  constexpr int ampere = 8;
  const auto facts = device.is_cpu() ? std::optional<GpuFacts>() : ask_driver(device.index());
  const bool narrow = device.is_cpu() ? cpu_multiplies_bfloat16() : facts && facts->major >= ampere;
  return narrow ? ComputeType::bfloat16 : ComputeType::float32;
}

std::string describe(c10::Device device) {
  if (device.is_cpu()) return "cpu";
  const auto facts = ask_driver(device.index());
  if (!facts) return device.str();
  return device.str() + " (" + facts->name + ", compute capability " +
         std::to_string(facts->major) + "." + std::to_string(facts->minor) + ")";
}

void set_deterministic(bool value) {
  // Fixed workspaces, without which cuBLAS may add in another order (its manual, "Results
  // reproducibility"); read when a GPU is first used.
  if (value) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  at::Context& context = at::globalContext();
  context.setDeterministicAlgorithms(value, /*warn_only=*/true);
  context.setDeterministicCuDNN(value);
  deterministic = value;
}

bool is_deterministic() noexcept {
  return deterministic;
}

}  // namespace dawson::nn
