#include "dawson/training/batch.h"

#include <ATen/ATen.h>

#include <vector>

#include "dawson/training/augmentation.h"

namespace dawson::training {

Batch make_batch(const Pool& pool, const HardNegatives& hard, const ChannelRoles& roles,
                 const TrainingSettings& settings, const core::Random& run, int iteration,
                 c10::Device device) {
  const at::NoGradGuard no_grad;
  const AugmentationSettings& changes = settings.augmentation;
  const auto first = static_cast<std::uint64_t>(iteration) * 4096;
  std::vector<at::Tensor> images, targets;
  for (int i = 0; i < settings.batch; ++i) {
    core::Random draw = run.stream("slice", first + static_cast<std::uint64_t>(i));
    const DrawnSlice slice = pool.draw(draw, changes.thick_probability, changes.thick_max_mm,
                                       hard.draw(draw, settings.hard_fraction));
    const Patch patch = augmented(slice, changes, settings.patch, roles, draw, device);
    images.push_back(patch.image);
    targets.push_back(patch.target);
  }
  return {at::stack(images), at::stack(targets)};
}

}  // namespace dawson::training
