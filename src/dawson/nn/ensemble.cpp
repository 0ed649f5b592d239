#include "dawson/nn/ensemble.h"

#include <string>

#include "dawson/core/error.h"
#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// Appends all nodes but the input, tensors included, and returns the last one.
NodeId append(Graph& graph, const Graph& member, const std::string& prefix, Tensors& tensors) {
  std::vector<NodeId> places{0};
  for (const Node& node : member.nodes()) {
    if (node.inputs.empty()) continue;
    std::vector<NodeId> inputs;
    for (const NodeId id : node.inputs) inputs.push_back(places[static_cast<std::size_t>(id)]);
    places.push_back(
        graph.add(prefix + node.name, node.operation, std::move(inputs), node.settings));
  }
  for (const auto& [name, tensor] : member.tensors()) tensors[prefix + name] = tensor;
  return places.back();
}

void require_joinable(const std::vector<const Graph*>& members) {
  const auto refuse = [](const std::string& why) { throw Error(ExitCode::model, why, "ensemble"); };
  if (members.empty()) refuse("there is no member");
  for (const Graph* member : members) {
    if (member->input_channels() != members.front()->input_channels()) {
      refuse("one member reads " + std::to_string(members.front()->input_channels()) +
             " channels and another " + std::to_string(member->input_channels()));
    }
    const Node& last = member->nodes().back();
    if (find_operation(last.operation).output_axis() < 0) {
      refuse("a member ends in " + last.operation + ", which has no weights to carry its share");
    }
  }
}

}  // namespace

Graph ensemble(const std::vector<const Graph*>& members) {
  require_joinable(members);
  Graph graph;
  graph.input(members.front()->input_channels());
  Tensors tensors;
  NodeId sum = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string prefix = "member" + std::to_string(i + 1) + ".";
    const NodeId last = append(graph, *members[i], prefix, tensors);
    const Node& node = graph.nodes()[static_cast<std::size_t>(last)];
    for (const auto& item : node.parameters) {
      at::Tensor& tensor = tensors.at(node.name + "." + item.first);
      tensor = tensor.detach().div(static_cast<double>(members.size()));
    }
    sum = i == 0 ? last : graph.add("sum" + std::to_string(i + 1), "add", {sum, last});
  }
  graph.load(tensors);
  return graph;
}

}  // namespace dawson::nn
