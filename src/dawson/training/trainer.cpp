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
#include <set>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/nn/compute.h"
#include "dawson/nn/graph.h"
#include "dawson/training/augmentation.h"
#include "dawson/training/checkpoint.h"
#include "dawson/training/loss.h"
#include "dawson/training/pool.h"

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

/// Dice of thresholded probabilities, as evaluation has it: 1 when both are empty.
double dice(const std::vector<float>& probabilities, const std::vector<std::uint8_t>& target) {
  std::size_t both = 0, found = 0, truth = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const bool p = probabilities[i] >= 0.5F;
    both += (p && target[i] != 0) ? 1 : 0;
    found += p ? 1 : 0;
    truth += target[i] != 0 ? 1 : 0;
  }
  return found + truth == 0 ? 1.0 : 2.0 * static_cast<double>(both) / (found + truth);
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
  void split_patients(std::vector<PooledScan> scans, const cache::Cache& first);
  void step(EpochSums& sums);
  void update_average();
  double validate(Progress& progress);
  void close_epoch(const EpochSums& sums, Progress& progress);
  void save();
  void write_bundle();
  [[nodiscard]] bool stopped_early() const;

  TrainingSettings settings_;
  fs::path folder_;
  core::Json recipe_;
  std::string target_;
  core::Json data_record_;
  std::unique_ptr<Pool> pool_;
  std::vector<PooledScan> validation_;
  ChannelRoles roles_;
  core::Random random_;
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

ChannelRoles roles_of(const cache::Entry& entry, const bundle::SliceInput& input) {
  ChannelRoles roles;
  roles.background = static_cast<float>(entry.channels.front().offset);
  for (std::size_t c = 0; c < input.offsets_mm.size(); ++c) {
    const bool intensity = entry.channels[c].name.find("frequency") == std::string::npos;
    roles.intensity.insert(roles.intensity.end(), input.offsets_mm[c].size(), intensity);
  }
  return roles;
}

std::vector<PooledScan> load_all(const TrainingData& data, const TrainingSettings& settings,
                                 const std::string& target) {
  std::vector<PooledScan> scans;
  for (const CacheSelection& selection : data) {
    const cache::Cache cache = cache::Cache::open(selection.cache);
    const bool fits =
        std::all_of(cache.entries().begin(), cache.entries().end(), [&](const cache::Entry& e) {
          return e.channels.size() == settings.input.offsets_mm.size();
        });
    if (cache.target() != target || !fits) {
      throw Error(ExitCode::input, "the cache has another target or other channels than wanted",
                  selection.cache.string());
    }
    for (PooledScan& s : load_scans(cache, selection.patients, selection.weight)) {
      scans.push_back(std::move(s));
    }
  }
  return scans;
}

Run::Run(const TrainingData& data, const TrainingSettings& settings, fs::path folder)
    : settings_(settings), folder_(std::move(folder)), random_(settings.seed) {
  const cache::Cache first = cache::Cache::open(data.front().cache);
  recipe_ = first.recipe();
  target_ = first.target();
  if (settings_.compute == "auto") {
    settings_.compute = nn::cpu_multiplies_bfloat16() ? "bfloat16" : "float32";
  }
  nn::set_compute_type(settings_.compute == "bfloat16" ? nn::ComputeType::bfloat16
                                                       : nn::ComputeType::float32);
  settings_.network.input_channels = settings_.input.network_channels();
  roles_ = roles_of(first.entries().front(), settings_.input);
  std::vector<PooledScan> scans = load_all(data, settings_, target_);
  data_record_["caches"] = core::Json::array();
  for (const CacheSelection& s : data) {
    data_record_["caches"].push_back(
        {{"recipe_sha256", cache::Cache::open(s.cache).recipe_sha256()}, {"weight", s.weight}});
  }
  split_patients(std::move(scans), first);
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

void Run::split_patients(std::vector<PooledScan> scans, const cache::Cache& first) {
  std::set<std::string> of_first;
  for (const cache::Entry& e : first.entries()) of_first.insert(e.patient());
  std::set<std::string> patients;
  for (const PooledScan& s : scans) {
    if (of_first.count(s.entry.patient()) != 0) patients.insert(s.entry.patient());
  }
  std::vector<std::string> order(patients.begin(), patients.end());
  core::Random draw = random_.stream("validation patients");
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draw.below(i)]);
  const auto held = static_cast<std::size_t>(std::max(0, settings_.validation_patients));
  if (held >= order.size()) {
    throw Error(
        ExitCode::input,
        "validation needs fewer patients than the " + std::to_string(order.size()) + " there are",
        "--validation-patients");
  }
  const std::set<std::string> validation(order.begin(),
                                         order.begin() + static_cast<std::ptrdiff_t>(held));
  std::vector<PooledScan> training;
  for (PooledScan& s : scans) {
    (validation.count(s.entry.patient()) != 0 ? validation_ : training).push_back(std::move(s));
  }
  pool_ = std::make_unique<Pool>(std::move(training), settings_.input, settings_.lesion_fraction);
  data_record_["train_patients"] = pool_->patients();
  data_record_["validation_patients"] = validation;
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
      vary_intensity(patch.image, roles_, settings_.augmentation, slice.pixel_mm, draw);
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
  if (validation_.empty()) return std::numeric_limits<double>::quiet_NaN();
  nn::Graph graph = graph_.clone();
  graph.load(average_);
  std::map<std::string, std::vector<double>> by_patient;
  Progress quiet(nullptr);
  for (const PooledScan& scan : validation_) {
    progress.check();
    const std::vector<float> p =
        bundle::predict(graph, scan.stack(), settings_.input, 1.0, false, quiet);
    by_patient[scan.entry.patient()].push_back(dice(p, scan.arrays.target));
  }
  double sum = 0;
  for (const auto& [patient, values] : by_patient) {
    double mean = 0;
    for (const double v : values) mean += v / static_cast<double>(values.size());
    sum += mean;
  }
  return sum / static_cast<double>(by_patient.size());
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
  if (before.at("settings") != settings_.to_json() || before.at("data") != data_record_) {
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
                   {{"settings", settings_.to_json()}, {"data", data_record_}});
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
  bundle.target = target_;
  bundle.graph = std::make_shared<nn::Graph>(graph_.clone());
  bundle.graph->load(best_.empty() ? average_ : best_);
  bundle.input = settings_.input;
  bundle.recipe = recipe_;
  bundle.provenance = {
      {"settings", settings_.to_json()}, {"data", data_record_}, {"iterations", iteration_}};
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
