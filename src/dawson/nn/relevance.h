// Layer-wise relevance propagation (Bach et al. 2015): the relevance that is put on a network's
// output is handed back node by node until it lies on the input.
//
// A neuron k with z_k = Σ_i z_ik + b_k, where z_ik = x_i w_ik is the contribution of input i,
// shares its relevance R_k among its inputs by one of these rules. "Own" contributions are those
// with the sign of z_k, the others stand against it (Andéol et al. 2021: so the rules hold for
// inputs and neurons of either sign, as after linear bottlenecks; where inputs and neurons are
// positive, as after a ReLU, own contributions are the positive ones of the textbook).
//   epsilon     z_ik / z_k · R_k                                              (Bach et al. 2015)
//   z_plus      own z_ik / Σ own · R_k                                   (Montavon et al. 2017)
//   alpha_beta  (α · own z_ik / Σ own − β · against z_ik / Σ against) · R_k, α − β = 1; where
//               nothing stands against the neuron, as z_plus                  (Bach et al. 2015)
//   gamma       (z_ik + γ · own z_ik) / (z_k + γ · Σ own) · R_k          (Montavon et al. 2019)
//   flat        the same share to each input of the receptive field   (Lapuschkin et al. 2017)
//   z_bounded   (x_i w_ik − l_i w⁺_ik − h_i w⁻_ik) / Σ of the same · R_k, for inputs between l and
//   h
//                                                                       (Montavon et al. 2017)
// The bias is one contribution more (but for flat and z_bounded, which do not know it): what it
// earns is absorbed, and stated.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "dawson/nn/graph.h"

namespace dawson::nn {

enum class RelevanceRule { epsilon, z_plus, alpha_beta, gamma, flat, z_bounded };

struct RuleSettings {
  RelevanceRule rule = RelevanceRule::epsilon;
  /// Stabiliser added to each denominator with its sign, as a share of the root mean square of the
  /// node's values in that picture.
  double epsilon = 1e-6;
  double gamma = 0.25;
  double alpha = 2;  ///< β = α − 1
};

/// Which node gets which rule. Convolutions (transposed ones too) count for depth: that of a node
/// is the largest number of them on a way from the input to it, itself included.
struct Composite {
  std::string name;
  std::string about;   ///< one line: what it shows, and its source
  RuleSettings first;  ///< convolutions that read the network's input
  RuleSettings lower;  ///< all other nodes
  RuleSettings upper;  ///< nodes near the output: deeper than (1 − upper_share) of the deepest
  double upper_share = 0.2;
};

/// The composites that the literature recommends; the first is the default.
const std::vector<Composite>& composites();
/// Throws Error{usage} naming the known ones.
const Composite& find_composite(const std::string& name);

/// Smallest and largest value that each input channel can take; asked for by z_bounded alone.
struct InputBounds {
  std::vector<double> low;
  std::vector<double> high;
};

/// What became of the relevance of one node, summed over batch, channels and pixels:
/// arrived = passed_on + absorbed_by_bias + absorbed_by_stabiliser, but for rounding.
struct NodeRelevance {
  std::string name;
  std::string operation;
  double arrived = 0;
  double passed_on = 0;
  double absorbed_by_bias = 0;
  double absorbed_by_stabiliser = 0;
};

struct Relevance {
  at::Tensor input;   ///< [N, C, H, W] in the type and place of x
  at::Tensor output;  ///< the last node's value, [N, 1, H, W] logits for our networks
  /// Nodes that relevance reached, from the output down to the input. Gates get none.
  std::vector<NodeRelevance> nodes;
  // Sums over the batch: seeded = reached_input + absorbed_by_biases + absorbed_by_stabilisers, but
  // for rounding.
  double seeded = 0;
  double reached_input = 0;
  double absorbed_by_biases = 0;
  double absorbed_by_stabilisers = 0;
};

/// The relevance put on the last node's value, from that value; of its shape.
using Seed = std::function<at::Tensor(const at::Tensor& output)>;

/// One forward pass in float32 (in double when x is) and the way back.
///
/// x [N, C, H, W], H and W multiples of graph.stride(); the output and its seed are [N, 1, H, W]
/// for our networks. Pictures of a batch do not touch each other, and the result is linear in the
/// seed. Batch norms are folded first where the graph still has some after convolutions: hand in
/// graph.folded() when calling often. A batch holds all of its activations at once (about 70 MB a
/// 192 × 192 picture with the light network).
///
/// ReLU, ReLU6 and dropout pass relevance on; max pooling to the winner; concatenation splits;
/// sums, means, upsampling and remaining batch norms share as linear maps by the rule of their
/// depth. A product is a gate: relevance goes to the signal (its first input), none to the gate. A
/// sigmoid stands in gates; elsewhere it passes relevance on.
///
/// Throws Error{usage} where z_bounded is asked for without bounds for each channel, with values
/// of x beyond them, or anywhere but at convolutions that read the network's input directly;
/// Error{defect} when shapes do not fit.
Relevance propagate_relevance(const Graph& graph, const at::Tensor& x, const Seed& seed,
                              const Composite& composite, const InputBounds& bounds = {});
/// The same with a seed that is known beforehand.
Relevance propagate_relevance(const Graph& graph, const at::Tensor& x, const at::Tensor& seed,
                              const Composite& composite, const InputBounds& bounds = {});

}  // namespace dawson::nn
