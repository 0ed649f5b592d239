// Devices that networks train on: the CPU, or a GPU that libtorch reaches through CUDA.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>

#include "dawson/nn/compute.h"

namespace dawson::nn {

class Graph;

/// "cpu"; "cuda", the first GPU; "cuda:N", another (from 0); "auto", the first GPU where libtorch
/// sees one, else the CPU. Throws Error{usage} for any other text, and Error{resources} for a GPU
/// that is not there, saying what is missing: the GPU, or CUDA in this libtorch.
c10::Device find_device(const std::string& text);

/// Where a graph's weights lie.
c10::Device device_of(const Graph& graph);
/// Moves all tensors of `graph` there; everybody who holds one of them sees it move.
void move_to(const Graph& graph, c10::Device device);

/// Bytes that can still be taken: of a GPU's memory as its driver has it, of the machine's as its
/// kernel and its control group have it. −1: not known.
std::int64_t free_memory(c10::Device device);

/// The faster number format for training passes there: bfloat16 on a CPU with AVX512-BF16 and on a
/// GPU of compute capability 8 (Ampere) or later, else float32.
ComputeType fastest_type(c10::Device device);

/// "cpu", or "cuda:0 (NVIDIA GeForce GTX 1650, compute capability 7.5)".
std::string describe(c10::Device device);

/// For all that follows in the process: of algorithms that give other last bits at each run none is
/// chosen where there is another, in cuDNN, cuBLAS, libtorch and `upsample_bilinear`. libtorch
/// warns of operations that have no other. To be called before a GPU is first used. Starts as
/// false.
void set_deterministic(bool deterministic);
bool is_deterministic() noexcept;

}  // namespace dawson::nn
