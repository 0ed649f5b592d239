#include "dawson/training/initial_model.h"

#include <algorithm>
#include <set>

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

constexpr const char* brain_key = "brain_model_sha256";

/// The first key whose value differs; empty: none.
std::string first_difference(const core::Json& a, const core::Json& b) {
  for (const auto* side : {&a, &b}) {
    for (const auto& [key, value] : side->items()) {
      if (key != brain_key && a.value(key, core::Json()) != b.value(key, core::Json())) return key;
    }
  }
  return {};
}

core::Json patients_of(const core::Json& provenance, const char* which) {
  const core::Json data = provenance.value("data", core::Json::object());
  return data.value(which, core::Json::array());
}

}  // namespace

bundle::Bundle open_initial(const std::filesystem::path& folder, const core::Json& recipe,
                            const std::string& target, Progress& progress) {
  bundle::Bundle initial = bundle::Bundle::open(folder);
  if (initial.target != target) {
    throw Error(ExitCode::input,
                "the model finds " + initial.target + "s and the cache is of " + target + "s",
                folder.string());
  }
  const std::string differs = first_difference(initial.recipe, recipe);
  if (!differs.empty()) {
    throw Error(ExitCode::input,
                "the model reads scans that were prepared by another recipe than the cache's ('" +
                    differs + "' differs)",
                folder.string(), "prepare the scans anew with this version's dawson prepare");
  }
  if (initial.recipe.value(brain_key, core::Json()) != recipe.value(brain_key, core::Json())) {
    progress.warn("the cache's brain masks are of another brain model than that of --init");
  }
  return initial;
}

core::Json lineage_of(const bundle::Bundle& initial) {
  core::Json lineage = {{"name", initial.name},
                        {"version", initial.version},
                        {"weights_sha256", initial.weights_sha256}};
  for (const char* which : {"train_patients", "validation_patients"}) {
    lineage[which] = patients_of(initial.provenance, which);
  }
  if (initial.provenance.contains("init")) lineage["init"] = initial.provenance.at("init");
  return lineage;
}

std::vector<std::string> patients_seen(const core::Json& lineage) {
  std::set<std::string> seen;
  for (core::Json step = lineage; step.is_object();
       step = core::Json(step.value("init", core::Json()))) {
    for (const char* which : {"train_patients", "validation_patients"}) {
      for (const core::Json& p : step.value(which, core::Json::array())) seen.insert(p);
    }
  }
  return {seen.begin(), seen.end()};
}

std::string lineage_text(const core::Json& lineage) {
  std::string text;
  for (core::Json step = lineage; step.is_object();
       step = core::Json(step.value("init", core::Json()))) {
    std::set<std::string> sources;
    for (const core::Json& p : step.at("train_patients")) {
      const std::string patient = p;
      sources.insert(patient.substr(0, patient.find('/')));
    }
    std::string of;
    for (const std::string& s : sources) of += (of.empty() ? " (" : ", ") + s;
    text += "Fine-tuned from " + step.at("name").get<std::string>() + " " +
            step.at("version").get<std::string>() + ", trained on " +
            std::to_string(step.at("train_patients").size()) + " patients" +
            (of.empty() ? "" : of + ")") + "; SHA-256 of its weights " +
            step.at("weights_sha256").get<std::string>() + ".\n";
  }
  return text;
}

}  // namespace dawson::training
