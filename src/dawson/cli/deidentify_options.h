// The options of import that take out what identifies persons, and look whether it is out.
#pragma once

#include <vector>

#include "dawson/cli/command.h"
#include "dawson/dataset/survey.h"

namespace dawson::cli {

std::vector<Option> deidentify_options();

/// Throws Error{usage} where one of these options is given that needs another.
void require_consistent_deidentification(const Context& context);

/// Of --new-key, --open-crosswalk and --verify-deidentified, the one that is given: does it. False
/// where none is.
bool did_without_import(Context& context, ExitCode& code);

/// Imports what `survey` found (to BIDS), or the folder of --input itself (to DICOM), as
/// --deidentify asks.
ExitCode import_deidentified(Context& context, const dataset::Survey* survey);

}  // namespace dawson::cli
