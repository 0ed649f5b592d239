// What the programs that time networks share.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/Device.h>
#include <torch/cuda.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>

#include "dawson/core/json.h"
#include "dawson/nn/device.h"
#include "dawson/nn/graph.h"
#include "dawson/training/settings.h"

namespace dawson::bench {

struct Times {
  double wall = 0, cpu = 0;  ///< seconds; CPU of all threads
};

template <typename Work>
Times time_of(const Work& work, c10::Device device = c10::Device(c10::kCPU)) {
  const auto wait = [&] {
    if (!device.is_cpu()) torch::cuda::synchronize(device.index());
  };
  wait();
  const std::clock_t before = std::clock();
  const auto started = std::chrono::steady_clock::now();
  work();
  wait();
  const auto ended = std::chrono::steady_clock::now();
  return {std::chrono::duration<double>(ended - started).count(),
          static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC};
}

inline training::TrainingSettings settings_for(const std::string& architecture,
                                               const std::string& encoder) {
  training::TrainingSettings s = training::default_settings("lesion");
  s.network.architecture = architecture;
  s.network.encoder = encoder;
  s.network.input_channels = s.input.network_channels();
  s.network.dropout = 0;  // so that two sides, or two passes, give the same numbers
  return s;
}

/// GFLOP/s of convolutions that nothing hinders, the fastest of some.
inline double ceiling(c10::Device device, bool cpu_time) {
  double best = 0;
  for (const auto& [channels, size] : {std::pair{64, 48}, {128, 24}, {256, 24}}) {
    nn::Graph graph;
    graph.add("c", "convolution", {graph.input(channels)},
              core::Json{{"channels", channels}, {"kernel", 3}, {"padding", 1}, {"bias", false}});
    nn::move_to(graph, device);
    const at::Tensor x = at::rand({8, channels, size, size}).to(device);
    const auto flops = static_cast<double>(graph.cost(8, size, size).flops);
    for (int run = 0; run < 6; ++run) {  // the first makes the kernel
      const Times t = time_of([&] { (void)graph.forward(x); }, device);
      best = std::max(best, flops / (cpu_time ? t.cpu : t.wall) / 1e9);
    }
  }
  return best;
}

}  // namespace dawson::bench
