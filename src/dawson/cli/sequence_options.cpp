#include "dawson/cli/sequence_options.h"

#include <algorithm>

#include "dawson/core/error.h"

namespace dawson::cli {
namespace {

struct Named {
  const char* option;
  const char* sequence;
};
constexpr Named named[] = {{"t1w", "T1w"}, {"t2w", "T2w"}};

std::string option_name(const Named& n) {
  return std::string("--") + n.option;
}

}  // namespace

Option sequences_option() {
  return {.name = "sequences",
          .unit = "LIST",
          .help =
              "Sequences that the network reads beside the FLAIR, where a scan has them: T1w, "
              "T2w, or T1w,T2w. They are found by their BIDS names and brought to the FLAIR."};
}

std::vector<std::string> named_sequences(const Context& context) {
  if (!context.has("sequences")) return {};
  return preprocessing::sequences_named(context.text("sequences"));
}

std::vector<Option> other_scan_options() {
  std::vector<Option> options;
  for (const Named& n : named) {
    options.push_back({.name = n.option,
                       .type = OptionType::path,
                       .unit = "FILE",
                       .help = std::string("The ") + n.sequence +
                               " of the same visit, for a model that reads it; of a tree it is "
                               "found by its BIDS name."});
  }
  return options;
}

void apply_other_scans(const Context& context, const segmentation::MethodFacts& method,
                       std::vector<workflow::SegmentJob>& jobs) {
  const std::vector<std::string>& read = method.sequences;
  for (const Named& n : named) {
    if (!context.has(n.option)) continue;
    if (jobs.size() != 1) {
      throw Error(ExitCode::usage, "belongs to one scan, and there are several", option_name(n),
                  "leave it out: beside the FLAIRs of a BIDS tree such scans are found by name");
    }
    if (std::find(read.begin(), read.end(), n.sequence) == read.end()) {
      throw Error(ExitCode::usage, "the model '" + method.name + "' does not read a " + n.sequence,
                  option_name(n), "leave it out, or choose a model that was trained with it");
    }
    const std::filesystem::path file = context.path(n.option);
    if (!std::filesystem::exists(file)) {
      throw Error(ExitCode::input, "does not exist", file.string());
    }
    jobs.front().others[n.sequence] = file;
  }
}

}  // namespace dawson::cli
