// What the options of crossval mean for what is trained.
#pragma once

#include "dawson/cli/command.h"
#include "dawson/workflow/crossval.h"

namespace dawson::cli {

/// Method, recipe and both networks' training, without data, split and output. Throws Error{usage}
/// for options that exclude each other, and as training::require_trainable: before hours of
/// preparing.
workflow::CrossvalSettings trained_settings(const Context& crossval);

}  // namespace dawson::cli
