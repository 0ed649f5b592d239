#include "dawson/training/loss.h"

#include <ATen/ATen.h>

namespace dawson::training {

Loss dice_bce(const at::Tensor& logits, const at::Tensor& target, const LossWeights& weights) {
  constexpr double smooth = 1.0;
  const at::Tensor p = at::sigmoid(logits);
  const at::Tensor overlap = (p * target).sum();
  const at::Tensor mass = (p * p).sum() + (target * target).sum();
  const at::Tensor dice = 1 - (2 * overlap + smooth) / (mass + smooth);
  const at::Tensor positive = at::full({1}, weights.positive, logits.options());
  const at::Tensor bce = at::binary_cross_entropy_with_logits(logits, target, {}, positive);
  return {weights.dice * dice + weights.bce * bce, dice.item<double>(), bce.item<double>()};
}

}  // namespace dawson::training
