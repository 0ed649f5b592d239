// Pieces that networks are built of.
#pragma once

#include <string>

#include "dawson/nn/graph.h"

namespace dawson::nn {

/// Convolution without bias (same size at stride 1), batch norm and, if asked for, ReLU; nodes
/// NAME.conv, NAME.norm, NAME.relu. Returns the last.
NodeId convolution_norm(Graph& graph, const std::string& name, NodeId x, int channels, int kernel,
                        bool relu = true);

/// Two 3×3 convolutions with norm and ReLU; the second is a residual one (He et al. 2016):
/// h = relu(norm(conv x)), relu(norm(conv h) + h).
NodeId residual_pair(Graph& graph, const std::string& name, NodeId x, int channels);

/// One level of a decoder: `x` [N,·,H,W] doubled by a transposed convolution, joined with `skip`
/// [N,·,2H,2W] behind an additive attention gate steered by `x`, and a residual pair.
NodeId decoder_level(Graph& graph, const std::string& name, NodeId x, NodeId skip, int channels);

/// Additive attention gate (Oktay et al. 2018, eq. 1 and fig. 2): the skip connection, brought to
/// the gating signal's size by a 2×2 convolution of stride 2, plus the gating signal, each as
/// `between` channels; ReLU, one channel, sigmoid, doubled bilinearly, times the skip.
NodeId attention_gate(Graph& graph, const std::string& name, NodeId skip, NodeId gating,
                      int between);

}  // namespace dawson::nn
