#include "dawson/training/loss.h"

#include <ATen/ATen.h>

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

constexpr double smooth = 1.0;       // pixels
constexpr double least_miss = 1e-6;  // of 1 − T under the root; float32 tells no smaller one from 0

at::Tensor soft_dice(const at::Tensor& p, const at::Tensor& target) {
  const at::Tensor overlap = (p * target).sum();
  const at::Tensor mass = (p * p).sum() + (target * target).sum();
  return 1 - (2 * overlap + smooth) / (mass + smooth);
}

at::Tensor tversky(const at::Tensor& p, const at::Tensor& target, const LossSettings& settings) {
  const at::Tensor overlap = (p * target).sum();
  const at::Tensor false_positive = p.sum() - overlap;
  const at::Tensor false_negative = target.sum() - overlap;
  return 1 - (overlap + smooth) / (overlap + settings.alpha * false_positive +
                                   settings.beta * false_negative + smooth);
}

at::Tensor overlap_part(const at::Tensor& p, const at::Tensor& target,
                        const LossSettings& settings) {
  if (settings.name == "dice_bce") return soft_dice(p, target);
  if (settings.name == "tversky") return tversky(p, target, settings);
  if (settings.name == "focal_tversky") {
    return tversky(p, target, settings).clamp_min(least_miss).pow(1 / settings.gamma);
  }
  throw Error(ExitCode::usage, "is no loss that is known", "--loss " + settings.name,
              "choose dice_bce, tversky or focal_tversky");
}

}  // namespace

std::vector<std::string> loss_names() {
  return {"dice_bce", "tversky", "focal_tversky"};
}

Loss find_loss(const at::Tensor& logits, const at::Tensor& target, const LossSettings& settings) {
  const at::Tensor overlap = overlap_part(at::sigmoid(logits), target, settings);
  const at::Tensor positive = at::full({1}, settings.positive, logits.options());
  const at::Tensor bce = at::binary_cross_entropy_with_logits(logits, target, {}, positive);
  return {settings.overlap * overlap + settings.bce * bce, overlap, bce};
}

}  // namespace dawson::training
