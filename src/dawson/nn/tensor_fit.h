// Whether named tensors are those that are wanted.
#pragma once

#include <string>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// Throws Error{model} about `where` naming missing, unknown and misshapen tensors (the first five
/// of each kind), unless `given` has the names and shapes of `wanted`.
void require_fit(const Tensors& wanted, const Tensors& given, const std::string& where);

}  // namespace dawson::nn
