#include <ATen/ops/dropout.h>
#include <ATen/ops/feature_dropout.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// In training, values (or with `spatial` whole channels) are zeroed with `probability` and the
/// rest scaled by 1 / (1 − probability) (Srivastava et al. 2014; Tompson et al. 2015).
class Dropout final : public Operation {
 public:
  const char* name() const override { return "dropout"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings settings(node, {"probability", "spatial"});
    settings.real("probability", 0, 0.99, 0.5);
    settings.flag("spatial", false);
    return input_channels[0];
  }
  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& pass) const override {
    if (!pass.training) return inputs[0];
    const double probability = node.settings["probability"].get<double>();
    return node.settings["spatial"].get<bool>() ? at::feature_dropout(inputs[0], probability, true)
                                                : at::dropout(inputs[0], probability, true);
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& /*output*/) const override {
    return 0;
  }
  /// What values or channels were multiplied by.
  std::int64_t kept_bytes(const Node& node, const std::vector<Shape>& /*inputs*/,
                          const Shape& output, int width) const override {
    return width *
           (node.settings["spatial"].get<bool>() ? output[0] * output[1] : elements(output));
  }
};

}  // namespace

const Operation& dropout_operation() {
  static const Dropout operation;
  return operation;
}

}  // namespace dawson::nn
