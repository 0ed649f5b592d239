#include "dawson/report/words_training.h"

namespace dawson::report {
namespace {

TrainingWords make_words() {
  TrainingWords w;
  w.overlap_loss = "overlap part";
  w.validation_loss = "on validation";
  w.lesion_f1 = "lesion F1";
  w.rollbacks = "times halved since the loss was no longer finite: {0}";
  w.slices_title = "Validation slices: the drawn lesions, and beside them what the network finds";
  w.slices_iteration = "Network of iteration {0}, the best so far. Fill: the surer, the fuller.";
  w.truth = "drawn by hand";
  w.prediction = "found (probability from 0.5)";
  w.orientation = "The patient's right is on the left.";
  w.confidential = "Shows patients: keep it where their scans are kept.";
  return w;
}

}  // namespace

const TrainingWords& english_training() {
  static const TrainingWords words = make_words();
  return words;
}

}  // namespace dawson::report
