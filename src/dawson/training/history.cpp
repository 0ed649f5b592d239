#include "dawson/training/history.h"

#include <cstdlib>

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

constexpr const char* file_name = "history.tsv";

std::vector<core::Column> columns() {
  return {
      {"iteration", "iterations done"},
      {"seconds", "wall time of this epoch"},
      {"learning_rate", "at its end"},
      {"loss", "weighted sum, mean over the epoch"},
      {"overlap_loss",
       "1 - soft Dice of the batch, or what --loss puts in its place, mean over the epoch"},
      {"bce_loss", "binary cross-entropy, mean over the epoch"},
      {"gradient_norm", "Euclidean norm of the whole gradient before clipping, mean of the epoch"},
      {"validation_dice", "mean over validation patients, threshold 0.5, averaged weights"},
      {"validation_lesion_sensitivity",
       "share of the lesions of at least 3 mm3 of which 10 % is found, mean over validation "
       "patients who have any"},
      {"validation_lesion_f1",
       "harmonic mean of lesion sensitivity and the share of predicted lesions that are true, mean "
       "over validation patients who have any"},
      {"validation_loss", "the same loss on whole validation scans, mean over patients"},
      {"rollbacks",
       "times that the run has gone back to its last checkpoint and halved its learning rate, "
       "since loss or gradient were no longer finite"}};
}

}  // namespace

History::History() : table_(columns()) {}

void History::add(const EpochRecord& e) {
  table_.add_row(
      {std::to_string(e.iteration), core::number(e.seconds, 1), core::number(e.learning_rate, 7),
       core::number(e.means.loss), core::number(e.means.overlap), core::number(e.means.bce, 5),
       core::number(e.means.gradient_norm), core::number(e.validation.dice),
       core::number(e.validation.lesion_sensitivity), core::number(e.validation.lesion_f1),
       core::number(e.validation.loss), std::to_string(e.rollbacks)});
}

void History::load(const std::filesystem::path& run, int iteration) {
  const core::Table before = core::Table::read(run / file_name);
  if (before.columns().size() != table_.columns().size()) {
    throw Error(ExitCode::input, "has other columns than this version writes",
                (run / file_name).string(), "start the run again in another folder");
  }
  table_ = core::Table(columns());
  for (const auto& row : before.rows()) {
    if (std::atoi(row.front().c_str()) <= iteration) table_.add_row(row);
  }
}

void History::write(const std::filesystem::path& run) const {
  table_.write(run / file_name);
}

}  // namespace dawson::training
