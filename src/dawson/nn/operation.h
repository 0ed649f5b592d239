// What an operation of the graph is: one file in nn/ops says its settings, parameters, forward,
// cost and relevance, and one table (operations.cpp) names it. A walk over the graph asks only
// these questions.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "dawson/nn/graph.h"
#include "dawson/nn/relevance_rules.h"

namespace dawson::nn {

using Shape = std::array<std::int64_t, 4>;  ///< [N, C, H, W]

/// What a forward pass knows beside a node's inputs.
struct Pass {
  bool training = false;
  /// Nobody reads the first input after this node, so that its memory may become the output's.
  bool may_overwrite = false;
};

class Operation {
 public:
  virtual ~Operation() = default;
  /// Its name in model.json.
  [[nodiscard]] virtual const char* name() const = 0;
  /// Checks inputs and settings, writes the defaults into `node.settings`, makes parameters and
  /// buffers (zeros; norms: identity) and returns the output's channels. Throws Error{defect}.
  virtual int complete(Node& node, const std::vector<int>& input_channels) const = 0;
  /// Fresh weights; nothing to do where there are none.
  virtual void initialise(Node& /*node*/, core::Random& /*random*/) const {}
  [[nodiscard]] virtual at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                                           const Pass& pass) const = 0;
  /// Shape of the output; the same as the first input's unless said otherwise.
  [[nodiscard]] virtual Shape shape(const Node& node, const std::vector<Shape>& inputs) const;
  /// A multiply-add counts as 2, any other arithmetic on an element as 1.
  [[nodiscard]] virtual std::int64_t flops(const Node& node, const std::vector<Shape>& inputs,
                                           const Shape& output) const = 0;
  /// Bytes that forward holds for itself besides inputs and output (float32).
  [[nodiscard]] virtual std::int64_t workspace_bytes(const Node& node,
                                                     const std::vector<Shape>& inputs,
                                                     const Shape& output) const;
  /// Whether backward needs that input as forward saw it.
  [[nodiscard]] virtual bool keeps_input(std::size_t /*input*/) const { return false; }
  /// Whether backward needs the output.
  [[nodiscard]] virtual bool keeps_output() const { return false; }
  /// Bytes that forward in training keeps for backward besides inputs and output, where an
  /// activation takes `width` bytes (4: float32, 2: bfloat16).
  [[nodiscard]] virtual std::int64_t kept_bytes(const Node& node, const std::vector<Shape>& inputs,
                                                const Shape& output, int width) const;
  /// The inputs' gradients are the output's, or parts of it, in the same memory.
  [[nodiscard]] virtual bool hands_gradient_on() const { return false; }
  /// Bytes that backward holds for itself besides the gradients of output, inputs and parameters.
  [[nodiscard]] virtual std::int64_t backward_bytes(const Node& node,
                                                    const std::vector<Shape>& inputs,
                                                    const Shape& output, int width) const;
  /// Input pixels that one output pixel steps over: 2 for a stride of 2, 0.5 for a doubling.
  [[nodiscard]] virtual double step(const Node& node) const;
  /// Input pixels on either side that an output pixel sees beyond its own step, where the output is
  /// the input's size over the step.
  [[nodiscard]] virtual int reach(const Node& /*node*/) const { return 0; }
  /// Its output may be written over by the next node even when gradients are wanted, because
  /// backward does not need it.
  [[nodiscard]] virtual bool output_may_be_overwritten() const { return false; }
  /// The axis of "weight" that runs over output channels, where a batch norm can be folded in; −1
  /// where none can.
  [[nodiscard]] virtual int output_axis() const { return -1; }
  /// It writes its output over the first input when the pass allows that.
  [[nodiscard]] virtual bool overwrites() const { return false; }
  /// How relevance that lies on the output is shared among the inputs (relevance.h). The same on
  /// the first input unless said otherwise, as activations have it.
  [[nodiscard]] virtual Shares relevance(const Node& node, const Arrived& arrived) const;
  /// Whether relevance goes to that input at all.
  [[nodiscard]] virtual bool passes_relevance_to(std::size_t /*input*/) const { return true; }
};

/// Elements of a value.
inline std::int64_t elements(const Shape& s) {
  return s[0] * s[1] * s[2] * s[3];
}

/// Throws Error{defect} naming the known operations when there is none of that name.
const Operation& find_operation(const std::string& name);
/// All of them, in the order of the table.
const std::vector<const Operation*>& operations();

/// Reads a node's settings one by one and writes defaults back, so that the stored description is
/// complete. Throws Error{defect} naming node and key.
class Settings {
 public:
  /// `known` are the keys that the operation takes; any other is refused.
  Settings(Node& node, std::initializer_list<const char*> known);
  /// Without a default the key must be there.
  int integer(const char* key, int minimum);
  int integer(const char* key, int minimum, int preset);
  double real(const char* key, double minimum, double maximum, double preset);
  bool flag(const char* key, bool preset);
  std::string text(const char* key, std::initializer_list<const char*> allowed, const char* preset);
  /// One number, [horizontal, vertical] or [left, right, top, bottom] → the last form.
  std::array<int, 4> padding(int preset);

 private:
  [[noreturn]] void refuse(const std::string& key, const std::string& why) const;
  Node& node_;
};

/// Error{defect} about a node.
[[noreturn]] void refuse_node(const Node& node, const std::string& why);
/// Throws Error{defect} unless the node has between `least` and `most` inputs.
void require_inputs(const Node& node, std::size_t least, std::size_t most);
inline void require_inputs(const Node& node, std::size_t count) {
  require_inputs(node, count, count);
}

/// A convolution in the type of `x`, which need not be that of weight and bias (compute.h); `bias`
/// may be undefined, `padding` is vertical, horizontal.
at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    int stride, std::array<std::int64_t, 2> padding, int dilation, int groups);

/// A parameter of zeros [a, b, h, w], stored channels_last as the convolutions want it.
at::Tensor zero_weight(int a, int b, int h, int w);
/// Of one weight; VGG16's largest has a hundred million. A description says a size in a few bytes.
constexpr double most_numbers = 1 << 27;
at::Tensor filled_vector(int size, double value);
/// Copies `values` (row-major over the tensor's shape) in, whatever the tensor's strides and type.
void assign(const at::Tensor& tensor, const std::vector<float>& values);
/// Normal values with mean 0.
void assign_normal(const at::Tensor& tensor, core::Random& random, double deviation);

// The operations; each in ops/NAME.cpp.
const Operation& input_operation();
const Operation& convolution_operation();
const Operation& transposed_convolution_operation();
const Operation& batch_norm_operation();
const Operation& relu_operation();
const Operation& relu6_operation();
const Operation& sigmoid_operation();
const Operation& max_pool_operation();
const Operation& average_pool_operation();
const Operation& global_average_pool_operation();
const Operation& upsample_bilinear_operation();
const Operation& concatenate_operation();
const Operation& add_operation();
const Operation& multiply_operation();
const Operation& dropout_operation();

}  // namespace dawson::nn
