#include "dawson/segmentation/traditional.h"

#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/model/model.h"

namespace dawson::segmentation {
namespace {

namespace fs = std::filesystem;
using core::Json;

fs::path file_in(const fs::path& folder) {
  return folder / "method.json";
}

/// log odds / temperature is one more slope.
Calibration with_temperature(Calibration calibration, double temperature) {
  calibration.slope /= temperature;
  return calibration;
}

}  // namespace

MethodFile MethodFile::open(const fs::path& folder) {
  const fs::path path = file_in(folder);
  const Json json = core::read_json(path, ExitCode::model);
  MethodFile file;
  try {
    const int format = json.at("format");
    if (format < 1 || format > newest_method_format) {
      throw Error(ExitCode::model, "is of format " + std::to_string(format), path.string(),
                  "this version reads up to " + std::to_string(newest_method_format) +
                      ": use a newer dawson");
    }
    file.method = json.at("method");
    file.version = json.at("version");
    file.recipe = json.at("recipe");
    file.calibration = {json.at("calibration").at("cut"), json.at("calibration").at("slope")};
    const Json& rule = json.at("rule");
    file.rule = {rule.at("threshold"), rule.at("min_peak"), rule.at("min_volume_mm3")};
    file.temperature = json.at("temperature");
    file.provenance = json.at("provenance");
    file.parameters = json.at("parameters");
  } catch (const Json::exception& e) {
    throw Error(ExitCode::model, "is no file of a fitted method (" + std::string(e.what()) + ")",
                path.string(), "fit it again with `dawson crossval --method`");
  }
  file.sha256 = core::sha256_file(path);
  return file;
}

void MethodFile::save(const fs::path& folder) {
  fs::create_directories(folder);
  core::write_json(file_in(folder), {{"format", newest_method_format},
                                     {"method", method},
                                     {"version", version},
                                     {"recipe", recipe},
                                     {"calibration", to_json(calibration)},
                                     {"rule",
                                      {{"threshold", rule.threshold},
                                       {"min_peak", rule.min_peak},
                                       {"min_volume_mm3", rule.min_volume_mm3}}},
                                     {"temperature", temperature},
                                     {"provenance", provenance},
                                     {"parameters", parameters}});
  sha256 = core::sha256_file(file_in(folder));
}

Traditional::Traditional(const MethodFile& file, const fs::path& brain_model, const fs::path& atlas)
    : calibration_(with_temperature(file.calibration, file.temperature)),
      scorer_(make_scorer(file.method, file.parameters)),
      atlas_(std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(atlas))),
      recipe_(model::open_recipe(file.recipe, brain_model, atlas_)) {
  facts_.name = file.method;
  facts_.version = file.version;
  facts_.sha256 = file.sha256;
  facts_.rule = file.rule;
  facts_.temperature = file.temperature;
  facts_.sequences = recipe_.sequences();
  facts_.provenance = file.provenance;
}

Probabilities Traditional::find_probabilities(const preprocessing::Visit& visit,
                                              Progress& progress) const {
  preprocessing::Prepared prepared = recipe_.prepare(visit, progress);
  progress.step(facts_.name);
  std::vector<float> values = scorer_->score(brain_space(prepared));
  for (float& v : values) v = calibration_(v);
  progress.step("back to the scan's grid");
  volume::Image restored = restored_probabilities(prepared, std::move(values));
  progress.finish();
  return {std::move(restored), std::move(prepared.brain), std::move(prepared.sequences)};
}

}  // namespace dawson::segmentation
