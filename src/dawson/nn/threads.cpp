#include "dawson/nn/threads.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

namespace dawson::nn {

void set_threads(int count) {
  at::set_num_threads(count);
}

std::string torch_version() {
  return TORCH_VERSION;
}

bool gpu_usable() {
  return at::hasCUDA();
}

}  // namespace dawson::nn
