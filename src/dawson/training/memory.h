// Whether a training step fits into the memory there is.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <exception>

#include "dawson/core/error.h"
#include "dawson/training/settings.h"

namespace dawson::nn {
class Graph;
}

namespace dawson::training {

/// Bytes that a run on `device` may fill with tensors: settings.memory_gib where it is given, else
/// nine tenths of what is free (the rest is for pieces that an allocator keeps and workspaces of
/// convolutions). −1: not known.
std::int64_t memory_for_training(const TrainingSettings& settings, c10::Device device);

/// Throws Error{resources} where a step of settings.batch patches in settings.compute is reckoned
/// (nn::Cost::training_peak_bytes) to take more than `bytes`, naming the largest batch that fits,
/// or saying that none does. Nothing is thrown for −1.
void require_memory(const nn::Graph& graph, const TrainingSettings& settings, std::int64_t bytes);

/// Whether `e` says that an allocation failed, on the CPU or on a GPU.
bool is_out_of_memory(const std::exception& e);
/// What to throw when a step ran out of memory although it was reckoned to fit.
Error out_of_memory(const nn::Graph& graph, const TrainingSettings& settings, std::int64_t bytes);

}  // namespace dawson::training
