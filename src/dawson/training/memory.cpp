#include "dawson/training/memory.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <new>
#include <string>

#include "dawson/core/table.h"
#include "dawson/nn/device.h"
#include "dawson/nn/graph.h"

namespace dawson::training {
namespace {

constexpr double gibibyte = 1024.0 * 1024 * 1024;
constexpr double share_for_tensors = 0.9;
constexpr double share_after_failure = 0.6;  // of what was thought to be there

std::string gib(std::int64_t bytes) {
  return core::number(static_cast<double>(bytes) / gibibyte, 2) + " GiB";
}

nn::ComputeType type_of(const TrainingSettings& s) {
  return s.compute == "bfloat16" ? nn::ComputeType::bfloat16 : nn::ComputeType::float32;
}

int fitting(const nn::Graph& graph, const TrainingSettings& s, std::int64_t bytes) {
  return nn::largest_batch(graph, s.patch, s.patch, bytes, /*training=*/true, type_of(s));
}

std::string advice(int batch) {
  if (batch > 0) return "a batch of " + std::to_string(batch) + " would fit (--batch)";
  return "not even a batch of 1 would fit: choose a smaller --patch or another --architecture";
}

}  // namespace

std::int64_t memory_for_training(const TrainingSettings& settings, c10::Device device) {
  if (settings.memory_gib > 0) return static_cast<std::int64_t>(settings.memory_gib * gibibyte);
  const std::int64_t free = nn::free_memory(device);
  return free < 0 ? -1 : static_cast<std::int64_t>(share_for_tensors * static_cast<double>(free));
}

void require_memory(const nn::Graph& graph, const TrainingSettings& s, std::int64_t bytes) {
  if (bytes < 0) return;
  const std::int64_t needed = graph.cost(s.batch, s.patch, s.patch, type_of(s)).training_peak_bytes;
  if (needed <= bytes) return;
  throw Error(ExitCode::resources,
              "a training step of " + std::to_string(s.batch) + " patches of " +
                  std::to_string(s.patch) + " × " + std::to_string(s.patch) + " needs " +
                  gib(needed) + " of memory and there is room for " + gib(bytes),
              "--batch " + std::to_string(s.batch), advice(fitting(graph, s, bytes)));
}

bool is_out_of_memory(const std::exception& e) {
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr) return true;
  if (dynamic_cast<const c10::OutOfMemoryError*>(&e) != nullptr) return true;
  if (dynamic_cast<const c10::Error*>(&e) == nullptr) return false;
  const std::string what = e.what();
  // The CPU's allocator, and what CUDA's libraries return.
  for (const char* words : {"can't allocate memory", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED",
                            "CUDNN_STATUS_ALLOC_FAILED"}) {
    if (what.find(words) != std::string::npos) return true;
  }
  return false;
}

Error out_of_memory(const nn::Graph& graph, const TrainingSettings& s, std::int64_t bytes) {
  int batch = s.batch / 2;
  if (bytes >= 0) {
    const auto left = static_cast<std::int64_t>(share_after_failure * static_cast<double>(bytes));
    batch = std::min(batch, fitting(graph, s, left));
  }
  return {ExitCode::resources, "the memory was not enough for a training step",
          "--batch " + std::to_string(s.batch), advice(batch)};
}

}  // namespace dawson::training
