// Pieces that networks are built of.
#pragma once

#include <string>
#include <vector>

#include "dawson/nn/encoders.h"
#include "dawson/nn/graph.h"
#include "dawson/nn/networks.h"

namespace dawson::nn {

/// Convolution without bias (same size at stride 1), batch norm and, if asked for, ReLU; nodes
/// NAME.conv, NAME.norm, NAME.relu. Returns the last.
NodeId convolution_norm(Graph& graph, const std::string& name, NodeId x, int channels, int kernel,
                        bool relu = true);

/// Convolution of one logit a pixel, "head"; it starts at the log-odds that a pixel is lesion
/// before anything is seen.
NodeId head(Graph& graph, NodeId x);

/// About 1.8 %, near the share of lesion in brain (1:60 to 1:600), so that the first steps do not
/// go into finding that out (Lin et al. 2017).
constexpr double prior_log_odds = -4;

/// Whole channels dropped in training, "dropout"; `x` itself where `probability` is 0.
NodeId channel_dropout(Graph& graph, NodeId x, double probability);

/// Two 3×3 convolutions with norm and ReLU; the second is a residual one (He et al. 2016):
/// h = relu(norm(conv x)), relu(norm(conv h) + h).
NodeId residual_pair(Graph& graph, const std::string& name, NodeId x, int channels);

/// A residual unit with its norms and ReLUs before its convolutions (He et al. 2016b; Zhang et al.
/// 2018, fig. 1b): conv(relu(norm(conv(relu(norm x))))) + shortcut, 3×3, the first with `stride`.
/// The shortcut is `x`, or where size or channels change its 1×1 convolution with norm. A first
/// unit reads what is no feature map yet: without the leading norm and ReLU.
NodeId preactivation_unit(Graph& graph, const std::string& name, NodeId x, int channels, int stride,
                          bool first_unit = false);

/// One level of a decoder: `x` [N,·,H,W] doubled by a transposed convolution, joined with `skip`
/// [N,·,2H,2W] behind an additive attention gate steered by `x`, and a residual pair.
NodeId decoder_level(Graph& graph, const std::string& name, NodeId x, NodeId skip, int channels);

/// Additive attention gate (Oktay et al. 2018, eq. 1 and fig. 2): the skip connection, brought to
/// the gating signal's size by a 2×2 convolution of stride 2, plus the gating signal, each as
/// `between` channels; ReLU, one channel, sigmoid, doubled bilinearly, times the skip.
NodeId attention_gate(Graph& graph, const std::string& name, NodeId skip, NodeId gating,
                      int between);

/// What a decoder of level after level starts from: the coarsest value, behind dropout, and a skip
/// connection for each doubling of its size, finest first.
struct DecoderStart {
  NodeId coarsest;
  std::vector<NodeId> skips;
  std::vector<int> channels;  ///< the decoder's, of each level
};

/// From an encoder's levels. Where the finest of them is not of the input's size, lesions of a
/// pixel or two would be lost: `finest` then makes one more skip of the input, of `width` channels.
/// The decoder's channels double from `width` by level, up to the most that a skip has, 256 at
/// most.
DecoderStart start_decoder(Graph& graph, const NetworkSettings& settings,
                           const EncoderLevels& levels,
                           NodeId (*finest)(Graph&, const std::string&, NodeId, int));

}  // namespace dawson::nn
