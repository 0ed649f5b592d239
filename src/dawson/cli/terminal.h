// How progress is shown: a bar for terminals, plain lines for pipes, JSON lines for programs.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "dawson/core/progress.h"

namespace dawson::cli {

/// `how`: bar, plain, json or none; auto is bar when `to_terminal`, else plain. With none, warnings
/// are still written.
std::unique_ptr<ProgressSink> make_sink(const std::string& how, bool to_terminal,
                                        std::ostream& out);

/// "4.2 s", "12 s", "2 min 05 s", "1 h 03 min".
std::string duration(double seconds);

/// Seconds still to go, from what is done; negative where nothing can be said yet.
double time_left(double elapsed_seconds, std::size_t done, std::size_t total);

}  // namespace dawson::cli
