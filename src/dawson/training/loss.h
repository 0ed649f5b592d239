// What training makes small.
#pragma once

#include <ATen/core/Tensor.h>

namespace dawson::training {

struct LossWeights {
  double dice = 1;
  double bce = 1;
  double positive = 1;  ///< weight of target pixels in the BCE
};

struct Loss {
  at::Tensor total;  ///< scalar, differentiable
  double dice = 0;   ///< 1 − soft Dice of the batch, unweighted
  double bce = 0;    ///< mean binary cross-entropy, weighted by `positive`
};

/// logits and target [N,1,H,W]. Soft Dice over the whole batch, squared denominator (Milletari et
/// al. 2016), smoothed by one pixel; cross-entropy from logits, mean over pixels.
Loss dice_bce(const at::Tensor& logits, const at::Tensor& target, const LossWeights& weights);

}  // namespace dawson::training
