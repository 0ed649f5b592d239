// The options that say which patients are held out together.
#pragma once

#include "dawson/cli/command.h"
#include "dawson/dataset/folds.h"

namespace dawson::cli {

Option folds_option();
Option leave_site_out_option();

/// The split that --folds names, or one that leaves a site out. Throws Error{usage} when neither or
/// both are given, and as dataset::read_folds.
dataset::Folds split(const Context& context);

}  // namespace dawson::cli
