// How a training run went, as one picture.
#pragma once

#include <filesystem>

namespace dawson::report {

/// Draws `run`/history.tsv into `run`/history.png: the loss (and its parts), what was measured on
/// validation patients where the table has it, and the learning rate, over the iterations.
/// Throws Error{input} when there is no such table, it has no column `iteration` and `loss`, or no
/// row; Error{output} when the picture cannot be written.
void write_history(const std::filesystem::path& run);

}  // namespace dawson::report
