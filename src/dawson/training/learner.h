// A network under training: weights, their moving average, and the optimiser that moves them.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <memory>

#include "dawson/nn/graph.h"
#include "dawson/training/batch.h"
#include "dawson/training/settings.h"

namespace torch::optim {
class Optimizer;
}

namespace dawson::training {

/// A deep copy by name, on the same devices: it shares no memory with `tensors` and is no part of
/// their autograd graph.
nn::Tensors cloned(const nn::Tensors& tensors);

/// What became of steps, summed on the device so that nothing waits for it; `read` is the one place
/// where losses come back.
class StepSums {
 public:
  struct Means {
    double loss = 0, overlap = 0, bce = 0;       ///< as Loss has them
    double gradient_norm = 0;                    ///< before it was clipped
    [[nodiscard]] bool finite() const noexcept;  ///< of loss and gradient
  };
  /// Scalars of one step, on one device.
  void add(const Loss& loss, const at::Tensor& gradient_norm);
  [[nodiscard]] Means read() const;  ///< over the steps so far; zeros without any

 private:
  at::Tensor sums_;  ///< [4] double; undefined before the first step
  int count_ = 0;
};

class Learner {
 public:
  /// Takes the graph with the weights to begin with, and moves it to `device`, where all else of
  /// the learner will lie and batches are expected.
  Learner(nn::Graph graph, const TrainingSettings& settings,
          c10::Device device = c10::Device(c10::kCPU));
  ~Learner();
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;

  /// One step of the optimiser at this learning rate; then average ← d · average + (1 − d) ·
  /// weights with d = min(average_decay, (1 + t) / (10 + t)), t = `steps_done` with this one: early
  /// on the average follows quickly, so that it does not keep the random start. Counters are
  /// copied.
  void step(const Batch& batch, double learning_rate, int steps_done, StepSums& sums);
  /// Whether another step can be made from here, or a model written: weights and averages are
  /// finite in half precision, and so is the loss that the network would have on `batch`, which
  /// takes a forward pass and changes nothing.
  [[nodiscard]] bool can_go_on(const Batch& batch) const;

  [[nodiscard]] const nn::Graph& graph() const noexcept { return graph_; }
  /// A copy of the network with the averaged weights.
  [[nodiscard]] nn::Graph averaged() const;
  /// The moving average of every stored tensor, by its name in the graph.
  [[nodiscard]] const nn::Tensors& average() const noexcept { return average_; }
  [[nodiscard]] torch::optim::Optimizer& optimiser() noexcept { return *optimiser_; }
  /// Puts back what a checkpoint holds, less the optimiser's state, from wherever it lies.
  void load(const nn::Tensors& weights, const nn::Tensors& average);

 private:
  void update_average(int steps_done);

  nn::Graph graph_;
  nn::Tensors average_;
  LossSettings loss_;
  double clip_norm_;
  double average_decay_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
};

}  // namespace dawson::training
