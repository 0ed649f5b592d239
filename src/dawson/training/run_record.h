// settings.json: what a run is, and whether another call means the same run.
#pragma once

#include <filesystem>
#include <string>

#include "dawson/core/json.h"

namespace dawson::training {

/// Dotted paths of the values that differ, "augmentation.noise", in the order of `a`, then those
/// that only `b` has.
std::vector<std::string> differences(const core::Json& a, const core::Json& b);

/// Throws Error{usage} naming what differs unless run/settings.json holds this record: its parts
/// are "settings", "data", "scans" and, for a fine-tuned model, "init". With `change_device` the
/// kind of device may be another. The encoder's weights are known by their SHA-256: their file may
/// have got another name.
void require_same_run(const std::filesystem::path& run, const core::Json& record,
                      bool change_device = false);

}  // namespace dawson::training
