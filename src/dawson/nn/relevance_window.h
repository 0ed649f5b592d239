// Relevance of a lesion lies on few pixels of the finest levels, where most of the work is. It is
// kept on the smallest window that holds it, and a node is looked at through its window alone.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "dawson/nn/operation.h"

namespace dawson::nn {

/// Rows top … bottom − 1 and columns left … right − 1 of a node's value.
struct Window {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
};

/// Relevance on a window of a node's value; none outside of it.
struct LocalRelevance {
  at::Tensor values;  ///< [N, C, bottom − top, right − left]; undefined: none at all
  Window window;
};

/// All rows and columns of `value` [N,C,H,W].
Window whole(const at::Tensor& value);
/// What `value` [N,C,H,W] has on `window`, which must lie within it, as [N,C,rows,columns]: `value`
/// itself where that is all, else a copy in channels_last.
at::Tensor cut(const at::Tensor& value, const Window& window);
/// `relevance` [N,C,H,W] on the smallest window that holds all that is not zero; on the whole where
/// there is none.
LocalRelevance shrink(const at::Tensor& relevance);
/// The same relevance on a larger window, [N,C,rows,columns]; zero where there was none.
at::Tensor grow(const LocalRelevance& relevance, const Window& window);
/// `sum` becomes the sum of both, on a window that holds both.
void add_to(LocalRelevance& sum, const LocalRelevance& other);

/// The parts of input and output that must be seen together so that the node shares relevance on
/// `window` of its output as if it saw all.
struct View {
  Window inputs, output;
};
View find_view(const Operation& operation, const Node& node, const at::Tensor& input,
               const at::Tensor& output, const Window& window);

}  // namespace dawson::nn
