// From a command line to an exit code: the only place that turns errors into words.
#pragma once

#include <atomic>
#include <iosfwd>
#include <string>
#include <vector>

#include "dawson/cli/command.h"

namespace dawson::cli {

/// What a run may touch outside of itself; tests give their own.
struct Surroundings {
  std::ostream& out;                ///< data
  std::ostream& reports;            ///< progress, warnings, errors
  const char* const* environment;   ///< "NAME=value", null-terminated
  const std::atomic<bool>* cancel;  ///< may be null
  bool reports_to_terminal = false;
};

/// Runs one command line (without the program's name) and returns the exit code. Never throws:
/// an Error is one sentence on `reports` and its code, lack of memory is 6, anything else 70.
int run(const std::vector<std::string>& arguments, const std::vector<Command>& commands,
        const Surroundings& surroundings);

/// main() of the dawson program: prepares the process (threads' environment, memory, Ctrl-C) and
/// runs.
int dawson_main(int argc, char** argv);

}  // namespace dawson::cli
