// Runs command lines in this process against commands made for a test.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "dawson/cli/run.h"

namespace dawson::cli {

struct Outcome {
  int code = 0;
  std::string out;
  std::string reports;
};

inline Outcome run_line(const std::vector<std::string>& arguments,
                        const std::vector<Command>& commands,
                        std::vector<const char*> environment = {},
                        const std::atomic<bool>* cancel = nullptr) {
  environment.push_back(nullptr);
  std::ostringstream out;
  std::ostringstream reports;
  const int code = run(arguments, commands, {out, reports, environment.data(), cancel});
  return {code, out.str(), reports.str()};
}

}  // namespace dawson::cli
