// What a graph costs, from shapes alone: one walk for use, and training's in training_memory.h.
#include "dawson/nn/graph_cost.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/nn/graph.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/training_memory.h"
#include "dawson/nn/walks.h"

namespace dawson::nn {
namespace {

constexpr std::int64_t float_bytes = 4;

void require_multiple(const Graph& graph, int height, int width) {
  const int stride = graph.stride();
  if (height > 0 && width > 0 && height % stride == 0 && width % stride == 0) return;
  throw Error(ExitCode::usage,
              "the network takes heights and widths that are multiples of " +
                  std::to_string(stride) + ", not " + std::to_string(height) + " × " +
                  std::to_string(width),
              "network");
}

/// Sums and products of sizes stay far from what 64 bits hold.
void require_reckonable(const Node& node, const Shape& shape) {
  constexpr double most_pixels = std::int64_t{1} << 33, most_elements = std::int64_t{1} << 44;
  double elements = 1;
  for (const std::int64_t size : shape) elements *= static_cast<double>(size);
  const bool empty = *std::min_element(shape.begin(), shape.end()) < 1;
  if (empty || elements > most_elements || elements / static_cast<double>(shape[1]) > most_pixels) {
    throw Error(
        ExitCode::model,
        empty ? "nothing is left of an input of this size" : "the value is larger than any memory",
        "network node " + node.name);
  }
}

std::vector<Shape> shapes_of(const Graph& graph, const Shape& input) {
  std::vector<Shape> shapes;
  for (const Node& node : graph.nodes()) {
    const std::vector<Shape> inputs =
        node.inputs.empty() ? std::vector<Shape>{input} : values_at(shapes, node.inputs);
    shapes.push_back(find_operation(node.operation).shape(node, inputs));
    require_reckonable(node, shapes.back());
  }
  return shapes;
}

/// Most bytes of values and workspaces alive at once when each value is freed after its last use.
std::int64_t peak_in_use(const std::vector<Node>& nodes, const std::vector<Shape>& shapes) {
  const Uses uses = find_uses(nodes);
  std::int64_t alive = 0;
  std::int64_t peak = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    const Operation& operation = find_operation(node.operation);
    const bool in_place = operation.overwrites() && may_overwrite(nodes, uses, node);
    if (!in_place) alive += float_bytes * elements(shapes[i]);
    const std::vector<Shape> inputs = values_at(shapes, node.inputs);
    peak = std::max(peak, alive + operation.workspace_bytes(node, inputs, shapes[i]));
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      const auto id = static_cast<std::size_t>(node.inputs[k]);
      // The network's input stays: the caller holds it. Memory written over lives on in the output.
      const bool kept = id == 0 || (in_place && k == 0);
      const bool repeated =
          std::count(node.inputs.begin(), node.inputs.begin() + static_cast<long>(k),
                     node.inputs[k]) > 0;
      if (uses.last[id] == static_cast<int>(i) && !kept && !repeated) {
        alive -= float_bytes * elements(shapes[id]);
      }
    }
  }
  return peak;
}

}  // namespace

Cost Graph::cost(int batch, int height, int width, ComputeType type) const {
  require_multiple(*this, height, width);
  const std::vector<Shape> shapes = shapes_of(*this, {batch, channels_.front(), height, width});
  Cost cost;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    NodeCost own;
    own.name = node.name;
    own.operation = node.operation;
    own.shape.assign(shapes[i].begin(), shapes[i].end());
    for (const auto& item : node.parameters) own.parameters += item.second.numel();
    own.flops =
        find_operation(node.operation).flops(node, values_at(shapes, node.inputs), shapes[i]);
    own.output_bytes = float_bytes * elements(shapes[i]);
    own.state_bytes = training_copies * float_bytes * own.parameters;
    cost.parameters += own.parameters;
    cost.flops += own.flops;
    cost.nodes.push_back(std::move(own));
  }
  cost.peak_bytes = peak_in_use(nodes_, shapes) + float_bytes * cost.parameters;
  const TrainingMemory training = training_memory(nodes_, shapes, type);
  for (std::size_t i = 0; i < nodes_.size(); ++i) cost.nodes[i].kept_bytes = training.kept[i];
  cost.training_peak_bytes = training.peak;
  return cost;
}

int largest_batch(const Graph& graph, int height, int width, std::int64_t bytes, bool training,
                  ComputeType type) {
  const auto fits = [&](int batch) {
    const Cost cost = graph.cost(batch, height, width, type);
    return (training ? cost.training_peak_bytes : cost.peak_bytes) <= bytes;
  };
  constexpr int most = 1 << 16;
  int fitting = 0, beyond = 1;
  while (beyond < most && fits(beyond)) {
    fitting = beyond;
    beyond *= 2;
  }
  while (beyond - fitting > 1) {
    const int between = fitting + (beyond - fitting) / 2;
    (fits(between) ? fitting : beyond) = between;
  }
  return fitting;
}

}  // namespace dawson::nn
