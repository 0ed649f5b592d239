// The composites by name. Those papers' networks end in dense layers, which get the rule of the
// upper nodes; in a segmentation network the last decoder levels stand for them.
#include "dawson/core/error.h"
#include "dawson/nn/relevance.h"

namespace dawson::nn {
namespace {

RuleSettings by(RelevanceRule rule) {
  RuleSettings settings;
  settings.rule = rule;
  return settings;
}

}  // namespace

const std::vector<Composite>& composites() {
  const RuleSettings epsilon = by(RelevanceRule::epsilon), plus = by(RelevanceRule::z_plus),
                     alpha_beta = by(RelevanceRule::alpha_beta), gamma = by(RelevanceRule::gamma),
                     flat = by(RelevanceRule::flat), box = by(RelevanceRule::z_bounded);
  static const std::vector<Composite> table{
      {"epsilon_plus_flat",
       "epsilon near the output, z_plus below, flat first (Kohlbrenner et al. 2020 with α = 1; "
       "Zennit's EpsilonPlusFlat, Anders et al. 2021)",
       flat, plus, epsilon},
      {"epsilon_plus",
       "epsilon near the output, z_plus below (Zennit's EpsilonPlus, Anders et al. 2021)", plus,
       plus, epsilon},
      {"epsilon_alpha2_beta1_flat",
       "epsilon near the output, α2β1 below, flat first (Kohlbrenner et al. 2020)", flat,
       alpha_beta, epsilon},
      {"epsilon_alpha2_beta1",
       "epsilon near the output, α2β1 below (Kohlbrenner et al. 2020 without its first layer)",
       alpha_beta, alpha_beta, epsilon},
      {"epsilon_gamma_box",
       "epsilon near the output, γ = 0.25 below, bounded inputs first (Montavon et al. 2019; "
       "Zennit's EpsilonGammaBox)",
       box, gamma, epsilon},
      {"epsilon_gamma", "epsilon near the output, γ = 0.25 below (Montavon et al. 2019)", gamma,
       gamma, epsilon},
      {"deep_taylor", "z_plus throughout, bounded inputs first (Montavon et al. 2017)", box, plus,
       plus},
      {"z_plus", "z_plus throughout (Montavon et al. 2017)", plus, plus, plus},
      {"epsilon",
       "epsilon throughout (Bach et al. 2015); gradient × input where activations are ReLU and "
       "biases zero",
       epsilon, epsilon, epsilon},
  };
  return table;
}

const Composite& find_composite(const std::string& name) {
  std::string known;
  for (const Composite& composite : composites()) {
    if (composite.name == name) return composite;
    known += (known.empty() ? "" : ", ") + composite.name;
  }
  throw Error(ExitCode::usage, "there is no composite \"" + name + "\"", "relevance",
              "known are " + known);
}

}  // namespace dawson::nn
