#include "dawson/workflow/ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/workflow/search_identity.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::Json;

constexpr int format = 2;

/// Throws where the ledger's first line is not what this search begins its ledger with.
void require_same(const Json& found, const Json& wanted, const fs::path& file) {
  const bool same_version =
      found.at("format") == format && found.value("dawson", "") == wanted.value("dawson", "");
  const std::string differ = differences(found, wanted);
  if (same_version && differ.empty()) return;
  const std::string what = same_version
                               ? "is the ledger of another search, which differs in " + differ
                               : "is the ledger of another version of dawson";
  throw Error(ExitCode::usage, what, file.string(), "choose another output folder");
}

TrialOutcome outcome_of(const Json& line) {
  TrialOutcome outcome;
  outcome.done = line.at("done").get<bool>();
  outcome.reason = line.at("reason").get<std::string>();
  outcome.seconds = line.at("seconds").get<double>();
  if (!outcome.done) return outcome;
  outcome.dice = line.at("dice").get<double>();
  outcome.lesion_f1 = line.at("lesion_f1").get<double>();
  outcome.false_lesions = line.at("false_lesions").get<double>();
  for (const auto& [patient, score] : line.at("scores").items()) {
    outcome.scores.emplace(patient, score.get<double>());
  }
  return outcome;
}

}  // namespace

Ledger::Ledger(fs::path file, const Json& identity) : file_(std::move(file)) {
  std::string text;
  if (std::ifstream in(file_, std::ios::binary); in) {
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole < text.size()) fs::resize_file(file_, whole);
  Json header = {{"format", format}};
  header.update(identity);
  if (whole == 0) {
    append(header.dump());
    return;
  }
  int number = 0;
  for (std::size_t begin = 0; begin < whole;) {
    const std::size_t end = text.find('\n', begin);
    ++number;
    try {
      const Json line = Json::parse(text.substr(begin, end - begin));
      if (number == 1) {
        require_same(line, header, file_);
      } else {
        outcomes_[{line.at("trial").get<std::size_t>(), line.at("rung").get<std::size_t>()}] =
            outcome_of(line);
      }
    } catch (const Json::exception&) {
      throw Error(ExitCode::input, "line " + std::to_string(number) + " is damaged", file_.string(),
                  "delete it; its trial is run again");
    }
    begin = end + 1;
  }
}

const TrialOutcome* Ledger::find(std::size_t trial, std::size_t rung) const {
  const auto found = outcomes_.find({trial, rung});
  return found == outcomes_.end() ? nullptr : &found->second;
}

void Ledger::forget_failed() {
  std::erase_if(outcomes_, [](const auto& known) { return !known.second.done; });
}

void Ledger::write(std::size_t trial, std::size_t rung, const TrialOutcome& outcome) {
  Json line = {{"trial", trial},
               {"rung", rung},
               {"done", outcome.done},
               {"reason", outcome.reason},
               {"seconds", outcome.seconds}};
  if (outcome.done) {
    line["dice"] = outcome.dice;
    line["lesion_f1"] = outcome.lesion_f1;
    line["false_lesions"] = outcome.false_lesions;
    line["scores"] = Json::object();
    for (const auto& [patient, score] : outcome.scores) line["scores"][patient] = score;
  }
  append(line.dump(-1, ' ', false, Json::error_handler_t::replace));
  outcomes_[{trial, rung}] = outcome;
}

void Ledger::append(const std::string& line) {
  const std::string text = line + "\n";
  const int file = open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  bool written = file >= 0;
  for (std::size_t begin = 0; written && begin < text.size();) {
    const ssize_t some = ::write(file, text.data() + begin, text.size() - begin);
    if (some <= 0) {
      written = false;
    } else {
      begin += static_cast<std::size_t>(some);
    }
  }
  if (file >= 0) {
    written = fsync(file) == 0 && written;
    close(file);
  }
  if (!written) {
    throw Error(ExitCode::output, "cannot be written (is the disk full?)", file_.string(),
                "make room and give the same command again");
  }
}

}  // namespace dawson::workflow
