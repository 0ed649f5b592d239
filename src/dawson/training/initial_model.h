// A finished model as the beginning of another run.
#pragma once

#include <filesystem>
#include <string>

#include "dawson/bundle/bundle.h"
#include "dawson/core/json.h"
#include "dawson/core/progress.h"

namespace dawson::training {

/// Opens the bundle and sees that a cache of this recipe and target can go on with it: the same
/// target, and the same recipe but for the brain model, whose change is only warned of. Throws
/// Error{model} (no bundle, damaged) and Error{input} naming the first thing that differs.
bundle::Bundle open_initial(const std::filesystem::path& folder, const core::Json& recipe,
                            const std::string& target, Progress& progress);

/// Where it comes from, for settings.json, provenance and card: name, version, SHA-256 of the
/// weights, the patients it was trained on, and the same of what it was itself begun with.
core::Json lineage_of(const bundle::Bundle& initial);

/// The patients that a model with this lineage has seen in training or validation, in any run.
std::vector<std::string> patients_seen(const core::Json& lineage);

/// The lineage as a paragraph of a card, newest first.
std::string lineage_text(const core::Json& lineage);

}  // namespace dawson::training
