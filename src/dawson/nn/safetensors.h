// Tensors in a file: the safetensors format (huggingface/safetensors, format of 2022).
#pragma once

#include <filesystem>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// Reads float32, float16 and bfloat16 as float32, int64 as it is. Every offset is checked against
/// the file. Throws Error{model}: unreadable, truncated, overlapping or misshapen.
Tensors read_safetensors(const std::filesystem::path& file);

/// Atomically; `half` stores float tensors as float16. Throws Error{output}.
void write_safetensors(const std::filesystem::path& file, const Tensors& tensors, bool half);

}  // namespace dawson::nn
