#include "dawson/nn/compute.h"

#include <atomic>

namespace dawson::nn {
namespace {

std::atomic<ComputeType> current{ComputeType::float32};

}  // namespace

bool cpu_multiplies_bfloat16() noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

void set_compute_type(ComputeType type) noexcept {
  current = type;
}
ComputeType compute_type() noexcept {
  return current;
}

}  // namespace dawson::nn
