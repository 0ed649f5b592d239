#include "dawson/explanation/network.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace dawson::explanation {

Batch cut(const bundle::Stack& stack, const bundle::SliceInput& input, const nn::Graph& graph,
          const std::vector<int>& slices, const Region& region) {
  Batch batch;
  batch.frame = bundle::frame_for(graph, stack);
  const auto [height, width] = batch.frame;
  std::vector<float> values;
  bundle::cut_batch(stack, input, batch.frame, slices, values);
  const auto count = static_cast<std::int64_t>(slices.size());
  batch.x =
      at::from_blob(values.data(), {count, input.network_channels(), height, width}, at::kFloat)
          .clone();
  batch.weight = at::zeros({count, 1, height, width}, at::kFloat);
  float* weights = batch.weight.data_ptr<float>();
  const std::size_t area = static_cast<std::size_t>(stack.height) * stack.width;
  const float each = 1.0F / static_cast<float>(region.size());
  for (const std::size_t voxel : region.voxels) {
    const auto found = std::find(slices.begin(), slices.end(), static_cast<int>(voxel / area));
    if (found == slices.end()) continue;
    const auto n = static_cast<std::size_t>(found - slices.begin());
    const std::size_t y = voxel % area / stack.width, x = voxel % stack.width;
    weights[(n * height + y) * width + x] = each;
  }
  return batch;
}

}  // namespace dawson::explanation
