#include "dawson/bundle/batch.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/nn/graph.h"

namespace dawson::bundle {

Frame frame_for(const nn::Graph& graph, const Stack& stack) {
  const int multiple = graph.stride();
  const auto up = [multiple](int size) { return (size + multiple - 1) / multiple * multiple; };
  return {up(stack.height), up(stack.width)};
}

void require_fit(const nn::Graph& graph, const Stack& stack, const SliceInput& input) {
  const auto values =
      static_cast<std::size_t>(stack.channels) * stack.slices * stack.height * stack.width;
  if (stack.slices < 1 || stack.height < 1 || stack.width < 1 || values != stack.values.size() ||
      stack.channels != static_cast<int>(input.offsets_mm.size()) ||
      input.network_channels() != graph.input_channels() || !(stack.slice_spacing_mm > 0)) {
    throw Error(ExitCode::defect, "stack, slice input and network do not fit one another",
                "network");
  }
}

void cut_batch(const Stack& stack, const SliceInput& input, Frame frame,
               const std::vector<int>& slices, std::vector<float>& batch) {
  const auto channels = static_cast<std::size_t>(input.network_channels());
  const std::size_t pixels = static_cast<std::size_t>(stack.height) * stack.width;
  const std::size_t framed = static_cast<std::size_t>(frame.height) * frame.width;
  std::vector<float> slice(channels * pixels);
  batch.resize(slices.size() * channels * framed);
  float* out = batch.data();
  for (const int z : slices) {
    cut_slice(stack, input, z, slice.data());
    const float* in = slice.data();
    for (std::size_t channel = 0; channel < input.offsets_mm.size(); ++channel) {
      const float background = *stack.slice(static_cast<int>(channel), 0);
      for (std::size_t k = 0; k < input.offsets_mm[channel].size(); ++k) {
        std::fill(out, out + framed, background);
        for (int y = 0; y < stack.height; ++y) {
          std::copy(in, in + stack.width, out + static_cast<std::size_t>(y) * frame.width);
          in += stack.width;
        }
        out += framed;
      }
    }
  }
}

void add_back(const Stack& stack, const SliceInput& input, Frame frame, int z, const float* values,
              std::vector<float>& sum) {
  const std::size_t pixels = static_cast<std::size_t>(stack.height) * stack.width;
  const auto slice_of = [&](std::size_t channel, int slice) {
    return sum.data() +
           (channel * static_cast<std::size_t>(stack.slices) + static_cast<std::size_t>(slice)) *
               pixels;
  };
  for (std::size_t channel = 0; channel < input.offsets_mm.size(); ++channel) {
    for (const double offset : input.offsets_mm[channel]) {
      const SlicePlace place = slice_place(stack, z, offset);
      float* below = slice_of(channel, place.below);
      float* above = slice_of(channel, place.above);
      for (int y = 0; y < frame.height; ++y) {
        const std::size_t row =
            static_cast<std::size_t>(std::min(y, stack.height - 1)) * stack.width;
        for (int x = 0; x < frame.width; ++x) {
          const std::size_t pixel = row + static_cast<std::size_t>(std::min(x, stack.width - 1));
          const float value = *values++;
          below[pixel] += (1 - place.share) * value;
          above[pixel] += place.share * value;
        }
      }
    }
  }
}

}  // namespace dawson::bundle
