// The whole state of a run in a folder, replaced as one.
#pragma once

#include <filesystem>
#include <optional>

#include "dawson/core/json.h"
#include "dawson/nn/graph.h"

namespace torch::optim {
class Optimizer;
}

namespace dawson::training {

/// Tensors and numbers that decide all that follows.
struct Checkpoint {
  int iteration = 0;    ///< iterations done
  nn::Tensors weights;  ///< the network's parameters and buffers
  nn::Tensors average;  ///< their moving average
  nn::Tensors best;     ///< the average at the best validation so far (empty: none)
  core::Json state;     ///< best iteration, what is watched, learning rate's shares, rollbacks
};

/// Writes run/checkpoint-N and then removes older ones; a kill at any moment leaves a whole one,
/// and so does a full disk: then Error{output}.
void save_checkpoint(const std::filesystem::path& run, const Checkpoint& checkpoint,
                     torch::optim::Optimizer& optimiser);

/// The folder of the latest checkpoint; nothing when the run has none.
std::optional<std::filesystem::path> latest_checkpoint(const std::filesystem::path& run);

/// What `latest_checkpoint` found, and the optimiser's state. Throws Error{input} when it is
/// damaged. What was written on one device is read on any: tensors come back on the CPU, the
/// optimiser's state on the device of its parameters.
Checkpoint load_checkpoint(const std::filesystem::path& folder, torch::optim::Optimizer& optimiser);

}  // namespace dawson::training
