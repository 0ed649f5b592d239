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
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/curves.h"
#include "dawson/evaluation/measures.h"
#include "dawson/evaluation/scan_level.h"
#include "dawson/evaluation/statistics.h"
#include "dawson/lesions/lesions.h"

namespace dawson::evaluation {

class PythonCheck {
 public:
  explicit PythonCheck(std::filesystem::path folder) : folder_(std::move(folder)) {
    json_["cases"] = core::Json::array();
    for (const char* kind : {"signed_rank", "volumes", "groups", "paired", "holm", "scan_level"}) {
      json_["statistics"][kind] = core::Json::array();
    }
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
    counts_.push_back(count_thresholds(reference, probabilities, brain));
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

  /// Curves of all cases added so far; `patients` names the one of each.
  void add_curves(const std::vector<std::string>& patients) {
    std::vector<CaseCounts> counts;
    for (std::size_t n = 0; n < patients.size(); ++n) counts.push_back({patients[n], &counts_[n]});
    json_["curves"] = curves_json(counts);
    json_["curves"]["case_patients"] = patients;
    json_["curves"]["thresholds"] = curve_thresholds();
  }

  void add_groups(const std::vector<double>& first, const std::vector<double>& second) {
    const GroupComparison c = compare_groups(first, second);
    json_["statistics"]["groups"].push_back({{"first", first},
                                             {"second", second},
                                             {"difference", c.mean_difference},
                                             {"interval", {c.interval->low, c.interval->high}},
                                             {"p", c.permutation_p}});
  }

  void add_paired(const std::vector<double>& first, const std::vector<double>& second) {
    std::vector<PatientValue> one;
    std::vector<PatientValue> other;
    for (std::size_t n = 0; n < first.size(); ++n) {
      one.push_back({std::to_string(n), first[n]});
      other.push_back({std::to_string(n), second[n]});
    }
    const PairedComparison c = compare_paired(one, other);
    json_["statistics"]["paired"].push_back({{"first", first},
                                             {"second", second},
                                             {"difference", c.mean_difference},
                                             {"interval", {c.interval->low, c.interval->high}},
                                             {"p", c.wilcoxon_p}});
  }

  void add_holm(const std::vector<double>& p) {
    json_["statistics"]["holm"].push_back({{"p", p}, {"adjusted", holm_adjusted(p)}});
  }

  void add_scans(const std::vector<ScanDecision>& scans) {
    core::Json json{{"level", scan_level_json(judge_scans(scans))}};
    for (const ScanDecision& s : scans) {
      json["scans"].push_back({s.patient, s.score, s.has_lesion, s.said_lesion});
    }
    json_["statistics"]["scan_level"].push_back(json);
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
  std::deque<ThresholdCounts> counts_;
};

}  // namespace dawson::evaluation
