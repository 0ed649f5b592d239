#include "dawson/cli/commands.h"

namespace dawson::cli {

const std::vector<Command>& all_commands() {
  // A line a command, so that adding one touches no other.
  // clang-format off
  static const std::vector<Command> commands = {
#ifndef DAWSON_TRAINING_ONLY  // a training build has train and models alone
      segment_command(),
      report_command(),
      evaluate_command(),
      explain_command(),
      import_command(),
      qc_command(),
      split_command(),
      prepare_command(),
      crossval_command(),
      tune_command(),
      derive_command(),
      phantom_command(),
#endif
      train_command(),
      models_command(),
      reference_command(),
  };
  // clang-format on
  return commands;
}

}  // namespace dawson::cli
