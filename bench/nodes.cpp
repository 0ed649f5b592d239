// Where the time of a network goes, node by node, on one thread (bench/README.md).
//
//   bench_nodes ARCHITECTURE [ENCODER [SIZE]]
//
// Prints a Markdown table by kind of operation: CPU milliseconds a slice of inference (norms
// folded, 4 slices) and of a training step (float32, 16 slices; forward and backward of each node
// alone), each the least of several passes; and beside their sum what whole passes take.
#include <ATen/ATen.h>
#include <torch/autograd.h>

#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "dawson/cli/process.h"
#include "dawson/nn/compute.h"
#include "dawson/nn/networks.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/threads.h"
#include "dawson/nn/walks.h"
#include "dawson/training/learner.h"

namespace {

using namespace dawson;

constexpr int passes = 7;  // other work on the machine only ever makes one slower
constexpr int slices_in_use = 4, slices_in_training = 16;

using Values = std::vector<at::Tensor>;  ///< by node

/// The least seconds of each node, and of a whole pass.
struct Seconds {
  std::vector<double> nodes;
  double whole = std::numeric_limits<double>::infinity();
};

double least(double before, const bench::Times& now) {
  return std::min(before, now.cpu);
}

Seconds none_yet(const nn::Graph& graph) {
  Seconds s;
  s.nodes.assign(graph.nodes().size(), s.whole);
  return s;
}

at::Tensor batch_of(const nn::Graph& graph, int slices, int size) {
  at::manual_seed(1);
  return at::randn({slices, graph.input_channels(), size, size})
      .contiguous(at::MemoryFormat::ChannelsLast);
}

Values inputs_of(const nn::Node& node, const Values& values, const at::Tensor& x) {
  return node.inputs.empty() ? Values{x} : nn::values_at(values, node.inputs);
}

/// As Graph::forward does it, with a clock at every node.
Seconds time_inference(nn::Graph& graph, const at::Tensor& x) {
  const at::NoGradGuard no_gradient;
  const std::vector<nn::Node>& nodes = graph.nodes();
  const nn::Uses uses = nn::find_uses(nodes);
  Seconds s = none_yet(graph);
  for (int run = 0; run < passes; ++run) {
    Values values(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const nn::Pass pass{false, nn::may_overwrite(nodes, uses, nodes[i])};
      Values inputs = inputs_of(nodes[i], values, x);
      s.nodes[i] = least(
          s.nodes[i], bench::time_of([&] {
            values[i] = nn::find_operation(nodes[i].operation).forward(nodes[i], inputs, pass);
          }));
      for (const nn::NodeId id : nodes[i].inputs) {
        const auto k = static_cast<std::size_t>(id);
        if (uses.last[k] == static_cast<int>(i)) values[k].reset();
      }
    }
    s.whole = least(s.whole, bench::time_of([&] { (void)graph.forward(x); }));
  }
  return s;
}

struct StepSeconds {
  Seconds forward, backward;
};

/// Each node alone: what it makes of its inputs, and the gradients that it gives to them and to its
/// parameters. The inputs are copies, since a node may write over the first of them.
StepSeconds time_training(nn::Graph& graph, const at::Tensor& x) {
  const std::vector<nn::Node>& nodes = graph.nodes();
  const nn::Uses uses = nn::find_uses(nodes);
  for (auto& [name, tensor] : graph.parameters()) tensor.set_requires_grad(true);
  StepSeconds s{none_yet(graph), none_yet(graph)};
  for (int run = 0; run < passes; ++run) {
    Values values(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const nn::Pass pass{true, nn::may_overwrite(nodes, uses, nodes[i])};
      Values inputs;
      for (const at::Tensor& value : inputs_of(nodes[i], values, x)) {
        inputs.push_back(value.detach().requires_grad_(!nodes[i].inputs.empty()).clone());
      }
      at::Tensor out;
      s.forward.nodes[i] =
          least(s.forward.nodes[i], bench::time_of([&] {
                  out = nn::find_operation(nodes[i].operation).forward(nodes[i], inputs, pass);
                }));
      values[i] = out.detach();
      if (!out.requires_grad()) {
        s.backward.nodes[i] = 0;
        continue;
      }
      const at::Tensor gradient = at::randn_like(values[i]);
      s.backward.nodes[i] =
          least(s.backward.nodes[i], bench::time_of([&] { out.backward(gradient); }));
      for (const auto& [name, tensor] : nodes[i].parameters) tensor.mutable_grad().reset();
    }
  }
  return s;
}

double time_step(const training::TrainingSettings& settings, const nn::Graph& graph,
                 const at::Tensor& x) {
  const at::Tensor target = at::rand({x.size(0), 1, x.size(2), x.size(3)}).gt(0.97).to(at::kFloat);
  training::Learner learner(graph.clone(), settings);
  training::StepSums sums;
  double seconds = std::numeric_limits<double>::infinity();
  for (int run = 1; run <= passes; ++run) {
    seconds = least(seconds, bench::time_of([&] {
                      learner.step({x, target}, settings.learning_rate, run, sums);
                    }));
  }
  return seconds;
}

/// What all nodes of one operation take, in milliseconds a slice.
struct Kind {
  int nodes = 0;
  double use = 0, forward = 0, backward = 0;
  double use_gflop = 0, step_gflop = 0;  ///< a slice; backward is reckoned as twice forward
};

using Kinds = std::map<std::string, Kind>;

void add_inference(const nn::Graph& graph, const Seconds& s, int size, Kinds& kinds) {
  const nn::Cost cost = graph.cost(1, size, size);
  for (std::size_t i = 0; i < s.nodes.size(); ++i) {
    Kind& kind = kinds[cost.nodes[i].operation];
    kind.use += 1e3 * s.nodes[i] / slices_in_use;
    kind.use_gflop += 1e-9 * static_cast<double>(cost.nodes[i].flops);
  }
}

void add_training(const nn::Graph& graph, const StepSeconds& s, int size, Kinds& kinds) {
  const nn::Cost cost = graph.cost(1, size, size);
  for (std::size_t i = 0; i < cost.nodes.size(); ++i) {
    Kind& kind = kinds[cost.nodes[i].operation];
    ++kind.nodes;
    kind.forward += 1e3 * s.forward.nodes[i] / slices_in_training;
    kind.backward += 1e3 * s.backward.nodes[i] / slices_in_training;
    kind.step_gflop += 3e-9 * static_cast<double>(cost.nodes[i].flops);
  }
}

void print(const Kinds& kinds, double use, double step, double ceiling) {
  Kind all;
  for (const auto& [name, k] : kinds) {
    all.nodes += k.nodes;
    all.use += k.use;
    all.forward += k.forward;
    all.backward += k.backward;
  }
  const double nodes_of_step = all.forward + all.backward;
  // Only where the arithmetic is most of the work does a share of the ceiling say anything.
  const auto share = [&](const std::string& name, double gflop, double ms) -> std::string {
    if (name.find("convolution") == std::string::npos || ms <= 0) return "";
    return std::to_string(static_cast<int>(100 * gflop / (1e-3 * ms) / ceiling + 0.5)) + " %";
  };
  std::printf(
      "| operation | nodes | inference, ms | of it | of the ceiling | training: forward, ms | "
      "backward, ms | of both | of the ceiling |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
  for (const auto& [name, k] : kinds) {
    if (name == "input") continue;
    std::printf("| %s | %d | %.2f | %.0f %% | %s | %.2f | %.2f | %.0f %% | %s |\n", name.c_str(),
                k.nodes, k.use, 100 * k.use / all.use, share(name, k.use_gflop, k.use).c_str(),
                k.forward, k.backward, 100 * (k.forward + k.backward) / nodes_of_step,
                share(name, k.step_gflop, k.forward + k.backward).c_str());
  }
  std::printf("| **all nodes** | %d | **%.2f** | | | **%.2f** | **%.2f** | | |\n", all.nodes,
              all.use, all.forward, all.backward);
  std::printf("| whole pass, whole step | | %.2f | | | | %.2f | | |\n\n", use, step);
  std::printf("The ceiling is %.0f GFLOP/s.\n", ceiling);
}

}  // namespace

int main(int argc, char** argv) {
  cli::prepare_environment(argv);
  cli::tune_memory();
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "Usage: bench_nodes ARCHITECTURE [ENCODER [SIZE]]\n");
    return 2;
  }
  try {
    nn::set_threads(1);
    nn::set_compute_type(nn::ComputeType::float32);
    const training::TrainingSettings settings =
        bench::settings_for(argv[1], argc > 2 ? argv[2] : "light");
    const int size = argc > 3 ? std::stoi(argv[3]) : 144;
    nn::Graph graph = nn::build(settings.network);
    core::Random random(1);
    graph.initialise(random);
    nn::Graph folded = graph.folded();
    const at::Tensor few = batch_of(graph, slices_in_use, size);
    const at::Tensor many = batch_of(graph, slices_in_training, size);
    const double ceiling = bench::ceiling(c10::Device(c10::kCPU), true);
    const Seconds use = time_inference(folded, few);
    const double step = time_step(settings, graph, many);
    Kinds kinds;
    add_training(graph, time_training(graph, many), size, kinds);
    add_inference(folded, use, size, kinds);
    print(kinds, 1e3 * use.whole / slices_in_use, 1e3 * step / slices_in_training, ceiling);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_nodes: %s\n", e.what());
    return 3;
  }
  return 0;
}
