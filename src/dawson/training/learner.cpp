#include "dawson/training/learner.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>
#include <torch/optim.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "dawson/nn/device.h"
#include "dawson/training/optimiser.h"

namespace dawson::training {
namespace {

std::vector<at::Tensor> trained(const nn::Graph& graph) {
  std::vector<at::Tensor> tensors;
  for (auto& [name, tensor] : graph.parameters()) {
    tensors.push_back(tensor.set_requires_grad(true));
  }
  return tensors;
}

nn::Graph moved(nn::Graph graph, c10::Device device) {
  nn::move_to(graph, device);
  return graph;
}

/// Finite as the half-precision numbers that a bundle stores.
bool fit_a_bundle(const nn::Tensors& tensors) {
  const at::NoGradGuard no_grad;
  return std::all_of(tensors.begin(), tensors.end(), [](const auto& named) {
    const at::Tensor& t = named.second;
    return !t.is_floating_point() || at::isfinite(t.to(at::kHalf)).all().template item<bool>();
  });
}

}  // namespace

nn::Tensors cloned(const nn::Tensors& tensors) {
  nn::Tensors copy;
  for (const auto& [name, tensor] : tensors) copy[name] = tensor.detach().clone();
  return copy;
}

bool StepSums::Means::finite() const noexcept {
  return std::isfinite(loss) && std::isfinite(gradient_norm);
}

void StepSums::add(const Loss& loss, const at::Tensor& gradient_norm) {
  const at::NoGradGuard no_grad;
  const at::Tensor row =
      at::stack({loss.total.detach(), loss.overlap.detach(), loss.bce.detach(), gradient_norm})
          .to(at::kDouble);
  sums_ = sums_.defined() ? sums_ + row : row;
  ++count_;
}

StepSums::Means StepSums::read() const {
  if (count_ == 0) return {};
  const at::Tensor sums = sums_.cpu();
  const double* values = sums.data_ptr<double>();
  return {values[0] / count_, values[1] / count_, values[2] / count_, values[3] / count_};
}

Learner::Learner(nn::Graph graph, const TrainingSettings& settings, c10::Device device)
    : graph_(moved(std::move(graph), device)),
      average_(cloned(graph_.tensors())),
      loss_(settings.loss_settings()),
      clip_norm_(settings.clip_norm),
      average_decay_(settings.average_decay),
      optimiser_(make_optimiser(settings.optimiser, trained(graph_), settings.learning_rate,
                                settings.weight_decay)) {}

Learner::~Learner() = default;

void Learner::step(const Batch& batch, double learning_rate, int steps_done, StepSums& sums) {
  set_learning_rate(*optimiser_, learning_rate);
  optimiser_->zero_grad();
  const at::Tensor logits = graph_.forward(batch.images, /*training=*/true);
  const Loss loss = find_loss(logits, batch.targets, loss_);
  loss.total.backward();
  const at::Tensor norm = clip_gradient(*optimiser_, clip_norm_);
  optimiser_->step();
  update_average(steps_done);
  sums.add(loss, norm);
}

void Learner::update_average(int steps_done) {
  const at::NoGradGuard no_grad;
  const double decay = std::min(average_decay_, (1.0 + steps_done) / (10.0 + steps_done));
  for (const auto& [name, tensor] : graph_.tensors()) {
    at::Tensor& average = average_[name];
    if (average.is_floating_point()) {
      average.mul_(decay).add_(tensor.detach(), 1 - decay);
    } else {
      average.copy_(tensor);
    }
  }
}

bool Learner::can_go_on(const Batch& batch) const {
  if (!fit_a_bundle(graph_.tensors()) || !fit_a_bundle(average_)) return false;
  const at::NoGradGuard no_grad;
  nn::Graph probe = graph_.clone();  // a training pass updates running statistics
  const at::Tensor logits = probe.forward(batch.images, /*training=*/true);
  return std::isfinite(find_loss(logits, batch.targets, loss_).total.item<double>());
}

nn::Graph Learner::averaged() const {
  nn::Graph graph = graph_.clone();
  graph.load(average_);
  return graph;
}

void Learner::load(const nn::Tensors& weights, const nn::Tensors& average) {
  const at::NoGradGuard no_grad;
  graph_.load(weights);
  average_ = cloned(average);
  const c10::Device device = nn::device_of(graph_);
  for (auto& [name, tensor] : average_) tensor = tensor.to(device);
}

}  // namespace dawson::training
