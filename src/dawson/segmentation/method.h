// What finds lesions in a scan: the network, or a traditional method beside it. `segment`,
// cross-validation and the report treat them alike.
#pragma once

#include <string>
#include <vector>

#include "dawson/segmentation/segmenter.h"

namespace dawson::segmentation {

/// What a report and a run record say of a method.
struct MethodFacts {
  std::string name;     ///< "lesion" (the network's bundle), "logistic", …
  std::string version;  ///< of the model
  std::string sha256;   ///< of its weights or parameters
  MaskRule rule;
  double temperature = 1;
  bool mirrored = false;               ///< averaged with the mirrored head
  std::vector<std::string> sequences;  ///< read beside the FLAIR
  core::Json provenance;
};

class Method {
 public:
  virtual ~Method() = default;
  [[nodiscard]] virtual const MethodFacts& facts() const = 0;
  /// As segmenter.h has it. Throws Error{input} when the scan cannot be used.
  [[nodiscard]] virtual Probabilities find_probabilities(const preprocessing::Visit& visit,
                                                         Progress& progress) const = 0;
};

/// A network.
class Network final : public Method {
 public:
  Network(model::Model model, SegmenterSettings settings);
  [[nodiscard]] const MethodFacts& facts() const override { return facts_; }
  [[nodiscard]] Probabilities find_probabilities(const preprocessing::Visit& visit,
                                                 Progress& progress) const override;

 private:
  model::Model model_;
  SegmenterSettings settings_;
  MethodFacts facts_;
};

/// The whole way of one scan.
Segmentation segment(const Method& method, const preprocessing::Visit& visit, Progress& progress);

}  // namespace dawson::segmentation
