// What a de-identification did, without saying what was there.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace dawson::dicom {

/// Counts by attribute, what was done and why. Holds names of attributes, never values.
class Audit {
 public:
  struct Line {
    std::string attribute;  ///< "(0010,0010) PatientName"
    std::string done;       ///< "removed", "emptied", "replaced", "cleaned", "kept"
    std::string why;        ///< "PS3.15", "a private element"
    std::size_t count = 0;  ///< elements
  };

  void add(const std::string& attribute, const std::string& done, const std::string& why,
           std::size_t count = 1) {
    counts_[{attribute, done, why}] += count;
  }
  void add(const Audit& other) {
    for (const auto& [key, count] : other.counts_) counts_[key] += count;
  }
  /// By attribute.
  [[nodiscard]] std::vector<Line> lines() const {
    std::vector<Line> lines;
    for (const auto& [key, count] : counts_) {
      lines.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
    }
    return lines;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> counts_;
};

}  // namespace dawson::dicom
