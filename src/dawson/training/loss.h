// What training makes small.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace dawson::training {

/// What LossSettings::name may be: "dice_bce", "tversky", "focal_tversky". They tell how the
/// overlap part is reckoned (find_loss); the cross-entropy beside it is the same for all.
std::vector<std::string> loss_names();

struct LossSettings {
  std::string name = "dice_bce";
  double overlap = 1;        ///< weight of the overlap part
  double bce = 1;            ///< weight of the cross-entropy
  double positive = 1;       ///< weight of target pixels in the cross-entropy
  double alpha = 0.3;        ///< Tversky: of false positives
  double beta = 0.7;         ///< Tversky: of false negatives
  double gamma = 4.0 / 3.0;  ///< focal Tversky: (1 − T)^(1/γ)
};

/// Scalars on the logits' device; only `total` is meant to be differentiated.
struct Loss {
  at::Tensor total;    ///< overlap and cross-entropy by their weights
  at::Tensor overlap;  ///< unweighted; 0 for a perfect answer, but for focal's floor
  at::Tensor bce;      ///< mean binary cross-entropy, target pixels weighted by `positive`
};

/// `logits` and `target` g (0 or 1) are [N,1,H,W], on one device; p = sigmoid(logits). The overlap
/// part is taken over the whole batch, so that pictures without a target count as false positives
/// alone, and is smoothed by one pixel, so that it is defined and has a gradient where no picture
/// has a target:
///
///   dice_bce       1 − (2 Σpg + 1) / (Σp² + Σg² + 1)
///   tversky        1 − T  with  T = (Σpg + 1) / (Σpg + α Σp(1−g) + β Σ(1−p)g + 1)
///   focal_tversky  max(1 − T, 1e-6)^(1/γ)
///
/// after Milletari et al. 2016, Salehi et al. 2017, Abraham and Khan 2019. The floor keeps focal's
/// gradient finite at T = 1. Cross-entropy from logits, mean over pixels. Throws Error{usage} for
/// an unknown name.
Loss find_loss(const at::Tensor& logits, const at::Tensor& target, const LossSettings& settings);

}  // namespace dawson::training
