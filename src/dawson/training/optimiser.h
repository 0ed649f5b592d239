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

/// "adam", "adamw".
std::vector<std::string> optimiser_names();

/// "adam": weight_decay · w is added to the gradient, and so is divided by its spread as the rest
/// is (Kingma and Ba 2015, with L2). "adamw": w is shrunk by rate · weight_decay beside the step
/// (Loshchilov and Hutter 2019). Throws Error{usage} for another name.
std::unique_ptr<torch::optim::Optimizer> make_optimiser(const std::string& name,
                                                        std::vector<at::Tensor> parameters,
                                                        double learning_rate, double weight_decay);

void set_learning_rate(torch::optim::Optimizer& optimiser, double rate);

/// The Euclidean norm of the whole gradient, a scalar on its device, before it is scaled down to at
/// most `largest_norm` (0: left as it is).
at::Tensor clip_gradient(const torch::optim::Optimizer& optimiser, double largest_norm);

}  // namespace dawson::training
