// What the process tells libtorch, and what it asks of it.
#pragma once

#include <string>

namespace dawson::nn {

/// Threads that one network run uses; torch starts with one.
void set_threads(int count);
/// "1.13.1"
std::string torch_version();
/// True when a CUDA device can be used.
bool gpu_usable();

}  // namespace dawson::nn
