// The one door for files of weights.
#pragma once

#include <filesystem>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// Tensors by name from a safetensors file (safetensors.h) or a state dict of PyTorch in either of
/// its formats (torch_file.h), told apart by their first bytes, not by the file's name. float32,
/// float16 and bfloat16 become float32; int64 stays. Nothing in a file is run. Throws Error{model}.
Tensors read_weights(const std::filesystem::path& file);

}  // namespace dawson::nn
