// A fitted traditional method: its file, and its way from scan to probabilities.
#pragma once

#include <filesystem>
#include <memory>

#include "dawson/segmentation/calibration.h"
#include "dawson/segmentation/method.h"
#include "dawson/segmentation/scorer.h"

namespace dawson::segmentation {

/// What method.json holds. Its first key is the format, newest_method_format.
struct MethodFile {
  std::string method;  ///< of traditional_methods()
  std::string version;
  core::Json recipe;      ///< preprocessing::Recipe
  core::Json parameters;  ///< make_scorer
  Calibration calibration;
  MaskRule rule;
  double temperature = 1;
  core::Json provenance;  ///< training patients, candidates, seed, commit, licence
  std::string sha256;     ///< of the file; set by open and save

  /// Reads FOLDER/method.json. Throws Error{model}: missing, truncated, a newer format.
  static MethodFile open(const std::filesystem::path& folder);
  /// Writes FOLDER/method.json, replacing what is there. Throws Error{output}.
  void save(const std::filesystem::path& folder);
};
inline constexpr int newest_method_format = 1;

class Traditional final : public Method {
 public:
  /// Throws Error{model} when parameters or recipe do not fit this version, atlas or brain model.
  Traditional(const MethodFile& file, const std::filesystem::path& brain_model,
              const std::filesystem::path& atlas);
  [[nodiscard]] const MethodFacts& facts() const override { return facts_; }
  [[nodiscard]] Probabilities find_probabilities(const preprocessing::Visit& visit,
                                                 Progress& progress) const override;

 private:
  MethodFacts facts_;
  Calibration calibration_;
  std::unique_ptr<Scorer> scorer_;
  std::shared_ptr<const anatomy::Atlas> atlas_;
  preprocessing::Recipe recipe_;
};

}  // namespace dawson::segmentation
