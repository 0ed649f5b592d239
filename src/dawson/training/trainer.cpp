#include "dawson/training/trainer.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>
#include <torch/optim.h>
#include <torch/types.h>

// clang-format off: clip_grad.h does not include what it uses
#include <torch/nn/utils/clip_grad.h>
// clang-format on

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/nn/compute.h"
#include "dawson/nn/graph.h"
#include "dawson/training/augmentation.h"
#include "dawson/training/checkpoint.h"
#include "dawson/training/loss.h"
#include "dawson/training/pool.h"
#include "dawson/training/run_data.h"
#include "dawson/training/validation.h"

namespace dawson::training {
namespace {

namespace fs = std::filesystem;

std::vector<core::Column> history_columns() {
  return {{"iteration", "iterations done"},
          {"seconds", "wall time of this epoch"},
          {"learning_rate", "at its end"},
          {"loss", "weighted sum, mean over the epoch"},
          {"dice_loss", "1 - soft Dice of the batch, mean over the epoch"},
          {"bce_loss", "binary cross-entropy, mean over the epoch"},
          {"validation_dice", "mean over validation patients, threshold 0.5, averaged weights"}};
}

std::unique_ptr<torch::optim::Optimizer> make_optimiser(const TrainingSettings& s,
                                                        std::vector<at::Tensor> parameters) {
  if (s.optimiser == "adam") {
    return std::make_unique<torch::optim::Adam>(
        std::move(parameters),
        torch::optim::AdamOptions(s.learning_rate).weight_decay(s.weight_decay));
  }
  return std::make_unique<torch::optim::AdamW>(
      std::move(parameters),
      torch::optim::AdamWOptions(s.learning_rate).weight_decay(s.weight_decay));
}

nn::Tensors cloned(const nn::Tensors& tensors) {
  nn::Tensors copy;
  for (const auto& [name, tensor] : tensors) copy[name] = tensor.detach().clone();
  return copy;
}

/// Sums over an epoch, for its row of the history.
struct EpochSums {
  double total = 0, dice = 0, bce = 0;
  int count = 0;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

class Run {
 public:
  Run(const TrainingData& data, const TrainingSettings& settings, fs::path folder);
  void resume();
  TrainingResult work(Progress& progress);

 private:
  void step(EpochSums& sums);
  void update_average();
  double validate(Progress& progress);
  void close_epoch(const EpochSums& sums, Progress& progress);
  void save();
  void write_bundle();
  [[nodiscard]] bool stopped_early() const;

  TrainingSettings settings_;
  fs::path folder_;
  core::Random random_;
  RunData data_;
  std::unique_ptr<Pool> pool_;
  nn::Graph graph_;
  nn::Tensors average_;
  nn::Tensors best_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
  core::Table history_{history_columns()};
  int iteration_ = 0;
  int best_iteration_ = 0;
  double best_dice_ = std::numeric_limits<double>::quiet_NaN();
  int epochs_without_better_ = 0;
};

Run::Run(const TrainingData& data, const TrainingSettings& settings, fs::path folder)
    : settings_(settings), folder_(std::move(folder)), random_(settings.seed) {
  if (settings_.compute == "auto") {
    settings_.compute = nn::cpu_multiplies_bfloat16() ? "bfloat16" : "float32";
  }
  nn::set_compute_type(settings_.compute == "bfloat16" ? nn::ComputeType::bfloat16
                                                       : nn::ComputeType::float32);
  settings_.network.input_channels = settings_.input.network_channels();
  data_ = load_run_data(data, settings_, random_);
  pool_ =
      std::make_unique<Pool>(std::move(data_.training), settings_.input, settings_.lesion_fraction);
  graph_ = nn::build(settings_.network);
  core::Random weights = random_.stream("weights");
  graph_.initialise(weights);
  if (!settings_.encoder_weights.empty()) {
    nn::load_encoder(graph_, settings_.network, settings_.encoder_weights);
  }
  std::vector<at::Tensor> trained;
  for (auto& [name, tensor] : graph_.parameters()) {
    trained.push_back(tensor.set_requires_grad(true));
  }
  optimiser_ = make_optimiser(settings_, std::move(trained));
  average_ = cloned(graph_.tensors());
}

void Run::step(EpochSums& sums) {
  // All randomness of an iteration follows from (seed, iteration): nothing to save for a resume.
  const auto index = static_cast<std::uint64_t>(iteration_);
  at::manual_seed(random_.stream("dropout", index).bits());
  std::vector<at::Tensor> images, targets;
  {
    const at::NoGradGuard no_grad;
    for (int i = 0; i < settings_.batch; ++i) {
      core::Random draw = random_.stream("slice", index * 4096 + static_cast<std::uint64_t>(i));
      const DrawnSlice slice = pool_->draw(draw, settings_.augmentation.thick_probability,
                                           settings_.augmentation.thick_max_mm);
      Patch patch = place(slice, settings_.augmentation, settings_.patch, draw);
      vary_intensity(patch.image, data_.roles, settings_.augmentation, slice.pixel_mm, draw);
      images.push_back(patch.image);
      targets.push_back(patch.target);
    }
  }
  const double rate = learning_rate_at(settings_, iteration_);
  for (auto& group : optimiser_->param_groups()) group.options().set_lr(rate);
  optimiser_->zero_grad();
  const at::Tensor logits = graph_.forward(at::stack(images), /*training=*/true);
  const Loss loss =
      dice_bce(logits, at::stack(targets),
               {settings_.dice_weight, settings_.bce_weight, settings_.positive_weight});
  const double total = loss.total.item<double>();
  if (!std::isfinite(total)) {
    throw Error(ExitCode::resources,
                "the loss is no longer finite at iteration " + std::to_string(iteration_),
                folder_.string(), "start again with a lower --learning-rate");
  }
  loss.total.backward();
  if (settings_.clip_norm > 0) {
    torch::nn::utils::clip_grad_norm_(optimiser_->param_groups().front().params(),
                                      settings_.clip_norm);
  }
  optimiser_->step();
  ++iteration_;
  update_average();
  sums.total += total;
  sums.dice += loss.dice;
  sums.bce += loss.bce;
  ++sums.count;
}

void Run::update_average() {
  const at::NoGradGuard no_grad;
  // Early on the average follows quickly, so that it does not keep the random start.
  const double decay = std::min(settings_.average_decay, (1.0 + iteration_) / (10.0 + iteration_));
  for (const auto& [name, tensor] : graph_.tensors()) {
    at::Tensor& average = average_[name];
    if (average.is_floating_point()) {
      average.mul_(decay).add_(tensor.detach(), 1 - decay);
    } else {
      average.copy_(tensor);
    }
  }
}

double Run::validate(Progress& progress) {
  if (data_.validation.empty()) return std::numeric_limits<double>::quiet_NaN();
  nn::Graph graph = graph_.clone();
  graph.load(average_);
  return validation_dice(graph, data_.validation, settings_.input, progress);
}

void Run::close_epoch(const EpochSums& sums, Progress& progress) {
  const double validation = validate(progress);
  if (std::isfinite(validation)) {
    if (!(validation <= best_dice_)) {
      best_dice_ = validation;
      best_iteration_ = iteration_;
      best_ = cloned(average_);
      epochs_without_better_ = 0;
    } else {
      ++epochs_without_better_;
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - sums.started;
  history_.add_row({std::to_string(iteration_), core::number(seconds.count(), 1),
                    core::number(learning_rate_at(settings_, iteration_ - 1), 7),
                    core::number(sums.total / sums.count), core::number(sums.dice / sums.count),
                    core::number(sums.bce / sums.count, 5), core::number(validation)});
  history_.write(folder_ / "history.tsv");
  save();
}

void Run::save() {
  save_checkpoint(folder_,
                  {iteration_,
                   graph_.tensors(),
                   average_,
                   best_,
                   {{"best_iteration", best_iteration_},
                    {"best_dice", std::isfinite(best_dice_) ? core::Json(best_dice_) : nullptr},
                    {"epochs_without_better", epochs_without_better_}}},
                  *optimiser_);
}

void Run::resume() {
  const std::optional<fs::path> latest = latest_checkpoint(folder_);
  if (!latest) return;
  const core::Json before = core::read_json(folder_ / "settings.json");
  if (before.at("settings") != settings_.to_json() || before.at("data") != data_.record) {
    throw Error(ExitCode::usage, "the run was started with other settings or other scans",
                folder_.string(), "resume with the same ones, or choose another output");
  }
  const Checkpoint checkpoint = load_checkpoint(*latest, *optimiser_);
  iteration_ = checkpoint.iteration;
  {
    const at::NoGradGuard no_grad;
    graph_.load(checkpoint.weights);
  }
  average_ = checkpoint.average;
  best_ = checkpoint.best;
  best_iteration_ = checkpoint.state.at("best_iteration");
  if (!checkpoint.state.at("best_dice").is_null()) best_dice_ = checkpoint.state.at("best_dice");
  epochs_without_better_ = checkpoint.state.at("epochs_without_better");
  const core::Table rows = core::Table::read(folder_ / "history.tsv");
  for (const auto& row : rows.rows()) {
    if (std::stoi(row.front()) <= iteration_) history_.add_row(row);
  }
}

bool Run::stopped_early() const {
  return settings_.patience_epochs > 0 && epochs_without_better_ >= settings_.patience_epochs;
}

TrainingResult Run::work(Progress& progress) {
  core::write_json(folder_ / "settings.json",
                   {{"settings", settings_.to_json()}, {"data", data_.record}});
  progress.step("training", static_cast<std::size_t>(settings_.iterations));
  if (iteration_ > 0) progress.advance(static_cast<std::size_t>(iteration_));
  EpochSums sums;
  while (iteration_ < settings_.iterations && !stopped_early()) {
    step(sums);
    if (iteration_ % settings_.epoch_iterations == 0 || iteration_ == settings_.iterations) {
      close_epoch(sums, progress);
      sums = EpochSums();
    }
    progress.advance();
  }
  write_bundle();
  progress.finish();
  return {iteration_, best_.empty() ? iteration_ : best_iteration_, best_dice_};
}

void Run::write_bundle() {
  bundle::Bundle bundle;
  const fs::path folder = (fs::absolute(folder_) / "").lexically_normal();
  bundle.name = folder.parent_path().filename().string();
  bundle.version = "1";
  bundle.target = data_.target;
  bundle.graph = std::make_shared<nn::Graph>(graph_.clone());
  bundle.graph->load(best_.empty() ? average_ : best_);
  bundle.input = settings_.input;
  bundle.recipe = data_.recipe;
  bundle.provenance = {
      {"settings", settings_.to_json()}, {"data", data_.record}, {"iterations", iteration_}};
  bundle.card = "# " + bundle.name + "\n\nTrained by `dawson train`; not evaluated yet.\n";
  bundle.save(folder_ / "model", /*half=*/true, /*overwrite=*/true);
}

}  // namespace

TrainingResult train(const TrainingData& data, const TrainingSettings& settings,
                     const fs::path& run, bool resume, Progress& progress) {
  settings.check();
  const bool exists = fs::exists(run / "settings.json");
  if (exists && !resume) {
    throw Error(ExitCode::output, "already holds a training run", run.string(),
                "go on with --resume or choose another output");
  }
  Run work(data, settings, run);
  std::error_code error;
  fs::create_directories(run, error);
  if (error) throw Error(ExitCode::output, "the folder cannot be made", run.string());
  if (resume) work.resume();
  return work.work(progress);
}

}  // namespace dawson::training
