// One page that tells what a cross-validation found: Markdown, from its measures.
#pragma once

#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/cohort.h"

namespace dawson::workflow {

/// How a predicted brain mask agrees with a manual one.
struct BrainAgreement {
  std::string name, patient;
  double dice = 0;
  double volume_error_percent = 0;  ///< predicted less manual, of the manual
};

/// Mean over patients of the volume error without its sign; NaN without patients.
double mean_volume_error_percent(const std::vector<BrainAgreement>& brains);

/// Overall with 95 % intervals, per site, per scan, and the brain masks. Every table says n.
std::string results_page(const evaluation::CohortResult& cohort,
                         const std::vector<BrainAgreement>& brains, const core::Json& decisions,
                         const std::string& command_line);

/// The lines of a model's card that state its figures: overall and per site.
std::string figures_for_card(const evaluation::CohortResult& cohort);

}  // namespace dawson::workflow
