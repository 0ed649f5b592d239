#include <ATen/ops/cat.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// The inputs' channels one after the other.
class Concatenate final : public Operation {
 public:
  const char* name() const override { return "concatenate"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 2, 64);
    Settings(node, {});
    int sum = 0;
    for (const int channels : input_channels) sum += channels;
    return sum;
  }
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    // An input of one channel may pass for either layout, and torch would then choose the other.
    return at::cat(inputs, 1).contiguous(at::MemoryFormat::ChannelsLast);
  }
  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    Shape sum = inputs[0];
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      if (inputs[i][2] != sum[2] || inputs[i][3] != sum[3]) {
        refuse_node(node, "the inputs differ in height or width");
      }
      sum[1] += inputs[i][1];
    }
    return sum;
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& /*output*/) const override {
    return 0;
  }
  bool hands_gradient_on() const override { return true; }
  bool output_may_be_overwritten() const override { return true; }
  /// Each input takes what lies on its channels.
  Shares relevance(const Node& /*node*/, const Arrived& arrived) const override {
    Shares shares;
    std::int64_t first = 0;
    for (const at::Tensor& input : arrived.inputs) {
      shares.inputs.push_back(arrived.relevance.narrow(1, first, input.size(1)));
      first += input.size(1);
    }
    return shares;
  }
};

}  // namespace

const Operation& concatenate_operation() {
  static const Concatenate operation;
  return operation;
}

}  // namespace dawson::nn
