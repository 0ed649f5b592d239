// What several walks over a graph ask about its nodes.
#pragma once

#include <vector>

#include "dawson/nn/graph.h"

namespace dawson::nn {

struct Uses {
  std::vector<int> count;  ///< how many inputs a node's value feeds
  std::vector<int> last;   ///< the last node that reads it; −1: none does, it is the result
};
Uses find_uses(const std::vector<Node>& nodes);

/// Whether `node` may write over the memory of its first input: nobody else reads that (single use,
/// so that no alias of it lives on either) and its maker's backward does not need it.
bool may_overwrite(const std::vector<Node>& nodes, const Uses& uses, const Node& node);

}  // namespace dawson::nn
