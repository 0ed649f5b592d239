// Networks that read made heads by intensity alone: quick, certain, trained on nothing.
#pragma once

#include <filesystem>
#include <memory>

#include "bundle/networks.h"
#include "dawson/anatomy/brain.h"
#include "dawson/anatomy/location.h"

namespace dawson::made {

inline std::filesystem::path atlas_folder() {
  return std::filesystem::path(DAWSON_SOURCE_DIR) / "models" / "atlas";
}

inline std::shared_ptr<const anatomy::Atlas> atlas() {
  return std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(atlas_folder()));
}

inline bundle::Bundle pixel_bundle(const char* target, const std::vector<float>& weights,
                                   float bias, core::Json recipe) {
  bundle::Bundle made;
  made.name = target;
  made.version = "0";
  made.target = target;
  made.graph = std::make_shared<nn::Graph>(bundle::pixel_network(weights, bias));
  made.input.offsets_mm.assign(weights.size(), {0.0});
  made.recipe = std::move(recipe);
  made.provenance = core::Json::object();
  made.card = "Made for a test.\n";
  return made;
}

/// Everything less than 3 deviations below the head's median: brain and, apart from it, skull.
inline bundle::Bundle brain_bundle() {
  return pixel_bundle("brain", {4}, 12, anatomy::head_recipe());
}

}  // namespace dawson::made
