#include "dawson/training/checkpoint.h"

#include <torch/optim.h>
#include <torch/serialize.h>

#include <string>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/nn/safetensors.h"

namespace dawson::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* prefix = "checkpoint-";

// checkpoint-N of the largest N; folders appear by a rename, so every one that exists is whole.
std::optional<fs::path> latest(const fs::path& run) {
  std::optional<fs::path> found;
  int most = -1;
  if (!fs::is_directory(run)) return found;
  for (const auto& entry : fs::directory_iterator(run)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(prefix, 0) != 0) continue;
    const int iteration = std::atoi(name.c_str() + std::string(prefix).size());
    if (iteration > most) {
      most = iteration;
      found = entry.path();
    }
  }
  return found;
}

}  // namespace

void save_checkpoint(const fs::path& run, const Checkpoint& checkpoint,
                     torch::optim::Optimizer& optimiser) {
  const fs::path staging = run / ".checkpoint";
  fs::remove_all(staging);
  fs::create_directories(staging);
  nn::write_safetensors(staging / "weights.safetensors", checkpoint.weights, false);
  nn::write_safetensors(staging / "average.safetensors", checkpoint.average, false);
  if (!checkpoint.best.empty()) {
    nn::write_safetensors(staging / "best.safetensors", checkpoint.best, false);
  }
  try {
    torch::serialize::OutputArchive archive;
    optimiser.save(archive);
    archive.save_to((staging / "optimiser.pt").string());
  } catch (const c10::Error&) {
    throw Error(ExitCode::output, "the checkpoint cannot be written", staging.string(),
                "check the free space; --resume goes on from the checkpoint before");
  }
  core::Json state = checkpoint.state;
  state["iteration"] = checkpoint.iteration;
  core::write_json(staging / "state.json", state);

  const std::optional<fs::path> old = latest(run);
  const fs::path place = run / (prefix + std::to_string(checkpoint.iteration));
  fs::remove_all(place);
  fs::rename(staging, place);
  if (old && *old != place) fs::remove_all(*old);
}

std::optional<Checkpoint> load_checkpoint(const fs::path& run, torch::optim::Optimizer& optimiser) {
  const std::optional<fs::path> folder = latest(run);
  if (!folder) return std::nullopt;
  Checkpoint checkpoint;
  checkpoint.state = core::read_json(*folder / "state.json");
  checkpoint.iteration = checkpoint.state.at("iteration");
  checkpoint.weights = nn::read_safetensors(*folder / "weights.safetensors");
  checkpoint.average = nn::read_safetensors(*folder / "average.safetensors");
  if (fs::exists(*folder / "best.safetensors")) {
    checkpoint.best = nn::read_safetensors(*folder / "best.safetensors");
  }
  torch::serialize::InputArchive archive;
  archive.load_from((*folder / "optimiser.pt").string());
  optimiser.load(archive);
  return checkpoint;
}

}  // namespace dawson::training
