// The rules of layer-wise relevance propagation, for any linear map.
//
// All rules but flat and z_bounded are sums of terms: a term gives each neuron k a strength s_k
// (relevance per unit of contribution) and weighs the contributions of the neuron's own sign and
// those against it by two numbers. x_i Σ_k s_k w_ik is then taken apart by the signs of x, w and z;
// parts that are empty (a ReLU leaves no negative x) are never reckoned.
#include "dawson/nn/relevance_rules.h"

#include <ATen/ops/copysign.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <optional>

#include "dawson/core/error.h"

namespace dawson::nn {
namespace {

struct Term {
  at::Tensor strength;  // like the neurons' values
  double own = 1;       // weight of contributions that have the neuron's sign
  double against = 1;
};

/// Those that are below zero and have relevance; undefined when there is none.
struct Neurons {
  at::Tensor below;
};

/// Sums of a node's positive and of its negative contributions, biases among them; made on demand.
struct Contributions {
  std::function<at::Tensor()> positive;
  std::function<at::Tensor()> negative;
};

at::Tensor positive(const at::Tensor& t) {
  return t.clamp_min(0);
}
at::Tensor negative(const at::Tensor& t) {
  return t.clamp_max(0);
}
/// amin, because min() first copies what is stored channels_last.
bool has_negative(const at::Tensor& t) {
  return t.amin().item<double>() < 0;
}
double sum(const at::Tensor& t) {
  return t.sum().item<double>();
}
at::Tensor by_channel(const at::Tensor& t) {
  return t.view({1, -1, 1, 1});
}

/// [N, 1, 1, 1]: what keeps denominators from zero. A picture's own, so that a batch is no more
/// than its pictures. A node that is zero all over has no scale: there 1 takes the relevance in.
at::Tensor stabiliser(const at::Tensor& z, double epsilon) {
  constexpr double floor = 1e-20;
  const double per_picture = static_cast<double>(z.numel()) / static_cast<double>(z.size(0));
  const at::Tensor norm = at::linalg_vector_norm(z, 2, at::IntArrayRef{1, 2, 3}, /*keepdim=*/true);
  return norm.mul(epsilon / std::sqrt(per_picture)).clamp_min_(floor).masked_fill_(norm.eq(0), 1);
}

/// Relevance per unit of the denominator, and what the stabiliser takes of it.
struct Divided {
  at::Tensor strength;
  double stabiliser;
};
Divided divide(const at::Tensor& relevance, const at::Tensor& denominator, const at::Tensor& by) {
  at::Tensor shift = at::copysign(by, denominator);
  at::Tensor strength = relevance.div(denominator.add(shift));
  return {strength, sum(shift.mul_(strength))};
}

Neurons look_at(const Arrived& arrived) {
  // Epsilon makes no difference between the signs.
  if (arrived.rule.rule == RelevanceRule::epsilon) return {};
  if (!has_negative(arrived.relevance.abs().mul_(arrived.output))) return {};
  return {arrived.output.lt(0)};
}

/// Σ of the contributions with the neuron's own sign. Where z < 0 the difference is the larger of
/// the two, so that nothing is lost to cancellation.
at::Tensor own_sum(const at::Tensor& positive_sum, const at::Tensor& z, const Neurons& neurons) {
  if (!neurons.below.defined()) return positive_sum;
  return at::where(neurons.below, z.sub(positive_sum), positive_sum);
}

struct Reckoned {
  std::vector<Term> terms;
  double stabiliser = 0;
};

Reckoned reckon_alpha_beta(const Arrived& arrived, const Neurons& neurons,
                           const Contributions& sums, const at::Tensor& by) {
  const double alpha = arrived.rule.alpha, beta = alpha - 1;
  const at::Tensor up = sums.positive();
  const at::Tensor down = sums.negative();
  const at::Tensor against = neurons.below.defined() ? at::where(neurons.below, up, down) : down;
  const at::Tensor opposed = against.abs().gt(by);
  const at::Tensor& r = arrived.relevance;
  auto [own, absorbed] =
      divide(at::where(opposed, r.mul(alpha), r), own_sum(up, arrived.output, neurons), by);
  const at::Tensor opposing =
      r.mul(-beta).div_(at::where(opposed, against, at::ones_like(against))).mul_(opposed);
  return {{{own, 1, 0}, {opposing, 0, 1}}, absorbed};
}

Reckoned reckon(const Arrived& arrived, const Neurons& neurons, const Contributions& sums) {
  const at::Tensor& z = arrived.output;
  const RuleSettings& rule = arrived.rule;
  const at::Tensor by = stabiliser(arrived.whole, rule.epsilon);
  if (rule.rule == RelevanceRule::alpha_beta) {
    return reckon_alpha_beta(arrived, neurons, sums, by);
  }
  at::Tensor denominator = z;
  Term term;
  if (rule.rule == RelevanceRule::z_plus) {
    denominator = own_sum(sums.positive(), z, neurons);
    term.against = 0;
  } else if (rule.rule == RelevanceRule::gamma) {
    denominator = z.add(own_sum(sums.positive(), z, neurons), rule.gamma);
    term.own = 1 + rule.gamma;
  }
  auto [strength, absorbed] = divide(arrived.relevance, denominator, by);
  term.strength = std::move(strength);
  return {{term}, absorbed};
}

/// A term's strength at the neurons above or below zero; undefined when there is none.
at::Tensor on_side(const Term& term, const Neurons& neurons, bool above) {
  if (!neurons.below.defined()) return above ? term.strength : at::Tensor();
  return above ? term.strength.masked_fill(neurons.below, 0) : term.strength.mul(neurons.below);
}

/// The weights with which inputs of one sign reach neurons of one sign: where the signs agree, a
/// positive weight makes an own contribution.
at::Tensor weigh(const at::Tensor& weight, const Term& term, bool agree) {
  if (term.own == term.against) return term.own == 1 ? weight : weight.mul(term.own);
  const double up = agree ? term.own : term.against;
  const double down = agree ? term.against : term.own;
  return positive(weight).mul_(up).add_(negative(weight), down);
}

/// x_i Σ_k s_k w_ik, its contributions weighed by the terms.
at::Tensor distribute(const LinearMap& map, const at::Tensor& x, const std::vector<Term>& terms,
                      const Neurons& neurons) {
  at::Tensor result;
  const auto collect = [&](const at::Tensor& part, const at::Tensor& s, const at::Tensor& weight) {
    const bool none = weight.numel() == 1 && weight.item<double>() == 0;
    if (!s.defined() || none) return;
    const at::Tensor share = part.mul(map.adjoint(s, weight));
    result = result.defined() ? result.add_(share) : share;
  };
  std::optional<bool> is_signed;
  for (const Term& term : terms) {
    if (term.own == term.against) {
      collect(x, term.strength, weigh(map.weight, term, true));
      continue;
    }
    if (!is_signed) is_signed = has_negative(x);
    for (const bool above : {true, false}) {
      const at::Tensor s = on_side(term, neurons, above);
      collect(*is_signed ? positive(x) : x, s, weigh(map.weight, term, above));
      if (*is_signed) collect(negative(x), s, weigh(map.weight, term, !above));
    }
  }
  return result.defined() ? result : at::zeros_like(x);
}

/// Σ_k s_k b_k, the bias weighed like any contribution.
double absorbed_by_bias(const at::Tensor& bias, const std::vector<Term>& terms,
                        const Neurons& neurons) {
  if (!bias.defined()) return 0;
  double absorbed = 0;
  for (const Term& term : terms) {
    for (const bool above : {true, false}) {
      const at::Tensor s = on_side(term, neurons, above);
      if (!s.defined()) continue;
      absorbed += sum(s.sum(at::IntArrayRef{0, 2, 3}).mul_(weigh(bias, term, above)));
    }
  }
  return absorbed;
}

/// The same share to every input that a neuron sees; padding is not one.
Shares share_evenly(const LinearMap& map, const Arrived& arrived) {
  const at::Tensor ones = at::ones_like(map.weight);
  const at::Tensor seen = map.apply(at::ones_like(arrived.inputs[0]), ones);
  // A neuron that sees padding alone has nobody to hand its relevance to.
  const at::Tensor blind = seen.le(0);
  const double lost = sum(arrived.relevance.mul(blind));
  const at::Tensor strength = arrived.relevance.div(seen).masked_fill_(blind, 0);
  return {{map.adjoint(strength, ones)}, 0, lost};
}

at::Tensor channel_values(const std::vector<double>& values, const at::Tensor& like) {
  return by_channel(at::tensor(values, at::TensorOptions(at::kDouble)).to(like.options()));
}

Shares share_bounded(const LinearMap& map, const Arrived& arrived) {
  const at::Tensor& x = arrived.inputs[0];
  const at::Tensor above_low = x.sub(channel_values(arrived.bounds.low, x));
  const at::Tensor below_high = x.sub(channel_values(arrived.bounds.high, x));
  const at::Tensor up = positive(map.weight), down = negative(map.weight);
  const at::Tensor z = map.apply(above_low, up).add_(map.apply(below_high, down));
  auto [s, absorbed] = divide(arrived.relevance, z, stabiliser(z, arrived.rule.epsilon));
  const at::Tensor share = above_low.mul(map.adjoint(s, up));
  return {{share.add(below_high.mul(map.adjoint(s, down)))}, 0, absorbed};
}

}  // namespace

Shares share_linearly(const LinearMap& map, const Arrived& arrived) {
  if (arrived.rule.rule == RelevanceRule::flat) return share_evenly(map, arrived);
  if (arrived.rule.rule == RelevanceRule::z_bounded) return share_bounded(map, arrived);
  const at::Tensor& x = arrived.inputs[0];
  const Neurons neurons = look_at(arrived);
  // Contributions of one sign: positive x with weights of that sign, negative x with the others.
  const auto sum_of = [&](bool up) {
    const auto part = [&](const at::Tensor& t, bool above) {
      return above ? positive(t) : negative(t);
    };
    const bool both = has_negative(x);
    at::Tensor total = map.apply(both ? positive(x) : x, part(map.weight, up));
    if (both) total.add_(map.apply(negative(x), part(map.weight, !up)));
    if (map.bias.defined()) total.add_(by_channel(part(map.bias, up)));
    return total;
  };
  const Reckoned reckoned =
      reckon(arrived, neurons, {[&] { return sum_of(true); }, [&] { return sum_of(false); }});
  return {{distribute(map, x, reckoned.terms, neurons)},
          absorbed_by_bias(map.bias, reckoned.terms, neurons),
          reckoned.stabiliser};
}

Shares share_sum(const Arrived& arrived) {
  Shares shares;
  if (arrived.rule.rule == RelevanceRule::flat) {
    const at::Tensor even = arrived.relevance.div(static_cast<double>(arrived.inputs.size()));
    shares.inputs.assign(arrived.inputs.size(), even);
    return shares;
  }
  const auto keep = [](const at::Tensor& t, const at::Tensor& weight) {
    const double factor = weight.item<double>();
    return factor == 1 ? t : t.mul(factor);
  };
  const LinearMap itself{at::ones({}, arrived.output.options()), {}, keep, keep};
  const Neurons neurons = look_at(arrived);
  const auto sum_of = [&](const auto& part) {
    at::Tensor total = part(arrived.inputs[0]);
    for (std::size_t i = 1; i < arrived.inputs.size(); ++i) total.add_(part(arrived.inputs[i]));
    return total;
  };
  const Reckoned reckoned = reckon(
      arrived, neurons, {[&] { return sum_of(positive); }, [&] { return sum_of(negative); }});
  for (const at::Tensor& input : arrived.inputs) {
    shares.inputs.push_back(distribute(itself, input, reckoned.terms, neurons));
  }
  shares.stabiliser = reckoned.stabiliser;
  return shares;
}

}  // namespace dawson::nn
