// The rules of relevance propagation again, as plain loops over every single contribution: slow,
// and near to the formulas of nn/relevance.h. Contributions are found by running the operation
// forward on one element at a time, so that nothing of the way back under test is used.
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "dawson/nn/operation.h"

namespace reference {

using dawson::nn::InputBounds;
using dawson::nn::Node;
using dawson::nn::Operation;
using dawson::nn::RelevanceRule;
using dawson::nn::RuleSettings;

/// w[k][i], over the elements i of all inputs one after the other, x_i and b_k: z_k = Σ w x + b.
struct Dense {
  std::vector<std::vector<double>> w;
  std::vector<double> x, b, z;
  std::vector<int> channel;  // of each i
  int pictures = 0;
};

inline std::vector<double> flat_values(const at::Tensor& t) {
  const at::Tensor plain = t.detach().to(at::kDouble).contiguous();
  const double* first = plain.data_ptr<double>();
  return {first, first + plain.numel()};
}

/// `inputs` in double. Only for operations that are linear in all inputs together.
inline Dense dense(const Operation& operation, const Node& node,
                   const std::vector<at::Tensor>& inputs) {
  Dense made;
  std::vector<at::Tensor> probe;
  for (const at::Tensor& input : inputs) {
    probe.push_back(input.detach().mul(0).contiguous());
    const std::vector<double> values = flat_values(input);
    made.x.insert(made.x.end(), values.begin(), values.end());
    const std::int64_t plane = input.size(2) * input.size(3);
    for (std::int64_t i = 0; i < input.numel(); ++i) {
      made.channel.push_back(static_cast<int>(i / plane % input.size(1)));
    }
  }
  made.pictures = static_cast<int>(inputs[0].size(0));
  made.z = flat_values(operation.forward(node, inputs, {}));
  made.b = flat_values(operation.forward(node, probe, {}));
  made.w.assign(made.z.size(), {});
  for (at::Tensor& input : probe) {
    for (std::int64_t i = 0; i < input.numel(); ++i) {
      input.data_ptr<double>()[i] = 1;
      const std::vector<double> one = flat_values(operation.forward(node, probe, {}));
      input.data_ptr<double>()[i] = 0;
      for (std::size_t k = 0; k < one.size(); ++k) made.w[k].push_back(one[k] - made.b[k]);
    }
  }
  return made;
}

struct Shared {
  std::vector<double> inputs;
  double bias = 0, stabiliser = 0;
};

/// One neuron's relevance r among its contributions `c`, the bias last; `delta` the stabiliser.
inline double share_neuron(const std::vector<double>& c, double z, double r, double delta,
                           const RuleSettings& rule, std::vector<double>& shares) {
  const double sign = z < 0 ? -1 : 1;
  double own = 0, against = 0;
  for (const double v : c) (v * sign > 0 ? own : against) += v;
  double a = 1, b = 1, denominator = z;  // own and opposing contributions over the denominator
  if (rule.rule == RelevanceRule::z_plus) {
    b = 0, denominator = own;
  } else if (rule.rule == RelevanceRule::gamma) {
    a = 1 + rule.gamma, denominator = z + rule.gamma * own;
  } else if (rule.rule == RelevanceRule::alpha_beta) {
    const bool opposed = std::abs(against) > delta;
    a = opposed ? rule.alpha : 1, denominator = own;
    b = opposed ? -(rule.alpha - 1) * (own + sign * delta) / against : 0;
  }
  denominator += sign * delta;
  double handed = 0;
  shares.assign(c.size(), 0);
  for (std::size_t i = 0; i < c.size(); ++i) {
    shares[i] = (c[i] * sign > 0 ? a : b) * c[i] / denominator * r;
    handed += shares[i];
  }
  return r - handed;
}

/// `evenly`: whether flat gives each input seen the same (operations with weights), or its weight.
inline Shared share(const Dense& d, const std::vector<double>& r, const RuleSettings& rule,
                    bool evenly, const InputBounds& bounds) {
  Shared result;
  result.inputs.assign(d.x.size(), 0);
  const std::size_t per_picture = d.z.size() / static_cast<std::size_t>(d.pictures);
  std::vector<double> shares;
  for (std::size_t k = 0; k < d.z.size(); ++k) {
    const std::size_t first = k / per_picture * per_picture;
    double squares = 0;
    for (std::size_t j = first; j < first + per_picture; ++j) squares += d.z[j] * d.z[j];
    double delta = rule.epsilon * std::sqrt(squares / static_cast<double>(per_picture));
    RuleSettings plain = rule;
    double z = d.z[k], bias = d.b[k];
    std::vector<double> c(d.x.size() + 1, 0);
    for (std::size_t i = 0; i < d.x.size(); ++i) {
      const double w = d.w[k][i];
      if (rule.rule == RelevanceRule::flat) {
        c[i] = evenly ? (w != 0 ? 1 : 0) : w;
      } else if (rule.rule == RelevanceRule::z_bounded) {
        const auto channel = static_cast<std::size_t>(d.channel[i]);
        c[i] = d.x[i] * w - bounds.low[channel] * std::max(w, 0.0) -
               bounds.high[channel] * std::min(w, 0.0);
      } else {
        c[i] = d.x[i] * w;
      }
    }
    if (rule.rule == RelevanceRule::flat || rule.rule == RelevanceRule::z_bounded) {
      plain.rule = RelevanceRule::epsilon;
      bias = delta = z = 0;
      for (const double v : c) z += v;
    }
    c.back() = bias;
    result.stabiliser += share_neuron(c, z, r[k], delta, plain, shares);
    result.bias += shares.back();
    for (std::size_t i = 0; i < d.x.size(); ++i) result.inputs[i] += shares[i];
  }
  return result;
}

}  // namespace reference
