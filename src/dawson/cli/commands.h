// Every command there is. To add one: a line here, a line in commands.cpp, and its file NAME.cpp.
#pragma once

#include <vector>

#include "dawson/cli/command.h"

namespace dawson::cli {

Command crossval_command();
Command tune_command();
Command derive_command();
Command evaluate_command();
Command explain_command();
Command import_command();
Command models_command();
Command phantom_command();
Command prepare_command();
Command qc_command();
Command reference_command();
Command report_command();
Command segment_command();
Command split_command();
Command train_command();

/// In the order of the overview.
const std::vector<Command>& all_commands();

}  // namespace dawson::cli
