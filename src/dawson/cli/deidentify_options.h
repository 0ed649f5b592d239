// The options of import that take out what identifies persons, and look whether it is out.
#pragma once

#include <optional>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/core/secret_key.h"
#include "dawson/dataset/survey.h"

namespace dawson::cli {

std::vector<Option> deidentify_options();

/// Throws Error{usage} where `place` is `around` or lies in it.
void require_apart(const std::filesystem::path& around, const std::filesystem::path& place);

/// Throws Error{usage} where one of these options is given that needs another.
void require_consistent_deidentification(const Context& context);

/// Does what --new-key, --open-crosswalk or --verify-deidentified asks for; nothing where none is
/// given.
std::optional<ExitCode> without_import(Context& context);

/// Imports what `survey` found (to BIDS), or the folder of --input itself (to DICOM), as
/// --deidentify asks.
ExitCode import_deidentified(Context& context, const core::SecretKey& key,
                             const dataset::Survey* survey);

/// That of --key, or one that is forgotten. Throws Error{input} as core::SecretKey::read.
core::SecretKey key_of(const Context& context);

}  // namespace dawson::cli
