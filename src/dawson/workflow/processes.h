// Programs run side by side, each on its own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dawson/core/progress.h"

namespace dawson::workflow {

struct Launch {
  std::vector<std::string> arguments;  ///< the program first
  std::filesystem::path log;           ///< its standard output and error are added to it
};

struct Ended {
  bool done = false;
  std::string reason;  ///< "exit code 6: there is not enough memory …", "killed by signal 9", …
  double seconds = 0;
  int exit_code = 0;  ///< where it ended by itself
};

/// The last line of a log: what dawson said when it ended.
std::string last_line(const std::filesystem::path& log);

/// Runs all, `jobs` at a time; `ended(index, how)` as each ends. One that takes longer than
/// `limit_s` (0: no limit) is stopped, and so are all when the work is cancelled, `ended` throws,
/// or this process dies, however it does (SIGTERM then). Throws Error{interrupted}, Error{output}
/// where a log cannot be written, and what `ended` throws.
void run_side_by_side(const std::vector<Launch>& launches, int jobs, double limit_s,
                      Progress& progress, const std::function<void(std::size_t, Ended)>& ended);

}  // namespace dawson::workflow
