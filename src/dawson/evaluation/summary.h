// The summary with a fairness table that is known already. Private to this room.
#pragma once

#include <vector>

#include "dawson/evaluation/fairness.h"

namespace dawson::evaluation {

/// summary_of, which works out `fairness` first: it is wanted as a table too, and costly.
core::Json summary_with(const CohortResult& cohort, const core::Json& about,
                        const std::vector<FairnessRow>& fairness,
                        const BootstrapSettings& settings);

}  // namespace dawson::evaluation
