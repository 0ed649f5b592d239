// What a network in training makes of slices it does not train on.
#pragma once

#include <filesystem>

namespace dawson::report {

/// True when the run has kept slices: those of a run with validation patients, from its first epoch
/// on.
bool has_validation_slices(const std::filesystem::path& run);

/// Draws `run`/validation/ (slices.npy, slices.json) into `run`/validation.png: each slice twice,
/// with the lesions drawn by hand and with those found. Throws Error{input} when the files are
/// damaged, Error{output} when the picture cannot be written.
void write_validation_slices(const std::filesystem::path& run);

}  // namespace dawson::report
