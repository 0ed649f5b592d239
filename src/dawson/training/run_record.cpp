#include "dawson/training/run_record.h"

#include <algorithm>

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

constexpr std::size_t most_named = 4;

void collect(const core::Json& a, const core::Json& b, const std::string& path,
             std::vector<std::string>& out) {
  if (a == b) return;
  if (!a.is_object() || !b.is_object()) {
    out.push_back(path);
    return;
  }
  const auto below = [&](const std::string& key) { return path.empty() ? key : path + "." + key; };
  for (const auto& [key, value] : a.items()) {
    if (b.contains(key)) {
      collect(value, b.at(key), below(key), out);
    } else {
      out.push_back(below(key));
    }
  }
  for (const auto& [key, value] : b.items()) {
    if (!a.contains(key)) out.push_back(below(key));
  }
}

/// "a, b, c and 3 more"
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t n = 0; n < std::min(names.size(), most_named); ++n) {
    text += (n == 0 ? "" : ", ") + names[n];
  }
  if (names.size() > most_named) {
    text += " and " + std::to_string(names.size() - most_named) + " more";
  }
  return text;
}

}  // namespace

std::vector<std::string> differences(const core::Json& a, const core::Json& b) {
  std::vector<std::string> names;
  collect(a, b, "", names);
  return names;
}

void require_same_run(const std::filesystem::path& run, const core::Json& record,
                      bool change_device) {
  const core::Json before = core::read_json(run / "settings.json");
  const auto part = [](const core::Json& json, const char* name) {
    return json.value(name, core::Json::object());
  };
  const auto refuse = [&](const char* name, const std::string& what) {
    std::vector<std::string> names = differences(part(before, name), part(record, name));
    // The same weights under another name are the same weights.
    const auto moved = std::find(names.begin(), names.end(), "encoder_weights.file");
    if (moved != names.end()) names.erase(moved);
    const auto device = std::find(names.begin(), names.end(), "device");
    if (device != names.end() && change_device) names.erase(device);
    if (names.empty()) return;
    const bool device_alone = names == std::vector<std::string>{"device"};
    throw Error(ExitCode::usage, "the run was started with " + what + ": " + listed(names),
                run.string(),
                device_alone ? "resume on the same kind of device, or give --change-device"
                             : "resume with the same, or choose another output");
  };
  refuse("settings", "other settings");
  refuse("init", "another model to fine-tune");
  refuse("data", "other scans");
  refuse("scans", "other content of these scans");
}

}  // namespace dawson::training
