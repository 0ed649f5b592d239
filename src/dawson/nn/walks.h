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

/// What each of `of` holds in a list by node.
template <typename T>
std::vector<T> values_at(const std::vector<T>& by_node, const std::vector<NodeId>& of) {
  std::vector<T> values;
  values.reserve(of.size());
  for (const NodeId id : of) values.push_back(by_node[static_cast<std::size_t>(id)]);
  return values;
}

}  // namespace dawson::nn
