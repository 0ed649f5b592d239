// ImageNet weights put into a network's encoder (docs/encoders.md).
#pragma once

#include <filesystem>
#include <functional>

#include "dawson/nn/networks.h"

namespace dawson::nn {

/// Gives slices [N, C, H, W] as the network will see them in training, where norms must be measured
/// on them. A dozen or two are enough.
using CalibrationSlices = std::function<at::Tensor()>;

/// Puts the weights of a file (weights_file.h) into the encoder of `graph`, which was built from
/// `settings`. The first layer is adapted to the graph's input channels; what belongs to the
/// classifier is left aside. A file whose batch norms are folded into its convolutions gets them
/// back by `restore_norms`, on slices that `calibration` is then asked for.
///
/// Throws Error{model}: an encoder that no ImageNet weights exist for, a file that cannot be used,
/// tensors that are missing, unknown or of another shape (named), folded norms without calibration.
void load_encoder(Graph& graph, const NetworkSettings& settings,
                  const std::filesystem::path& weights, const CalibrationSlices& calibration = {});

/// Weights [O,3,k,k] for red, green and blue → [O,`channels`,k,k] for as many scans or slices.
///
/// Every channel gets an equal share of the sum over the three colours: where all channels hold the
/// same picture, the layer answers as to a grey one. `input_scale` is how many units of the
/// encoder's training input one unit of ours is (`input_scale_of`).
at::Tensor adapted_first_layer(const at::Tensor& weight, std::int64_t channels, double input_scale);

/// Our channels have a standard deviation near 1. So had the inputs of torchvision's encoders
/// ((x − mean) / σ by colour): 1. TensorFlow's MobileNetV2 saw −1 … 1, and our ± 2 takes the place
/// of that: ½.
double input_scale_of(const std::string& encoder);

/// Sets convolutions and batch norms of `graph` so that it answers as the same graph with the norms
/// folded and the tensors `folded` ("node.weight", "node.bias" for each folded convolution): with μ
/// and σ² of the convolution's output on `slices` [N,C,H,W], running_mean = μ, running_var = σ²,
/// weight = √(σ² + ε), bias = folded bias + μ. Nodes that are not in `folded` stay as they are.
///
/// In use any μ and σ² would do. In training a norm divides by the batch's own statistics; only
/// with those of slices like the batch's does the network still answer as before. With 0 and 1 it
/// is thrown far away.
void restore_norms(Graph& graph, const Tensors& folded, const at::Tensor& slices);

}  // namespace dawson::nn
