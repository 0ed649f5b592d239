#include "dawson/report/plots.h"
#include "dawson/report/words.h"
namespace dawson::report {
Plot roc_plot(const core::Json&) {
  return {"roc", std::nullopt, english().plots.no_probabilities};
}
Plot pr_plot(const core::Json&) {
  return {"pr", std::nullopt, english().plots.no_probabilities};
}
Plot reliability_plot(const evaluation::CohortResult&) {
  return {"reliability", std::nullopt, english().plots.no_probabilities};
}
}  // namespace dawson::report
