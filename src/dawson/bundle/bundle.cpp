#include "dawson/bundle/bundle.h"

#include <fstream>
#include <sstream>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/nn/graph.h"
#include "dawson/nn/safetensors.h"

namespace dawson::bundle {
namespace {

namespace fs = std::filesystem;
constexpr const char* model_file = "model.json";
constexpr const char* weights_file = "weights.safetensors";
constexpr const char* card_file = "card.md";

[[noreturn]] void refuse(const fs::path& file, const std::string& why,
                         const std::string& what_to_do = {}) {
  throw Error(ExitCode::model, why, file.string(), what_to_do);
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!(text << in.rdbuf()) && fs::file_size(file) > 0) refuse(file, "cannot be read");
  return text.str();
}

const core::Json& member(const core::Json& json, const char* key, const fs::path& file) {
  if (!json.is_object() || !json.contains(key)) {
    refuse(file, "\"" + std::string(key) + "\" is missing");
  }
  return json[key];
}

std::string text_of(const core::Json& json, const char* key, const fs::path& file) {
  const core::Json& value = member(json, key, file);
  if (!value.is_string()) refuse(file, "\"" + std::string(key) + "\" is not a text");
  return value.get<std::string>();
}

double number_of(const core::Json& json, const char* key, double low, double high,
                 const fs::path& file) {
  const core::Json& value = member(json, key, file);
  if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high)) {
    refuse(file, "\"" + std::string(key) + "\" is not a number from " + core::Json(low).dump() +
                     " to " + core::Json(high).dump());
  }
  return value.get<double>();
}

void require_format(const core::Json& json, const fs::path& file) {
  const core::Json& format = member(json, "format", file);
  if (!format.is_number_integer() || format.get<std::int64_t>() < 1) {
    refuse(file, "\"format\" is not the number of a bundle format");
  }
  if (format.get<std::int64_t>() > newest_format) {
    refuse(file,
           "the model is of format " + format.dump() + ", and this version reads formats up to " +
               std::to_string(newest_format),
           "use a newer version of dawson");
  }
}

void require_files(const fs::path& folder) {
  if (!fs::is_directory(folder)) refuse(folder, "there is no model folder of this name");
  for (const char* name : {model_file, weights_file, card_file}) {
    if (!fs::is_regular_file(folder / name)) refuse(folder / name, "the file is missing");
  }
}

/// The weights, which must be those that model.json was written for.
std::string checked_hash(const fs::path& folder, const core::Json& json) {
  const std::string expected =
      text_of(member(json, "weights", folder / model_file), "sha256", folder / model_file);
  std::string found;
  try {
    found = core::sha256_file(folder / weights_file);
  } catch (const Error& e) {
    refuse(folder / weights_file, e.fact());
  }
  if (found != expected) {
    refuse(folder / weights_file,
           "the file has changed since the model was made (its SHA-256 is "
           "not the one in model.json)",
           "fetch the model again");
  }
  return found;
}

core::Json to_json(const Bundle& bundle, bool half) {
  return {{"format", newest_format},
          {"name", bundle.name},
          {"version", bundle.version},
          {"target", bundle.target},
          {"threshold", bundle.threshold},
          {"temperature", bundle.temperature},
          {"min_peak", bundle.min_peak},
          {"min_volume_mm3", bundle.min_volume_mm3},
          {"input", bundle.input.to_json()},
          {"recipe", bundle.recipe},
          {"provenance", bundle.provenance},
          {"weights",
           {{"file", weights_file},
            {"type", half ? "float16" : "float32"},
            {"sha256", bundle.weights_sha256}}},
          {"network", bundle.graph->describe()}};
}

}  // namespace

Bundle Bundle::open(const fs::path& folder) {
  require_files(folder);
  const fs::path file = folder / model_file;
  const core::Json json = core::read_json(file, ExitCode::model);
  require_format(json, file);
  Bundle bundle;
  bundle.weights_sha256 = checked_hash(folder, json);
  bundle.name = text_of(json, "name", file);
  bundle.version = text_of(json, "version", file);
  bundle.target = text_of(json, "target", file);
  bundle.threshold = number_of(json, "threshold", 0, 1, file);
  bundle.temperature = number_of(json, "temperature", 1e-3, 1e3, file);
  // Models from before there was such a limit have none.
  bundle.min_peak = json.contains("min_peak") ? number_of(json, "min_peak", 0, 1, file) : 0;
  bundle.min_volume_mm3 = number_of(json, "min_volume_mm3", 0, 1e9, file);
  bundle.recipe = member(json, "recipe", file);
  bundle.provenance = member(json, "provenance", file);
  bundle.card = read_text(folder / card_file);
  try {
    bundle.input = SliceInput::from_json(member(json, "input", file));
    bundle.graph =
        std::make_shared<nn::Graph>(nn::Graph::from_description(member(json, "network", file)));
    bundle.graph->load(nn::read_safetensors(folder / weights_file));
  } catch (Error& e) {
    e.add_context(folder.string());
    throw;
  }
  if (bundle.input.network_channels() != bundle.graph->input_channels()) {
    refuse(file, "the slices have " + std::to_string(bundle.input.network_channels()) +
                     " channels and the network takes " +
                     std::to_string(bundle.graph->input_channels()));
  }
  return bundle;
}

void Bundle::save(const fs::path& folder, bool half, bool overwrite) {
  core::AtomicFolder staged(folder, overwrite);
  for (const char* file : {model_file, weights_file, card_file}) staged.claim(file);
  const fs::path weights = staged.temporary() / weights_file;
  nn::write_safetensors(weights, graph->tensors(), half);
  weights_sha256 = core::sha256_file(weights);
  core::write_json(staged.temporary() / model_file, to_json(*this, half));
  core::write_text(staged.temporary() / card_file, card);
  staged.commit();
}

}  // namespace dawson::bundle
