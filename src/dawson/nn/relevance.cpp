// The walk that hands relevance back through a graph; what a node does with it stands in nn/ops.
#include "dawson/nn/relevance.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <utility>

#include "dawson/core/error.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/relevance_window.h"

namespace dawson::nn {
namespace {

std::string text_of(at::IntArrayRef sizes) {
  std::string text;
  for (const std::int64_t size : sizes) text += (text.empty() ? "[" : ", ") + std::to_string(size);
  return text + "]";
}

[[noreturn]] void refuse(ExitCode code, const std::string& what, const std::string& what_to_do) {
  throw Error(code, what, "relevance", what_to_do);
}

/// A convolution of either kind: what mixes values, and what depth counts.
bool is_convolution(const Node& node) {
  const auto weight = node.parameters.find("weight");
  return weight != node.parameters.end() && weight->second.dim() == 4;
}

bool has_norms(const Graph& graph) {
  return std::any_of(graph.nodes().begin(), graph.nodes().end(),
                     [](const Node& node) { return node.operation == "batch_norm"; });
}

/// Convolutions on the longest way from the input to each node, along inputs that get relevance.
std::vector<int> find_depths(const std::vector<Node>& nodes) {
  std::vector<int> depths;
  for (const Node& node : nodes) {
    const Operation& operation = find_operation(node.operation);
    int depth = 0;
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      if (!operation.passes_relevance_to(k)) continue;
      depth = std::max(depth, depths[static_cast<std::size_t>(node.inputs[k])]);
    }
    depths.push_back(depth + (is_convolution(node) ? 1 : 0));
  }
  return depths;
}

void check_bounds(const Node& node, const at::Tensor& x, const InputBounds& bounds) {
  const bool at_input = node.inputs == std::vector<NodeId>{0} && is_convolution(node);
  if (!at_input) {
    refuse(ExitCode::usage, "the rule z_bounded does not fit node " + node.name,
           "it is for convolutions that read the network's input directly");
  }
  const auto channels = static_cast<std::size_t>(x.size(1));
  if (bounds.low.size() != channels || bounds.high.size() != channels) {
    refuse(ExitCode::usage,
           "the rule z_bounded needs the bounds of each of the " + std::to_string(channels) +
               " input channels",
           "give them, or take a composite without it");
  }
  for (std::size_t c = 0; c < channels; ++c) {
    const at::Tensor channel = x.select(1, static_cast<std::int64_t>(c));
    const double least = channel.min().item<double>(), most = channel.max().item<double>();
    const double slack = 1e-5 * std::max(1.0, bounds.high[c] - bounds.low[c]);
    if (least >= bounds.low[c] - slack && most <= bounds.high[c] + slack) continue;
    refuse(ExitCode::usage,
           "input channel " + std::to_string(c) + " runs from " + std::to_string(least) + " to " +
               std::to_string(most) + ", beyond its bounds of " + std::to_string(bounds.low[c]) +
               " to " + std::to_string(bounds.high[c]),
           "z_bounded needs bounds that hold");
  }
}

/// Which rule each node gets.
std::vector<const RuleSettings*> assign_rules(const std::vector<Node>& nodes,
                                              const Composite& composite) {
  const std::vector<int> depths = find_depths(nodes);
  const double deepest = *std::max_element(depths.begin(), depths.end());
  std::vector<const RuleSettings*> rules;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const int depth = depths[i];
    if (depth == 1 && is_convolution(nodes[i])) {
      rules.push_back(&composite.first);
    } else {
      const bool upper = depth > (1 - composite.upper_share) * deepest;
      rules.push_back(upper ? &composite.upper : &composite.lower);
    }
  }
  return rules;
}

std::vector<at::Tensor> inputs_of(const Node& node, const std::vector<at::Tensor>& values) {
  std::vector<at::Tensor> inputs;
  for (const NodeId id : node.inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
  return inputs;
}

/// The value of every node.
std::vector<at::Tensor> run_forward(const Graph& graph, const at::Tensor& x) {
  const int multiple = graph.stride();
  if (x.dim() != 4 || x.numel() == 0 || x.size(1) != graph.input_channels() ||
      x.size(2) % multiple != 0 || x.size(3) % multiple != 0) {
    refuse(ExitCode::defect,
           "the network takes [N, " + std::to_string(graph.input_channels()) +
               ", H, W] with H and W multiples of " + std::to_string(multiple) + ", not " +
               text_of(x.sizes()),
           {});
  }
  std::vector<at::Tensor> values;
  for (const Node& node : graph.nodes()) {
    std::vector<at::Tensor> inputs = inputs_of(node, values);
    if (inputs.empty()) inputs.push_back(x.contiguous(at::MemoryFormat::ChannelsLast));
    values.push_back(find_operation(node.operation).forward(node, inputs, {}));
  }
  return values;
}

double sum(const at::Tensor& t) {
  return t.sum().item<double>();
}

Relevance walk(const Graph& graph, const at::Tensor& x, const Seed& seed_of,
               const Composite& composite, const InputBounds& bounds) {
  const std::vector<Node>& nodes = graph.nodes();
  const std::vector<const RuleSettings*> rules = assign_rules(nodes, composite);
  std::vector<at::Tensor> values = run_forward(graph, x);
  std::vector<LocalRelevance> relevance(nodes.size());
  std::vector<double> sums(nodes.size(), 0);  // of `relevance`
  Relevance result;
  result.output = values.back();
  const at::Tensor seed = seed_of(result.output);
  if (seed.sizes() != result.output.sizes()) {
    refuse(ExitCode::defect,
           "the seed is " + text_of(seed.sizes()) + " and the network's output " +
               text_of(result.output.sizes()),
           {});
  }
  relevance.back() =
      shrink(seed.to(result.output.options()).contiguous(at::MemoryFormat::ChannelsLast));
  result.seeded = sums.back() = sum(relevance.back().values);

  for (std::size_t i = nodes.size(); i-- > 0;) {
    const Node& node = nodes[i];
    const LocalRelevance local = std::exchange(relevance[i], {});
    const at::Tensor value = std::exchange(values[i], {});  // its readers stand later and are done
    if (!local.values.defined()) continue;
    NodeRelevance own{node.name, node.operation, sums[i], 0, 0, 0};
    if (node.inputs.empty()) {
      result.input = grow(local, whole(value));
      result.reached_input = own.passed_on = own.arrived;
      result.nodes.push_back(std::move(own));
      continue;
    }
    std::vector<at::Tensor> inputs = inputs_of(node, values);
    if (rules[i]->rule == RelevanceRule::z_bounded) check_bounds(node, inputs[0], bounds);
    const Operation& operation = find_operation(node.operation);
    const View view = find_view(operation, node, inputs[0], value, local.window);
    for (at::Tensor& input : inputs) input = cut(input, view.inputs);
    const at::Tensor seen = cut(value, view.output), arrived = grow(local, view.output);
    const Shares shares =
        operation.relevance(node, {inputs, seen, value, arrived, *rules[i], bounds});
    for (std::size_t k = 0; k < shares.inputs.size(); ++k) {
      const at::Tensor& share = shares.inputs[k];
      if (!share.defined()) continue;
      const auto to = static_cast<std::size_t>(node.inputs[k]);
      add_to(relevance[to], {share, view.inputs});
      const double handed = share.is_same(arrived) ? own.arrived : sum(share);
      sums[to] += handed;
      own.passed_on += handed;
    }
    own.absorbed_by_bias = shares.bias;
    own.absorbed_by_stabiliser = shares.stabiliser;
    result.absorbed_by_biases += shares.bias;
    result.absorbed_by_stabilisers += shares.stabiliser;
    result.nodes.push_back(std::move(own));
  }
  return result;
}

}  // namespace

Relevance propagate_relevance(const Graph& graph, const at::Tensor& x, const at::Tensor& seed,
                              const Composite& composite, const InputBounds& bounds) {
  return propagate_relevance(
      graph, x, [&seed](const at::Tensor&) { return seed; }, composite, bounds);
}

Relevance propagate_relevance(const Graph& graph, const at::Tensor& x, const Seed& seed,
                              const Composite& composite, const InputBounds& bounds) {
  const at::NoGradGuard no_gradient;
  const at::Tensor wide = x.scalar_type() == at::kDouble ? x : x.to(at::kFloat);
  Relevance result = has_norms(graph) ? walk(graph.folded(), wide, seed, composite, bounds)
                                      : walk(graph, wide, seed, composite, bounds);
  result.input = result.input.to(x.scalar_type());
  return result;
}

}  // namespace dawson::nn
