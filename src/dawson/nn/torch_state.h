// What a pickled state dict says of its tensors, before any of their values is read.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dawson/nn/graph.h"
#include "dawson/nn/pickle.h"

namespace dawson::nn {

/// A run of values, stored under its key.
struct StorageSpec {
  at::ScalarType type = at::kFloat;
  std::uint64_t count = 0;
  [[nodiscard]] std::uint64_t bytes() const { return count * c10::elementSize(type); }
};

/// A tensor's place in a storage, in elements.
struct TensorSpec {
  std::string storage;
  std::int64_t offset = 0;
  std::vector<std::int64_t> sizes, strides;
};

struct TorchState {
  std::map<std::string, TensorSpec> tensors;
  std::map<std::string, StorageSpec> storages;
};

/// The names that a state dict needs.
const std::vector<std::string>& names_of_state_dicts();

/// Throws Error{model} about `where`: no dictionary of tensors, a tensor beyond its storage, a type
/// other than float32, float16, bfloat16 and int64.
TorchState read_torch_state(const Pickle& pickle, const std::string& where);

/// Tensors over storages that hold what `state` says, floating point as float32.
Tensors tensors_over(const TorchState& state, const std::map<std::string, at::Tensor>& storages);

/// A run of values, not yet filled.
at::Tensor empty_storage(const StorageSpec& storage);

}  // namespace dawson::nn
