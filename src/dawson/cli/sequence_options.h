// Options that name the sequences read beside the FLAIR.
#pragma once

#include <string>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/workflow/segment.h"

namespace dawson::cli {

/// --sequences of what prepares training scans.
Option sequences_option();
/// As a recipe wants them. Throws Error{usage} for a name that is none.
std::vector<std::string> named_sequences(const Context& context);

/// --t1w and --t2w of one scan.
std::vector<Option> other_scan_options();
/// Gives the scan of the one job those files, in place of what lies beside it. Throws Error{usage}
/// where there are several scans, or the model does not read the sequence.
void apply_other_scans(const Context& context, const segmentation::MethodFacts& method,
                       std::vector<workflow::SegmentJob>& jobs);

}  // namespace dawson::cli
