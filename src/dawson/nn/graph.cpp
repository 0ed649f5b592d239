// Building a graph, running it, and its tensors. The other walks are graph_cost.cpp,
// graph_folding.cpp and graph_description.cpp.
#include "dawson/nn/graph.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dawson/core/error.h"
#include "dawson/nn/compute.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/tensor_fit.h"
#include "dawson/nn/walks.h"

namespace dawson::nn {
namespace {

// With one channel both layouts have the same memory, and torch would take the tensor for NCHW and
// run the whole network in that, several times slower; strides that say channels_last prevent it.
at::Tensor to_channels_last(const at::Tensor& x) {
  if (x.size(1) != 1) return x.contiguous(at::MemoryFormat::ChannelsLast);
  const std::int64_t h = x.size(2), w = x.size(3);
  return x.contiguous().as_strided({x.size(0), 1, h, w}, {h * w, 1, w, 1});
}

}  // namespace

Uses find_uses(const std::vector<Node>& nodes) {
  Uses uses{std::vector<int>(nodes.size(), 0), std::vector<int>(nodes.size(), -1)};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const NodeId input : nodes[i].inputs) {
      const auto k = static_cast<std::size_t>(input);
      ++uses.count[k];
      uses.last[k] = static_cast<int>(i);
    }
  }
  return uses;
}

bool may_overwrite(const std::vector<Node>& nodes, const Uses& uses, const Node& node) {
  if (node.inputs.empty()) return false;
  const auto first = static_cast<std::size_t>(node.inputs.front());
  return uses.count[first] == 1 &&
         find_operation(nodes[first].operation).output_may_be_overwritten();
}

NodeId Graph::input(int channels) {
  return add("input", "input", {}, core::Json{{"channels", channels}});
}

NodeId Graph::add(std::string name, const std::string& operation, std::vector<NodeId> inputs,
                  core::Json settings) {
  Node node{std::move(name), operation, std::move(inputs), std::move(settings), {}, {}};
  if (node.name.empty()) throw Error(ExitCode::defect, "a node has no name", "network");
  for (const Node& other : nodes_) {
    if (other.name == node.name) refuse_node(node, "another node has this name");
  }
  if ((operation == "input") != nodes_.empty()) {
    refuse_node(node, "the input is the first node, and only that");
  }
  std::vector<int> input_channels;
  for (const NodeId id : node.inputs) {
    if (id < 0 || id >= static_cast<NodeId>(nodes_.size())) {
      refuse_node(node, "input " + std::to_string(id) + " does not exist");
    }
    input_channels.push_back(channels(id));
  }
  const int made = find_operation(operation).complete(node, input_channels);
  constexpr int most_channels = 1 << 16;  // as settings have it; sums of them stay numbers
  if (made > most_channels) refuse_node(node, "has more than 65536 channels");
  nodes_.push_back(std::move(node));
  channels_.push_back(made);
  return static_cast<NodeId>(nodes_.size()) - 1;
}

void Graph::initialise(core::Random& random) {
  for (Node& node : nodes_) {
    // A stream a node: another node more or less leaves the others' weights as they were.
    core::Random stream = random.stream("initialise " + node.name);
    find_operation(node.operation).initialise(node, stream);
  }
}

at::Tensor Graph::forward(const at::Tensor& x, bool training) {
  const int multiple = stride();
  if (x.dim() != 4 || x.size(1) != input_channels() || x.size(2) % multiple != 0 ||
      x.size(3) % multiple != 0 || x.numel() == 0) {
    std::string shape;
    for (const std::int64_t size : x.sizes())
      shape += (shape.empty() ? "" : ", ") + std::to_string(size);
    throw Error(ExitCode::defect,
                "the network takes [N, " + std::to_string(input_channels()) +
                    ", H, W] with H and W multiples of " + std::to_string(multiple) + ", not [" +
                    shape + "]",
                "network");
  }
  const bool narrow =
      training && x.scalar_type() == at::kFloat && compute_type() == ComputeType::bfloat16;
  const Uses uses = find_uses(nodes_);
  std::vector<at::Tensor> values(nodes_.size());
  std::vector<at::Tensor> inputs;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    inputs.clear();
    for (const NodeId id : node.inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
    if (node.inputs.empty()) inputs.push_back(to_channels_last(narrow ? x.to(at::kBFloat16) : x));
    const Pass pass{training, may_overwrite(nodes_, uses, node)};
    values[i] = find_operation(node.operation).forward(node, inputs, pass);
    for (const NodeId id : node.inputs) {
      const auto k = static_cast<std::size_t>(id);
      if (uses.last[k] == static_cast<int>(i)) values[k].reset();
    }
  }
  return narrow ? values.back().to(at::kFloat) : values.back();
}

int Graph::stride() const {
  double largest = 1;
  std::vector<double> steps;  // input pixels between neighbouring pixels of each node's value
  for (const Node& node : nodes_) {
    double step = 1;
    for (const NodeId id : node.inputs) step = std::max(step, steps[static_cast<std::size_t>(id)]);
    step *= find_operation(node.operation).step(node);
    steps.push_back(step);
    largest = std::max(largest, step);
  }
  constexpr double most = 1024;
  if (largest > most) {
    throw Error(ExitCode::model, "pixels of a value lie more than 1024 of the input's apart",
                "network");
  }
  return static_cast<int>(std::lround(largest));
}

std::vector<std::pair<std::string, at::Tensor>> Graph::parameters() const {
  std::vector<std::pair<std::string, at::Tensor>> all;
  for (const Node& node : nodes_) {
    for (const auto& [local, tensor] : node.parameters) {
      all.emplace_back(node.name + "." + local, tensor);
    }
  }
  return all;
}

Tensors Graph::tensors() const {
  Tensors all;
  for (const Node& node : nodes_) {
    for (const auto& [local, tensor] : node.parameters) all[node.name + "." + local] = tensor;
    for (const auto& [local, tensor] : node.buffers) all[node.name + "." + local] = tensor;
  }
  return all;
}

void Graph::load(const Tensors& tensors) {
  const Tensors own = this->tensors();
  require_fit(own, tensors, "weights");
  const at::NoGradGuard no_gradient;
  for (const auto& [name, tensor] : own) tensor.copy_(tensors.at(name));
}

Graph Graph::clone() const {
  Graph copy = *this;
  for (Node& node : copy.nodes_) {
    for (auto& item : node.parameters) item.second = item.second.detach().clone();
    for (auto& item : node.buffers) item.second = item.second.detach().clone();
  }
  return copy;
}

}  // namespace dawson::nn
