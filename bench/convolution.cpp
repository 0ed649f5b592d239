// How fast this machine convolves at the shapes of the lesion network, and how near to that speed
// the network runs: the arithmetic floor of `dawson segment` (bench/README.md).
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/rand.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "dawson/cli/process.h"
#include "dawson/core/error.h"
#include "dawson/core/folders.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/model/model.h"
#include "dawson/nn/graph.h"

namespace {

using namespace dawson;

double seconds_of(const auto& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

/// The least of several runs: what the machine can do when nothing disturbs it.
double least_seconds(const auto& work) {
  constexpr int fewest = 5;
  constexpr double enough = 0.15;
  double least = 1e9, total = 0;
  work();  // oneDNN makes its kernel at the first call
  for (int run = 0; run < fewest || total < enough; ++run) {
    const double once = seconds_of(work);
    least = std::min(least, once);
    total += once;
  }
  return least;
}

/// One kind of layer: nodes of the same operation, settings and sizes.
struct LayerType {
  const nn::Node* node = nullptr;
  int input_channels = 0;
  std::int64_t height = 0, width = 0;  ///< of its input
  double flops = 0;                    ///< of one node for one slice
  int count = 0;
  double seconds = 0;  ///< of one node for one slice, measured
};

std::string text(const LayerType& layer) {
  const core::Json& s = layer.node->settings;
  std::string words = layer.node->operation == "convolution" ? "" : "transposed ";
  const auto kernel = std::to_string(s.at("kernel").get<int>());
  words += kernel + "×" + kernel + ", " + std::to_string(layer.input_channels) + " → " +
           std::to_string(s.at("channels").get<int>());
  if (s.value("stride", 1) > 1) words += ", stride " + std::to_string(s.at("stride").get<int>());
  if (s.value("groups", 1) > 1) words += ", groups " + std::to_string(s.at("groups").get<int>());
  return words + " | " + std::to_string(layer.height) + "×" + std::to_string(layer.width);
}

std::vector<LayerType> layer_types(const nn::Graph& graph, const nn::Cost& cost) {
  std::map<std::string, LayerType> types;
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const nn::Node& node = graph.nodes()[i];
    if (node.operation != "convolution" && node.operation != "transposed_convolution") continue;
    const auto& input = cost.nodes[static_cast<std::size_t>(node.inputs[0])].shape;
    LayerType layer{&node, static_cast<int>(input[1]), input[2], input[3],
                    static_cast<double>(cost.nodes[i].flops)};
    LayerType& type = types.try_emplace(text(layer), layer).first->second;
    ++type.count;
  }
  std::vector<LayerType> list;
  for (const auto& [name, type] : types) list.push_back(type);
  std::sort(list.begin(), list.end(), [](const LayerType& a, const LayerType& b) {
    return a.flops * a.count > b.flops * b.count;
  });
  return list;
}

/// Times the layer alone, as the network would run it, in batches as small and large as it uses.
void measure(LayerType& layer) {
  nn::Graph alone;
  alone.add("layer", layer.node->operation, {alone.input(layer.input_channels)},
            layer.node->settings);
  core::Random random(1);
  alone.initialise(random);
  layer.seconds = 1e9;
  for (const int batch : {1, 4, 8}) {
    const at::Tensor x = at::rand({batch, layer.input_channels, layer.height, layer.width})
                             .contiguous(at::MemoryFormat::ChannelsLast);
    const double seconds = least_seconds([&] { (void)alone.forward(x); });
    layer.seconds = std::min(layer.seconds, seconds / batch);
  }
}

struct Speed {
  double convolutions = 0;  ///< FLOP/s, all convolutions together
  double best_layer = 0;
};

Speed print_layers(std::vector<LayerType> layers) {
  std::printf(
      "| layer | input | in the network | MFLOP a slice | GFLOP/s |\n|---|--:|--:|--:|--:|\n");
  double flops = 0, seconds = 0;
  Speed speed;
  for (LayerType& layer : layers) {
    measure(layer);
    const double rate = layer.flops / layer.seconds;
    std::printf("| %s | %d | %.1f | %.0f |\n", text(layer).c_str(), layer.count,
                layer.flops * layer.count / 1e6, rate / 1e9);
    flops += layer.flops * layer.count;
    seconds += layer.seconds * layer.count;
    speed.best_layer = std::max(speed.best_layer, rate);
  }
  speed.convolutions = flops / seconds;
  std::printf("| **all convolutions** | | | **%.1f** | **%.0f** |\n\n", flops / 1e6,
              speed.convolutions / 1e9);
  return speed;
}

struct Times {
  double wall = 1e9, cpu = 1e9;  ///< least of the runs, seconds; CPU of all threads
};

Times predict_times(const model::Model& model, const bundle::Stack& stack, bool mirror) {
  constexpr int runs = 4;  // the first one warms up
  Times least;
  for (int run = 0; run < runs; ++run) {
    Progress silent;
    const std::clock_t before = std::clock();
    const double wall = seconds_of([&] {
      (void)bundle::predict(*model.bundle.graph, stack, model.bundle.input,
                            model.bundle.temperature, mirror, silent);
    });
    const double cpu = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    if (run > 0) least = {std::min(least.wall, wall), std::min(least.cpu, cpu)};
  }
  return least;
}

void print_floor(const model::Model& model, const bundle::Stack& stack, const nn::Cost& cost,
                 const Speed& speed) {
  std::printf(
      "| network step | GFLOP | floor, s | measured, s | CPU s | share reached | "
      "of the fastest layer's speed |\n|---|--:|--:|--:|--:|--:|--:|\n");
  for (const bool mirror : {true, false}) {
    const double flops = static_cast<double>(cost.flops) * stack.slices * (mirror ? 2 : 1);
    const double floor = flops / speed.convolutions;
    const Times measured = predict_times(model, stack, mirror);
    std::printf("| %s | %.0f | %.2f | %.2f | %.2f | %.0f %% | %.0f %% |\n",
                mirror ? "mirrored too" : "once (`--no-mirror`)", flops / 1e9, floor, measured.wall,
                measured.cpu, 100 * floor / measured.wall,
                100 * flops / speed.best_layer / measured.wall);
  }
  std::printf("\n");
}

void run(const char* scan, const std::vector<int>& threads) {
  const model::Model model =
      model::open(core::find_model_file("lesion"), core::find_model_file("brain"),
                  core::find_model_file("atlas"));
  Progress silent;
  const bundle::Stack stack = model.recipe.prepare(dataset::read_scan(scan).image, silent).stack;
  const nn::Graph network = model.bundle.graph->folded();
  const int multiple = network.stride();
  const auto up = [multiple](int size) { return (size + multiple - 1) / multiple * multiple; };
  const nn::Cost cost = network.cost(1, up(stack.height), up(stack.width));
  std::printf("%s: %d slices of %d × %d (run as %d × %d), %.2f GFLOP a slice\n\n", scan,
              stack.slices, stack.height, stack.width, up(stack.height), up(stack.width),
              static_cast<double>(cost.flops) / 1e9);
  for (const int count : threads) {
    cli::set_threads(count);
    std::printf("**%d thread%s**\n\n", count, count > 1 ? "s" : "");
    print_floor(model, stack, cost, print_layers(layer_types(network, cost)));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  cli::prepare_environment(argv);
  cli::tune_memory();
  if (argc < 2) {
    std::fprintf(stderr, "Usage: bench_convolution SCAN [THREADS ...]\n");
    return 2;
  }
  std::vector<int> threads;
  for (int i = 2; i < argc; ++i) threads.push_back(std::max(1, std::atoi(argv[i])));
  if (threads.empty()) threads = {1, 2};
  const at::NoGradGuard no_gradient;
  try {
    run(argv[1], threads);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_convolution: %s\n", e.what());
    return 3;
  }
  return 0;
}
