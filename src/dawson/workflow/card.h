// The card of a shipped model: what it is for, what it learned from, what it reached, its limits.
#pragma once

#include <string>
#include <vector>

#include "dawson/bundle/bundle.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/workflow/results_page.h"

namespace dawson::workflow {

/// Both read from the bundle's provenance what it was trained on and began with: "settings",
/// "data", "iterations" as a run writes them (or "members", each with its own), and, where they are
/// there, "init", "folds" (how many the figures are of) and "derived" (count_derived). `cohort` and
/// `brains` are the figures of the folds, `command_line` is what made them. Markdown.
std::string lesion_card(const bundle::Bundle& bundle, const evaluation::CohortResult& cohort,
                        const std::string& command_line);
std::string brain_card(const bundle::Bundle& bundle, const std::vector<BrainAgreement>& brains,
                       const std::string& command_line);

}  // namespace dawson::workflow
