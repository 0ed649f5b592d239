// Several networks as one.
#pragma once

#include <vector>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// Networks of the same input channels as one graph: each member's nodes under "member1.",
/// "member2.", …, and as its logit the mean of theirs, so that their odds are averaged
/// geometrically (Hinton 2002's product of experts, tempered). The last convolution of each member
/// carries the share. Tensors are copies. Throws Error{model} where channels differ or a member
/// does not end in a convolution.
Graph ensemble(const std::vector<const Graph*>& members);

}  // namespace dawson::nn
