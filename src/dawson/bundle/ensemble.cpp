#include "dawson/bundle/ensemble.h"

#include <set>
#include <string>

#include "dawson/core/error.h"
#include "dawson/nn/ensemble.h"

namespace dawson::bundle {
namespace {

void require_alike(const Bundle& first, const Bundle& other) {
  const auto require = [&](bool alike, const char* why) {
    if (!alike) throw Error(ExitCode::model, why, other.name);
  };
  require(other.target == first.target, "finds something else than the first member");
  require(other.input.to_json() == first.input.to_json(),
          "reads other slices than the first member");
  require(other.recipe == first.recipe, "prepares scans otherwise than the first member");
}

/// Whom any of the members has seen.
core::Json patients_of(const std::vector<Bundle>& members, const char* which) {
  std::set<std::string> patients;
  for (const Bundle& m : members) {
    const core::Json data = m.provenance.value("data", core::Json::object());
    for (const core::Json& p : data.value(which, core::Json::array())) patients.insert(p);
  }
  return patients;
}

}  // namespace

Bundle ensemble(const std::vector<Bundle>& members) {
  if (members.empty()) throw Error(ExitCode::model, "there is no member", "ensemble");
  Bundle joined = members.front();
  joined.name = "ensemble";
  core::Json records = core::Json::array();
  std::vector<const nn::Graph*> graphs;
  for (const Bundle& m : members) {
    require_alike(members.front(), m);
    graphs.push_back(m.graph.get());
    records.push_back({{"name", m.name},
                       {"version", m.version},
                       {"weights_sha256", m.weights_sha256},
                       {"provenance", m.provenance}});
  }
  joined.graph = std::make_shared<nn::Graph>(nn::ensemble(graphs));
  joined.provenance = {{"members", std::move(records)},
                       {"data",
                        {{"train_patients", patients_of(members, "train_patients")},
                         {"validation_patients", patients_of(members, "validation_patients")}}}};
  joined.weights_sha256.clear();
  joined.card = "# " + joined.name + "\n\n" + std::to_string(members.size()) +
                " networks whose logits are averaged; not evaluated yet.\n";
  return joined;
}

}  // namespace dawson::bundle
