// What NVIDIA's driver says of its GPUs. Private to this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace dawson::nn {

struct GpuFacts {
  std::string name;
  int major = 0, minor = 0;  ///< compute capability
  std::int64_t free_bytes = 0;
};

/// Asks the driver, loaded when asked and not before: its interface has not changed since CUDA 4,
/// and nothing of CUDA is needed to build dawson. Nothing where there is no driver or no such GPU.
/// `index` counts as CUDA_VISIBLE_DEVICES has it. Opens the GPU's context if nobody has.
std::optional<GpuFacts> ask_driver(int index, const char* driver = "libcuda.so.1");

}  // namespace dawson::nn
