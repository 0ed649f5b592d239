// A network run over every slice of a stack.
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/sigmoid.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "dawson/bundle/batch.h"
#include "dawson/core/error.h"
#include "dawson/nn/device.h"
#include "dawson/nn/graph.h"

namespace dawson::bundle {
namespace {

/// How many slices go through the network at once: as memory allows, not more than help the speed,
/// and few enough that a batch is done well within the second in which cancelling must work.
int batch_size(const nn::Graph& graph, Frame frame, double memory_mb) {
  const nn::Cost one = graph.cost(1, frame.height, frame.width);
  const double parameter_bytes = 4.0 * static_cast<double>(one.parameters);
  const double image_bytes = 4.0 * graph.input_channels() * frame.height * frame.width;
  // The input is there twice: as cut, and in the layout of the convolutions.
  // The allocator keeps pieces of freed activations: the process grew by 1.3 to 1.5 times the
  // reckoned bytes (512² and 256², batch of 4).
  constexpr double held_by_allocator = 1.5;
  const double slice_bytes =
      held_by_allocator * (static_cast<double>(one.peak_bytes) - parameter_bytes + image_bytes);
  const double fitting = std::floor((memory_mb * 1e6 - parameter_bytes) / slice_bytes);
  if (fitting < 1) {
    const auto needed = static_cast<long>((slice_bytes + parameter_bytes) / 1e6) + 1;
    throw Error(ExitCode::resources,
                "one slice of " + std::to_string(frame.height) + " × " +
                    std::to_string(frame.width) + " needs " + std::to_string(needed) +
                    " MB, more than the " + std::to_string(static_cast<long>(memory_mb)) +
                    " MB allowed",
                "network", "allow more memory");
  }
  constexpr double most = 8;
  constexpr double flops_at_once = 20e9;  // about 0.1 s on two cores
  const double quick = std::max(1.0, std::floor(flops_at_once / static_cast<double>(one.flops)));
  return static_cast<int>(std::min({fitting, most, quick}));
}

at::Tensor probabilities(nn::Graph& graph, const at::Tensor& x, double temperature, bool mirror) {
  at::Tensor p = at::sigmoid(graph.forward(x).div_(temperature));
  if (mirror) {
    const at::Tensor turned = at::sigmoid(graph.forward(x.flip({3})).div_(temperature));
    p = p.add(turned.flip({3})).mul_(0.5);
  }
  return p.contiguous();
}

}  // namespace

std::vector<float> predict(nn::Graph& graph, const Stack& stack, const SliceInput& input,
                           double temperature, bool mirror, Progress& progress, double memory_mb) {
  require_fit(graph, stack, input);
  if (!(temperature > 0)) throw Error(ExitCode::model, "must be above 0", "temperature");
  const at::NoGradGuard no_gradient;
  nn::Graph fast = graph.folded();
  const c10::Device device = nn::device_of(fast);
  const Frame frame = frame_for(fast, stack);
  const int most = batch_size(fast, frame, memory_mb);

  std::vector<float> result;
  result.reserve(static_cast<std::size_t>(stack.slices) * stack.height * stack.width);
  std::vector<float> batch;
  for (int first = 0; first < stack.slices; first += most) {
    progress.check();
    const int count = std::min(most, stack.slices - first);
    std::vector<int> slices(static_cast<std::size_t>(count));
    std::iota(slices.begin(), slices.end(), first);
    cut_batch(stack, input, frame, slices, batch);
    const at::Tensor x =
        at::from_blob(batch.data(), {count, input.network_channels(), frame.height, frame.width},
                      at::TensorOptions(at::kFloat))
            .to(device);
    const at::Tensor p = probabilities(fast, x, temperature, mirror).cpu();
    const float* values = p.data_ptr<float>();
    for (int z = 0; z < count; ++z) {
      for (int y = 0; y < stack.height; ++y) {
        const float* row = values + (static_cast<std::size_t>(z) * frame.height + y) * frame.width;
        result.insert(result.end(), row, row + stack.width);
      }
      progress.advance();
    }
  }
  return result;
}

}  // namespace dawson::bundle
