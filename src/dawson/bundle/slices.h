// How a 2.5D input is cut from a stack of slices, and a network run over it.
// Training and use cut alike because both call this.
#pragma once

#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"

namespace dawson::nn {
class Graph;
}

namespace dawson::bundle {

/// A stack in network space: values [C, Z, Y, X], X fastest.
struct Stack {
  int channels = 0, slices = 0, height = 0, width = 0;
  double slice_spacing_mm = 1;
  std::vector<float> values;
  [[nodiscard]] const float* slice(int channel, int z) const noexcept {
    return values.data() + (static_cast<std::size_t>(channel) * slices + z) * height * width;
  }
};

/// Which neighbours of a slice the network sees.
struct SliceInput {
  /// One entry a stack channel: its offsets in mm across slices ({0}: only the slice itself; {}:
  /// not read, which the first cannot be). Between slices values are linear; beyond the first or
  /// last slice that one is repeated.
  std::vector<std::vector<double>> offsets_mm;
  [[nodiscard]] int network_channels() const noexcept;
  [[nodiscard]] core::Json to_json() const;
  static SliceInput from_json(const core::Json& json);
};

/// The two slices between which a network channel of slice position `z` lies, and the share of the
/// upper one.
struct SlicePlace {
  int below = 0, above = 0;
  float share = 0;
};
SlicePlace slice_place(const Stack& stack, double z, double offset_mm);

/// One network channel per (stack channel, offset), in that order, for slice position `z`
/// (continuous): writes [network_channels, height, width] to `out`.
void cut_slice(const Stack& stack, const SliceInput& input, double z, float* out);

/// Runs the network on every slice and returns probabilities [Z, Y, X] (sigmoid of
/// logit / temperature). Slices are padded with each channel's first value to the network's stride.
/// `mirror`: averaged with the left–right mirrored input. Batches are sized so that activations
/// stay under `memory_mb`. Throws Error{resources} when even one slice does not fit.
std::vector<float> predict(nn::Graph& graph, const Stack& stack, const SliceInput& input,
                           double temperature, bool mirror, Progress& progress,
                           double memory_mb = 800);

}  // namespace dawson::bundle
