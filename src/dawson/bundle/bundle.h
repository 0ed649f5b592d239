// What a shipped model is: graph, weights, hashes, sealed recipe. Read and written here alone.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "dawson/bundle/slices.h"
#include "dawson/core/json.h"

namespace dawson::nn {
class Graph;
}

namespace dawson::bundle {

/// The newest model.json this version reads; a newer one is refused. Since 2 there are a peak in the
/// decision rule, paddings of pooling and factors of transposed convolutions.
inline constexpr int newest_format = 2;

/// A folder with model.json, weights.safetensors and card.md.
struct Bundle {
  std::string name;
  std::string version;
  std::string target;                ///< "lesion" or "brain": what the probabilities are of
  std::shared_ptr<nn::Graph> graph;  ///< weights loaded; batch norms as stored
  SliceInput input;
  core::Json recipe;           ///< how a scan becomes a stack; opaque here
  double threshold = 0.5;      ///< probabilities ≥ this are mask
  double temperature = 1;      ///< logits are divided by it before the sigmoid
  double min_peak = 0;         ///< components whose highest probability is lower are removed
  double min_volume_mm3 = 3;   ///< and smaller ones
  core::Json provenance;       ///< data, folds, settings, seed, iterations, commit
  std::string weights_sha256;  ///< of weights.safetensors; set by open and save
  std::string card;            ///< text of card.md

  /// Throws Error{model}: missing file, newer format, wrong hash, weights that do not fit.
  static Bundle open(const std::filesystem::path& folder);
  /// Writes the three files (all or none). `half`: float16 weights. Sets weights_sha256.
  void save(const std::filesystem::path& folder, bool half, bool overwrite);
};

}  // namespace dawson::bundle
