// One network of ours, timed on request: bench/throughput starts it beside PyTorch
// (bench/README.md).
//
//   bench_throughput FOLDER ARCHITECTURE ENCODER SIZE BATCH THREADS DEVICE
//
// writes the network, its weights, a batch and what it makes of it to FOLDER, says "ready", and
// then answers every line that it reads with wall seconds, CPU seconds (of all threads):
//   infer, train float32, train bfloat16   one batch
//   ceiling                                GFLOP/s of the fastest convolution alone, instead
//   memory                                 MiB that the process takes at most, instead
#include <ATen/ATen.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "bench/measure.h"
#include "dawson/cli/process.h"
#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/nn/compute.h"
#include "dawson/nn/device.h"
#include "dawson/nn/graph.h"
#include "dawson/nn/networks.h"
#include "dawson/nn/safetensors.h"
#include "dawson/nn/threads.h"
#include "dawson/training/learner.h"

namespace {

using namespace dawson;
namespace fs = std::filesystem;
using bench::time_of;
using bench::Times;

double peak_mib(c10::Device device, std::int64_t free_at_start) {
  if (!device.is_cpu()) {
    return static_cast<double>(free_at_start - nn::free_memory(device)) / 1048576;
  }
  std::ifstream status("/proc/self/status");  // getrusage would count the parent's peak too
  for (std::string key; status >> key;) {
    double kibibytes = 0;
    if (key == "VmHWM:" && status >> kibibytes) return kibibytes / 1024;
  }
  return 0;
}

class Bench {
 public:
  Bench(const training::TrainingSettings& settings, int size, int batch, c10::Device device)
      : device_(device), settings_(settings), graph_(nn::build(settings.network)) {
    core::Random random(1);
    graph_.initialise(random);
    at::manual_seed(1);
    x_ = at::randn({batch, graph_.input_channels(), size, size});
    target_ = at::rand({batch, 1, size, size}).gt(0.97).to(at::kFloat);
  }

  /// What the other side needs to do the same, and what must come of it.
  void write(const fs::path& folder) {
    const nn::Cost cost =
        graph_.cost(1, static_cast<int>(x_.size(2)), static_cast<int>(x_.size(3)));
    core::write_json(folder / "network.json", {{"graph", graph_.describe()},
                                               {"flops", cost.flops},
                                               {"learning_rate", settings_.learning_rate},
                                               {"weight_decay", settings_.weight_decay},
                                               {"clip_norm", settings_.clip_norm},
                                               {"positive_weight", settings_.positive_weight},
                                               {"device", nn::describe(device_)}});
    nn::write_safetensors(folder / "weights.safetensors", graph_.tensors(), false);
    nn::move_to(graph_, device_);
    fast_ = graph_.folded();
    x_ = x_.to(device_);
    target_ = target_.to(device_);
    const at::NoGradGuard no_gradient;
    nn::Graph copy = graph_.clone();
    const auto loss =
        training::find_loss(copy.forward(x_, true), target_, settings_.loss_settings());
    nn::write_safetensors(folder / "batch.safetensors",
                          {{"x", x_},
                           {"target", target_},
                           {"logits", fast_.forward(x_)},
                           {"loss", loss.total.view({1})}},
                          false);
    learner_ = std::make_unique<training::Learner>(graph_.clone(), settings_, device_);
  }

  Times infer() {
    const at::NoGradGuard no_gradient;
    return time_of([&] { (void)fast_.forward(x_); }, device_);
  }
  Times train(nn::ComputeType type) {
    nn::set_compute_type(type);
    training::StepSums sums;
    return time_of(
        [&] {
          learner_->step({x_, target_}, settings_.learning_rate, ++steps_, sums);
        },
        device_);
  }

 private:
  c10::Device device_;
  training::TrainingSettings settings_;
  nn::Graph graph_, fast_;
  at::Tensor x_, target_;
  std::unique_ptr<training::Learner> learner_;
  int steps_ = 0;
};

void answer(Bench& measured, c10::Device device, int threads) {
  const std::int64_t free_at_start = nn::free_memory(device);
  std::cout << "ready\n" << std::flush;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "ceiling") {
      std::cout << bench::ceiling(device, threads == 1 && device.is_cpu()) << std::endl;
    } else if (line == "memory") {
      std::cout << peak_mib(device, free_at_start) << std::endl;
    } else {
      const Times t = line == "infer"            ? measured.infer()
                      : line == "train bfloat16" ? measured.train(nn::ComputeType::bfloat16)
                                                 : measured.train(nn::ComputeType::float32);
      std::cout << t.wall << ' ' << t.cpu << std::endl;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  cli::prepare_environment(argv);
  cli::tune_memory();
  if (argc != 8) {
    std::fprintf(stderr,
                 "Usage: bench_throughput FOLDER ARCHITECTURE ENCODER SIZE BATCH THREADS DEVICE\n");
    return 2;
  }
  try {
    const int threads = std::stoi(argv[6]);
    nn::set_threads(threads);
    const c10::Device device = nn::find_device(argv[7]);
    Bench measured(bench::settings_for(argv[2], argv[3]), std::stoi(argv[4]), std::stoi(argv[5]),
                   device);
    measured.write(argv[1]);
    answer(measured, device, threads);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_throughput: %s\n", e.what());
    return 3;
  }
  return 0;
}
