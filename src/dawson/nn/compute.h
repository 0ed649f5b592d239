// In which number format training passes are reckoned.
#pragma once

namespace dawson::nn {

enum class ComputeType {
  float32,
  /// Values and gradients between nodes in bfloat16 (8 bits of mantissa), weights, norms'
  /// statistics and the result in float32. Twice as fast where the CPU multiplies bfloat16
  /// (AVX512-BF16).
  bfloat16,
};

/// True where bfloat16 is faster than float32 on this machine's CPU.
bool cpu_multiplies_bfloat16() noexcept;

/// For all following `Graph::forward(x, training = true)` of the process; other passes stay in the
/// type of their input, so that what a model answers never depends on this. Starts as float32.
void set_compute_type(ComputeType type) noexcept;
ComputeType compute_type() noexcept;

}  // namespace dawson::nn
