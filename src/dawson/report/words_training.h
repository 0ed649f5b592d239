// Words on the pictures of a training run. Private to this room.
#pragma once

#include <string>

namespace dawson::report {

struct TrainingWords {
  std::string overlap_loss, validation_loss, lesion_f1, rollbacks;
  std::string slices_title, slices_iteration, truth, prediction, orientation, confidential;
};

const TrainingWords& english_training();

}  // namespace dawson::report
