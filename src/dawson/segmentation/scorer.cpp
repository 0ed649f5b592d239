#include "dawson/segmentation/scorer.h"

#include "dawson/core/error.h"

namespace dawson::segmentation {

const std::vector<std::string>& traditional_methods() {
  static const std::vector<std::string> names = {"threshold", "mixture", "logistic", "forest"};
  return names;
}

std::unique_ptr<Scorer> make_scorer(const std::string& method, const core::Json& parameters) {
  try {
    if (method == "threshold") return threshold_scorer(parameters);
    if (method == "mixture") return mixture_scorer(parameters);
    if (method == "logistic") return logistic_scorer(parameters);
    if (method == "forest") return forest_scorer(parameters);
  } catch (const core::Json::exception& e) {
    throw Error(ExitCode::model, "the parameters are not those of the method '" + method + "' (" +
                                     std::string(e.what()) + ")");
  }
  throw Error(ExitCode::model, "there is no method '" + method + "' in this version");
}

}  // namespace dawson::segmentation
