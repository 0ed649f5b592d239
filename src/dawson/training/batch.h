// The one place where training slices become a batch.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include "dawson/core/random.h"
#include "dawson/training/channel_roles.h"
#include "dawson/training/hard_negatives.h"
#include "dawson/training/pool.h"
#include "dawson/training/settings.h"

namespace dawson::training {

struct Batch {
  at::Tensor images;   ///< [batch, network channels, patch, patch]
  at::Tensor targets;  ///< [batch, 1, patch, patch], 0 or 1
};

/// Draws and changes the slices of an iteration, a share of them at hard places. All that is random
/// follows from the seed of `run` and the iteration, whatever was drawn before: a resume has
/// nothing to restore. The changes are made on `device`, where the batch then lies.
Batch make_batch(const Pool& pool, const HardNegatives& hard, const ChannelRoles& roles,
                 const TrainingSettings& settings, const core::Random& run, int iteration,
                 c10::Device device = c10::Device(c10::kCPU));

}  // namespace dawson::training
