// One page of a cohort's figures, with its plots.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/cohort.h"

namespace dawson::report {

/// Writes into an existing folder (as AtomicFolder::temporary() is) `index.html`, which needs
/// nothing beside it, and each plot as plots/NAME.png and plots/NAME.svg. `summary` is what
/// evaluation::summary_of made of the cohort; what it does not hold, the page does not say.
/// A plot that the cohort has no figures for is left out, and the page says why.
/// The same input gives the same bytes. Throws Error{output}.
void write_evaluation_page(const evaluation::CohortResult& cohort, const core::Json& summary,
                           const std::filesystem::path& folder);

/// The names that write_evaluation_page makes in the folder, for AtomicFolder::claim.
std::vector<std::string> evaluation_page_names();

}  // namespace dawson::report
