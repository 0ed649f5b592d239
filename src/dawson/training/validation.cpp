#include "dawson/training/validation.h"

#include <cstdint>
#include <map>
#include <string>

namespace dawson::training {
namespace {

double dice(const std::vector<float>& probabilities, const std::vector<std::uint8_t>& target) {
  std::size_t both = 0, found = 0, truth = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const bool p = probabilities[i] >= 0.5F;
    both += (p && target[i] != 0) ? 1 : 0;
    found += p ? 1 : 0;
    truth += target[i] != 0 ? 1 : 0;
  }
  return found + truth == 0 ? 1.0 : 2.0 * static_cast<double>(both) / (found + truth);
}

}  // namespace

double validation_dice(nn::Graph& graph, const std::vector<PooledScan>& scans,
                       const bundle::SliceInput& input, Progress& progress) {
  std::map<std::string, std::vector<double>> by_patient;
  Progress quiet(nullptr);
  for (const PooledScan& scan : scans) {
    progress.check();
    const std::vector<float> p = bundle::predict(graph, scan.stack(), input, 1.0, false, quiet);
    by_patient[scan.entry.patient()].push_back(dice(p, scan.arrays.target));
  }
  double sum = 0;
  for (const auto& [patient, values] : by_patient) {
    double mean = 0;
    for (const double v : values) mean += v / static_cast<double>(values.size());
    sum += mean;
  }
  return sum / static_cast<double>(by_patient.size());
}

}  // namespace dawson::training
