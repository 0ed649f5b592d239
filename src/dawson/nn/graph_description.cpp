// The text of a graph in model.json, and back.
#include <map>

#include "dawson/core/error.h"
#include "dawson/nn/graph.h"
#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ExitCode::model, why, "network description");
}

const core::Json& member(const core::Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) {
    refuse("\"" + std::string(key) + "\" is missing");
  }
  return object[key];
}

std::string text(const core::Json& value, const char* what) {
  if (!value.is_string()) refuse(std::string(what) + " is not a text");
  return value.get<std::string>();
}

}  // namespace

core::Json Graph::describe() const {
  core::Json list = core::Json::array();
  for (const Node& node : nodes_) {
    core::Json inputs = core::Json::array();
    for (const NodeId id : node.inputs) inputs.push_back(nodes_[static_cast<std::size_t>(id)].name);
    list.push_back({{"name", node.name},
                    {"operation", node.operation},
                    {"inputs", std::move(inputs)},
                    {"settings", node.settings}});
  }
  return {{"nodes", std::move(list)}};
}

Graph Graph::from_description(const core::Json& description) {
  const core::Json& list = member(description, "nodes");
  if (!list.is_array() || list.empty()) refuse("\"nodes\" is not a list of nodes");
  Graph graph;
  std::map<std::string, NodeId> places;
  double numbers = 0;  // counted as they are made: a few bytes of text may ask for any memory
  for (const core::Json& item : list) {
    const std::string name = text(member(item, "name"), "a node's name");
    const core::Json& named = member(item, "inputs");
    if (!named.is_array()) refuse("the inputs of " + name + " are not a list");
    std::vector<NodeId> inputs;
    for (const core::Json& input : named) {
      const auto found = places.find(text(input, "a node's input"));
      if (found == places.end()) refuse(name + " has an input that does not stand before it");
      inputs.push_back(found->second);
    }
    try {
      places[name] = graph.add(name, text(member(item, "operation"), "a node's operation"),
                               std::move(inputs), member(item, "settings"));
    } catch (const Error& e) {  // what is a programmer's mistake in a builder is here a bad file
      throw Error(ExitCode::model, e.fact(), e.where(), e.what_to_do());
    }
    for (const auto& [local, tensor] : graph.nodes().back().parameters) {
      numbers += static_cast<double>(tensor.numel());
    }
    if (numbers > 2 * most_numbers) refuse("there are more weights than any network has");
  }
  (void)graph.stride();
  return graph;
}

}  // namespace dawson::nn
