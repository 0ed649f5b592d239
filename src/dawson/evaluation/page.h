// One page of a cohort's figures. Private to this room.
#pragma once

#include <filesystem>

#include "dawson/evaluation/cohort.h"

namespace dawson::evaluation {

/// A page that needs nothing beside it: means with intervals overall and per site, then the cases.
/// Throws Error{output}.
void write_page(const std::filesystem::path& file, const CohortResult& cohort,
                const core::Json& summary);

}  // namespace dawson::evaluation
