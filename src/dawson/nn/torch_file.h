// State dicts as Python's torch.save writes them, in both of its formats.
#pragma once

#include <filesystem>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// Since PyTorch 1.6: a zip archive with a pickle ("data.pkl") and a file for each storage.
/// Reads float32, float16 and bfloat16 as float32 and int64 as it is, each laid out by its own
/// strides. Tensors that shared memory in the file share it here.
///
/// Nothing in the file is run (pickle.h). Throws Error{model}: damaged, cut short, something other
/// than a dictionary of tensors, a tensor that reaches beyond its storage.
Tensors read_torch_zip(const std::filesystem::path& file);

/// Before PyTorch 1.6: pickles one after the other, then the storages. As `read_torch_zip`; the
/// weights of torchvision are of this kind as well as of the other. Parameters as PyTorch 0.1 to
/// 0.3 wrote them are understood.
Tensors read_torch_stream(const std::filesystem::path& file);

}  // namespace dawson::nn
