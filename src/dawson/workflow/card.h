// The card of a shipped model: what it is for, what it learned from, what it reached, its limits.
#pragma once

#include <string>
#include <vector>

#include "dawson/bundle/bundle.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/workflow/results_page.h"

namespace dawson::workflow {

std::string lesion_card(const bundle::Bundle& bundle, const evaluation::CohortResult& cohort,
                        const std::string& command_line);
std::string brain_card(const bundle::Bundle& bundle, const std::vector<BrainAgreement>& brains,
                       const std::string& command_line);

}  // namespace dawson::workflow
