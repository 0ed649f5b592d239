// What a graph costs, from shapes alone.
#include <algorithm>

#include "dawson/nn/graph.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/walks.h"

namespace dawson::nn {

Cost Graph::cost(int batch, int height, int width) const {
  constexpr std::int64_t float_bytes = 4;
  const Uses uses = find_uses(nodes_);
  Cost cost;
  std::vector<Shape> shapes;
  std::int64_t alive = 0;
  std::int64_t peak = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    const Operation& operation = find_operation(node.operation);
    std::vector<Shape> inputs;
    for (const NodeId id : node.inputs) inputs.push_back(shapes[static_cast<std::size_t>(id)]);
    if (node.inputs.empty()) inputs.push_back({batch, channels_[i], height, width});
    const Shape shape = operation.shape(node, inputs);

    NodeCost own{node.name, node.operation, 0, 0, 0, {shape.begin(), shape.end()}};
    for (const auto& item : node.parameters) own.parameters += item.second.numel();
    own.flops = operation.flops(node, inputs, shape);
    own.output_bytes = float_bytes * shape[0] * shape[1] * shape[2] * shape[3];

    const bool in_place = operation.overwrites() && may_overwrite(nodes_, uses, node);
    if (!in_place) alive += own.output_bytes;
    peak = std::max(peak, alive + operation.workspace_bytes(node, inputs, shape));
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      const auto id = static_cast<std::size_t>(node.inputs[k]);
      // The network's input stays: the caller holds it. Memory written over lives on in the output.
      const bool kept = id == 0 || (in_place && k == 0);
      const bool repeated =
          std::count(node.inputs.begin(), node.inputs.begin() + static_cast<long>(k),
                     node.inputs[k]) > 0;
      if (uses.last[id] == static_cast<int>(i) && !kept && !repeated) {
        alive -= cost.nodes[id].output_bytes;
      }
    }
    cost.parameters += own.parameters;
    cost.flops += own.flops;
    shapes.push_back(shape);
    cost.nodes.push_back(std::move(own));
  }
  cost.peak_bytes = peak + float_bytes * cost.parameters;
  return cost;
}

}  // namespace dawson::nn
