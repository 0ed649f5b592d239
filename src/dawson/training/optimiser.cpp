#include "dawson/training/optimiser.h"

#include <ATen/ATen.h>
#include <torch/optim.h>

#include <utility>

#include "dawson/core/error.h"

namespace dawson::training {

std::vector<std::string> optimiser_names() {
  return {"adam", "adamw"};
}

std::unique_ptr<torch::optim::Optimizer> make_optimiser(const std::string& name,
                                                        std::vector<at::Tensor> parameters,
                                                        double learning_rate, double weight_decay) {
  if (name == "adam") {
    return std::make_unique<torch::optim::Adam>(
        std::move(parameters), torch::optim::AdamOptions(learning_rate).weight_decay(weight_decay));
  }
  if (name == "adamw") {
    return std::make_unique<torch::optim::AdamW>(
        std::move(parameters),
        torch::optim::AdamWOptions(learning_rate).weight_decay(weight_decay));
  }
  throw Error(ExitCode::usage, "is no optimiser that is known", "--optimiser " + name,
              "choose adam or adamw");
}

void set_learning_rate(torch::optim::Optimizer& optimiser, double rate) {
  for (auto& group : optimiser.param_groups()) group.options().set_lr(rate);
}

// torch::nn::utils::clip_grad_norm_ does the same but waits for the device at every step.
at::Tensor clip_gradient(const torch::optim::Optimizer& optimiser, double largest_norm) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients, norms;
  for (const auto& group : optimiser.param_groups()) {
    for (const at::Tensor& parameter : group.params()) {
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
  }
  if (gradients.empty()) return at::zeros({});
  norms.reserve(gradients.size());
  for (const at::Tensor& g : gradients) norms.push_back(g.norm(2));
  const at::Tensor whole = at::stack(norms).norm(2);
  if (largest_norm > 0) {
    const at::Tensor share = (largest_norm / (whole + 1e-6)).clamp_max(1.0);
    for (at::Tensor& g : gradients) g.mul_(share);
  }
  return whole;
}

}  // namespace dawson::training
