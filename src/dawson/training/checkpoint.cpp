#include "dawson/training/checkpoint.h"

#include <torch/optim.h>
#include <torch/serialize.h>

#include <cstdlib>
#include <string>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/nn/safetensors.h"
#include "dawson/training/run_folder.h"

namespace dawson::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* prefix = "checkpoint-";

void write_optimiser(const fs::path& file, torch::optim::Optimizer& optimiser) {
  torch::serialize::OutputArchive archive;
  optimiser.save(archive);
  std::string bytes;  // through memory: torch's own file writer may miss that the disk is full
  archive.save_to([&bytes](const void* data, std::size_t size) {
    bytes.append(static_cast<const char*>(data), size);
    return size;
  });
  core::write_text(file, bytes);
}

void write_all(const fs::path& folder, const Checkpoint& checkpoint,
               torch::optim::Optimizer& optimiser) {
  nn::write_safetensors(folder / "weights.safetensors", checkpoint.weights, false);
  nn::write_safetensors(folder / "average.safetensors", checkpoint.average, false);
  if (!checkpoint.best.empty()) {
    nn::write_safetensors(folder / "best.safetensors", checkpoint.best, false);
  }
  write_optimiser(folder / "optimiser.pt", optimiser);
  core::Json state = checkpoint.state;
  state["iteration"] = checkpoint.iteration;
  core::write_json(folder / "state.json", state);
}

[[noreturn]] void refuse_damaged(const fs::path& folder) {
  throw Error(ExitCode::input, "the checkpoint is damaged", folder.string(),
              "start the run again in another folder");
}

}  // namespace

void save_checkpoint(const fs::path& run, const Checkpoint& checkpoint,
                     torch::optim::Optimizer& optimiser) {
  const std::optional<fs::path> old = latest_checkpoint(run);
  const std::string name = prefix + std::to_string(checkpoint.iteration);
  try {
    replace_folder(run, name,
                   [&](const fs::path& folder) { write_all(folder, checkpoint, optimiser); });
  } catch (Error& e) {
    e.add_context("the checkpoint cannot be written, --resume goes on from the one before");
    throw;
  }
  std::error_code ignored;  // an older one that stays is passed over
  if (old && *old != run / name) fs::remove_all(*old, ignored);
}

// checkpoint-N of the largest N; folders appear by a rename, so every one that exists is whole.
std::optional<fs::path> latest_checkpoint(const fs::path& run) {
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

Checkpoint load_checkpoint(const fs::path& folder, torch::optim::Optimizer& optimiser) {
  try {
    Checkpoint checkpoint;
    checkpoint.state = core::read_json(folder / "state.json");
    checkpoint.iteration = checkpoint.state.at("iteration");
    checkpoint.weights = nn::read_safetensors(folder / "weights.safetensors");
    checkpoint.average = nn::read_safetensors(folder / "average.safetensors");
    if (fs::exists(folder / "best.safetensors")) {
      checkpoint.best = nn::read_safetensors(folder / "best.safetensors");
    }
    torch::serialize::InputArchive archive;
    archive.load_from((folder / "optimiser.pt").string(),
                      optimiser.param_groups().at(0).params().at(0).device());
    optimiser.load(archive);
    return checkpoint;
  } catch (const c10::Error&) {
    refuse_damaged(folder);
  } catch (const nlohmann::json::exception&) {
    refuse_damaged(folder);
  } catch (const Error&) {
    refuse_damaged(folder);
  }
}

}  // namespace dawson::training
