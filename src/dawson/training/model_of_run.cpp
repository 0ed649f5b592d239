#include "dawson/training/model_of_run.h"

#include <memory>
#include <utility>

#include "dawson/training/initial_model.h"

namespace dawson::training {

namespace fs = std::filesystem;

void write_model(const fs::path& run, nn::Graph graph, const bundle::SliceInput& input,
                 const RunData& data, const core::Json& record, int iterations,
                 const bundle::Bundle* initial) {
  bundle::Bundle bundle;
  const fs::path folder = (fs::absolute(run) / "").lexically_normal();
  bundle.name = folder.parent_path().filename().string();
  bundle.version = "1";
  bundle.target = data.target;
  bundle.graph = std::make_shared<nn::Graph>(std::move(graph));
  bundle.input = input;
  bundle.recipe = data.recipe;
  bundle.provenance = {
      {"settings", record.at("settings")}, {"data", data.record}, {"iterations", iterations}};
  bundle.card = "# " + bundle.name + "\n\nTrained by `dawson train`; not evaluated yet.\n";
  if (initial != nullptr) {
    bundle.threshold = initial->threshold;
    bundle.temperature = initial->temperature;
    bundle.min_volume_mm3 = initial->min_volume_mm3;
    bundle.provenance["init"] = record.at("init");
    bundle.card += "\n" + lineage_text(record.at("init"));
  }
  bundle.save(run / "model", /*half=*/true, /*overwrite=*/true);
}

}  // namespace dawson::training
