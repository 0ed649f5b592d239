// Every operation against PyTorch: outputs and gradients that tests/reference/operations.py made.
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "dawson/core/json.h"
#include "dawson/nn/operation.h"
#include "nn/reference.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

const core::Json& file() {
  static const core::Json read = core::read_json(std::filesystem::path(DAWSON_SOURCE_DIR) /
                                                 "tests/nn/operations_reference.json");
  return read;
}

/// The script's formula: element i of tensor t is 3 sin(0.7 i + 1.3 t + 0.2).
at::Tensor formula(int t, at::IntArrayRef shape) {
  const at::Tensor made = at::empty(shape, at::TensorOptions(at::kDouble));
  for (std::int64_t i = 0; i < made.numel(); ++i) {
    made.data_ptr<double>()[i] = 3 * std::sin(0.7 * static_cast<double>(i) + 1.3 * t + 0.2);
  }
  return made;
}

struct Prepared {
  const Operation& operation;
  Node node;
  std::vector<at::Tensor> inputs;
  at::Tensor weights;  ///< of the output's elements in the sum whose gradients are stored
};

Prepared prepare(const core::Json& stored) {
  Prepared made{find_operation(stored["operation"].get<std::string>()), {}, {}, {}};
  made.node = {"node", made.operation.name(), {}, stored["settings"], {}, {}};
  std::vector<int> channels;
  int t = 0;
  for (const core::Json& shape : stored["inputs"]) {
    if (made.node.operation != "input") made.node.inputs.push_back(t);
    made.inputs.push_back(formula(t++, shape.get<std::vector<std::int64_t>>()));
    channels.push_back(shape[1]);
  }
  made.operation.complete(made.node, channels);
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
    const bool parameter = made.node.parameters.count(name) > 0;
    if (!parameter && made.node.buffers.count(name) == 0) continue;
    at::Tensor& tensor = parameter ? made.node.parameters[name] : made.node.buffers[name];
    tensor = formula(t++, tensor.sizes());
    if (name == std::string("running_var")) tensor = tensor.abs().add(0.1);
  }
  made.weights = formula(t, stored["shape"].get<std::vector<std::int64_t>>());
  return made;
}

void expect_same(const at::Tensor& found, const core::Json& expected, const char* what) {
  const std::vector<double> values =
      reference::Array(found.dim() == 4 ? found : found.detach().view({1, -1, 1, 1})).data;
  ASSERT_EQ(values.size(), expected.size()) << what;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto stored = expected[i].get<double>();  // of eight digits
    ASSERT_NEAR(values[i], stored, 1e-6 * std::max(1.0, std::abs(stored))) << what << " at " << i;
  }
}

/// Runs forward and backward, and compares both.
void compare(Prepared& made, const core::Json& stored, const Pass& pass) {
  std::vector<at::Tensor> leaves = made.inputs;
  for (const char* name : {"weight", "bias"}) {
    const auto found = made.node.parameters.find(name);
    if (found != made.node.parameters.end()) leaves.push_back(found->second);
  }
  for (at::Tensor& leaf : leaves) leaf.requires_grad_(true);
  const at::Tensor y = made.operation.forward(made.node, made.inputs, pass);
  EXPECT_EQ(y.sizes().vec(), stored["shape"].get<std::vector<std::int64_t>>());
  expect_same(y, stored["output"], "output");
  y.mul(made.weights).sum().backward();
  ASSERT_EQ(leaves.size(), stored["gradients"].size());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    expect_same(leaves[i].grad(), stored["gradients"][i], "gradient");
  }
}

TEST(OperationsByTorch, AreAllInTheFile) {
  std::map<std::string, int> stored;
  for (const core::Json& test : file()["cases"]) ++stored[test["operation"].get<std::string>()];
  for (const Operation* operation : operations()) {
    EXPECT_GT(stored[operation->name()], 0)
        << operation->name() << " has no case in tests/reference/operations.py";
  }
}

TEST(OperationsByTorch, HaveTheSameOutputsAndGradients) {
  for (const core::Json& stored : file()["cases"]) {
    SCOPED_TRACE(stored["operation"].dump() + " " + stored["settings"].dump());
    Prepared made = prepare(stored);
    compare(made, stored, {});
  }
}

TEST(OperationsByTorch, HaveTheSameOutputsInFloat32) {
  const at::NoGradGuard no_gradient;
  for (const core::Json& stored : file()["cases"]) {
    SCOPED_TRACE(stored["operation"].dump() + " " + stored["settings"].dump());
    Prepared made = prepare(stored);
    for (at::Tensor& x : made.inputs) {
      x = x.to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
    }
    for (auto* tensors : {&made.node.parameters, &made.node.buffers}) {
      for (auto& item : *tensors) item.second = item.second.to(at::kFloat);
    }
    const reference::Array y(made.operation.forward(made.node, made.inputs, {}));
    double largest = 1;
    for (const core::Json& value : stored["output"]) {
      largest = std::max(largest, std::abs(value.get<double>()));
    }
    for (std::size_t i = 0; i < y.data.size(); ++i) {
      ASSERT_NEAR(y.data[i], stored["output"][i].get<double>(), 1e-5 * largest);
    }
  }
}

TEST(OperationsByTorch, NormBatchesAsInTraining) {
  const core::Json& stored = file()["batch_norm_in_training"];
  Prepared made = prepare(stored);
  compare(made, stored, {/*training=*/true, false});
  expect_same(made.node.buffers.at("running_mean"), stored["running_mean"], "mean");
  expect_same(made.node.buffers.at("running_var"), stored["running_var"], "variance");
}

}  // namespace
}  // namespace dawson::nn
