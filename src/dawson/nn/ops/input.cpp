#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

class Input final : public Operation {
 public:
  const char* name() const override { return "input"; }
  int complete(Node& node, const std::vector<int>& /*input_channels*/) const override {
    require_inputs(node, 0);
    return Settings(node, {"channels"}).integer("channels", 1);
  }
  /// The graph hands the network's input in as this node's only input.
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    return inputs.front();
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& /*output*/) const override {
    return 0;
  }
};

}  // namespace

const Operation& input_operation() {
  static const Input operation;
  return operation;
}

}  // namespace dawson::nn
