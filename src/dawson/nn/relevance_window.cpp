#include "dawson/nn/relevance_window.h"

#include <ATen/ops/constant_pad_nd.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace dawson::nn {
namespace {

using Range = std::pair<std::int64_t, std::int64_t>;  // first, one past the last

/// Of the rows (dim 2) or columns (dim 3) that are not all zero.
Range occupied(const at::Tensor& relevance, std::int64_t dim) {
  const at::Tensor largest = relevance.abs().amax({0, 1, dim == 2 ? 3 : 2}).to(at::kDouble).cpu();
  const double* values = largest.data_ptr<double>();
  const std::int64_t size = largest.numel();
  Range range{size, 0};
  for (std::int64_t i = 0; i < size; ++i) {
    if (values[i] == 0) continue;
    range = {std::min(range.first, i), i + 1};
  }
  return range.second == 0 ? Range{0, size} : range;
}

/// Input pixels that the outputs `seen` come from, in whole steps.
Range reach_back(Range seen, double step, int reach, std::int64_t size) {
  const auto unit = static_cast<std::int64_t>(std::max(1.0, step));
  const auto first = static_cast<std::int64_t>(std::floor(static_cast<double>(seen.first) * step));
  const auto past = static_cast<std::int64_t>(std::ceil(static_cast<double>(seen.second) * step));
  const std::int64_t from = std::max<std::int64_t>(0, first - reach) / unit * unit;
  const std::int64_t to = (past + reach + unit - 1) / unit * unit;
  return {from, std::min(to, size)};
}

Range step_forward(Range inputs, double step) {
  return {std::llround(static_cast<double>(inputs.first) / step),
          std::llround(static_cast<double>(inputs.second) / step)};
}

std::int64_t area(const Window& w) {
  return (w.bottom - w.top) * (w.right - w.left);
}

}  // namespace

Window whole(const at::Tensor& value) {
  return {0, value.size(2), 0, value.size(3)};
}

at::Tensor cut(const at::Tensor& value, const Window& w) {
  if (area(w) == value.size(2) * value.size(3)) return value;
  return value.narrow(2, w.top, w.bottom - w.top)
      .narrow(3, w.left, w.right - w.left)
      .contiguous(at::MemoryFormat::ChannelsLast);
}

LocalRelevance shrink(const at::Tensor& relevance) {
  const Range rows = occupied(relevance, 2), columns = occupied(relevance, 3);
  const Window window{rows.first, rows.second, columns.first, columns.second};
  return {cut(relevance, window), window};
}

at::Tensor grow(const LocalRelevance& relevance, const Window& to) {
  const Window& from = relevance.window;
  if (area(from) == area(to)) return relevance.values;
  return at::constant_pad_nd(
      relevance.values,
      {from.left - to.left, to.right - from.right, from.top - to.top, to.bottom - from.bottom}, 0);
}

void add_to(LocalRelevance& sum, const LocalRelevance& other) {
  if (!sum.values.defined()) {
    sum = other;
    return;
  }
  const Window &a = sum.window, &b = other.window;
  const Window both{std::min(a.top, b.top), std::max(a.bottom, b.bottom), std::min(a.left, b.left),
                    std::max(a.right, b.right)};
  sum = {grow(sum, both).add(grow(other, both)), both};
}

View find_view(const Operation& operation, const Node& node, const at::Tensor& input,
               const at::Tensor& output, const Window& window) {
  constexpr double worth_it = 0.8;  // of the area; cutting costs a copy
  const double step = operation.step(node);
  const auto follows = [step](std::int64_t in, std::int64_t out) {
    return static_cast<double>(in) == static_cast<double>(out) * step;
  };
  const View all{whole(input), whole(output)};
  if (!follows(input.size(2), output.size(2)) || !follows(input.size(3), output.size(3))) {
    return all;
  }
  const int reach = operation.reach(node);
  const Range rows = reach_back({window.top, window.bottom}, step, reach, input.size(2));
  const Range columns = reach_back({window.left, window.right}, step, reach, input.size(3));
  const Range out_rows = step_forward(rows, step), out_columns = step_forward(columns, step);
  const View view{{rows.first, rows.second, columns.first, columns.second},
                  {out_rows.first, out_rows.second, out_columns.first, out_columns.second}};
  const bool small =
      static_cast<double>(area(view.inputs)) < worth_it * static_cast<double>(area(all.inputs));
  return small ? view : all;
}

}  // namespace dawson::nn
