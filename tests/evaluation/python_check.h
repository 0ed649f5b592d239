// Hands cases and what dawson measured of them to tests/reference/evaluation.py.
#pragma once

// Debian's python3-scipy and python3-numpy: where they are not installed, the tests that need them
// are not built.
#if __has_include("/usr/lib/python3/dist-packages/scipy/__init__.py") && \
                  __has_include("/usr/lib/python3/dist-packages/numpy/__init__.py")
#define DAWSON_HAS_SCIPY 1
#else
#define DAWSON_HAS_SCIPY 0
#endif

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/measures.h"
#include "dawson/evaluation/statistics.h"
#include "dawson/lesions/lesions.h"

namespace dawson::evaluation {

class PythonCheck {
 public:
  explicit PythonCheck(std::filesystem::path folder) : folder_(std::move(folder)) {
    json_["cases"] = core::Json::array();
    json_["statistics"] = {{"signed_rank", core::Json::array()}, {"volumes", core::Json::array()}};
  }

  void add_case(const std::string& name, const volume::Mask& reference,
                const volume::Mask& prediction, const volume::Mask& brain,
                const volume::Image& probabilities) {
    core::Json c{
        {"name", name}, {"size", reference.grid.size}, {"spacing", reference.grid.spacing}};
    const std::string prefix = std::to_string(json_["cases"].size()) + "_";
    const auto save = [&](const std::string& what, const auto& values) {
      c["files"][what] = prefix + what;
      std::ofstream out(folder_ / (prefix + what), std::ios::binary);
      out.write(reinterpret_cast<const char*>(values.data()),
                static_cast<std::streamsize>(values.size() * sizeof(values[0])));
    };
    save("reference", reference.data);
    save("prediction", prediction.data);
    save("brain", brain.data);
    save("probabilities", probabilities.data);
    c["figures"] = figures(evaluate_case(reference, prediction, &brain, &probabilities));
    for (const char* rule : {"dawson", "anima", "wmh2017", "shifts"}) {
      c["rules"][rule] = figures(
          evaluate_case(reference, prediction, &brain, &probabilities, *lesion_rule_from(rule)));
    }
    c["components"] = {6, 18, 26};
    for (const int connectivity : {6, 18, 26}) {
      save("labels_" + std::to_string(connectivity),
           lesions::find_components(reference.data, {reference.grid.size, reference.grid.spacing},
                                    static_cast<lesions::Connectivity>(connectivity))
               .labels);
    }
    json_["cases"].push_back(c);
  }

  void add_signed_rank(const std::vector<double>& differences, const std::string& mode) {
    json_["statistics"]["signed_rank"].push_back(
        {{"differences", differences}, {"mode", mode}, {"p", wilcoxon_signed_rank(differences).p}});
  }

  void add_volumes(const std::vector<std::pair<double, double>>& pairs) {
    const VolumeAgreement a = volume_agreement(pairs);
    json_["statistics"]["volumes"].push_back({{"pairs", pairs},
                                              {"pearson", a.pearson},
                                              {"icc_2_1", a.icc_2_1},
                                              {"bias", a.bias},
                                              {"deviation", a.deviation}});
  }

  /// True when NumPy and SciPy find the same figures; what differs is printed.
  [[nodiscard]] bool agrees() const {
    core::write_json(folder_ / "cases.json", json_);
    const std::string script = std::string(DAWSON_SOURCE_DIR) + "/tests/reference/evaluation.py";
    return std::system(("/usr/bin/python3 '" + script + "' '" + folder_.string() + "'").c_str()) ==
           0;
  }

 private:
  static core::Json figures(const CaseMeasures& measures) {
    core::Json json;
    for (const MeasureColumn& column : measure_columns()) {
      const double value = column.value(measures);
      json[column.name] = std::isfinite(value) ? core::Json(value) : core::Json(nullptr);
    }
    return json;
  }

  std::filesystem::path folder_;
  core::Json json_;
};

}  // namespace dawson::evaluation
