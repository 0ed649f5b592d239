// How a gradient becomes a step.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

namespace torch::optim {
class Optimizer;
}

namespace dawson::training {

/// What make_optimiser knows: "adam", "adamw".
std::vector<std::string> optimiser_names();

/// "adam": weight_decay · w is added to the gradient, and so is divided by its spread as the rest
/// is (Kingma and Ba 2015, with L2). "adamw": w is shrunk by rate · weight_decay beside the step
/// (Loshchilov and Hutter 2019). Throws Error{usage} for another name.
std::unique_ptr<torch::optim::Optimizer> make_optimiser(const std::string& name,
                                                        std::vector<at::Tensor> parameters,
                                                        double learning_rate, double weight_decay);

/// For all parameters, from the next step on.
void set_learning_rate(torch::optim::Optimizer& optimiser, double rate);

/// Scales the gradient of all parameters down, in place, so that its Euclidean norm is at most
/// `largest_norm` (0: left as it is). Returns the norm before that, a scalar on its device.
at::Tensor clip_gradient(const torch::optim::Optimizer& optimiser, double largest_norm);

}  // namespace dawson::training
