#include "dawson/training/trainer.h"

#include <ATen/Context.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "dawson/cache/folder_lock.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/nn/compute.h"
#include "dawson/nn/device.h"
#include "dawson/nn/encoder_weights.h"
#include "dawson/nn/graph.h"
#include "dawson/training/batch.h"
#include "dawson/training/checkpoint.h"
#include "dawson/training/hard_negatives.h"
#include "dawson/training/history.h"
#include "dawson/training/initial_model.h"
#include "dawson/training/learner.h"
#include "dawson/training/memory.h"
#include "dawson/training/model_of_run.h"
#include "dawson/training/pool.h"
#include "dawson/training/run_data.h"
#include "dawson/training/run_record.h"
#include "dawson/training/schedule.h"
#include "dawson/training/sight.h"
#include "dawson/training/validation.h"

namespace dawson::training {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Losses are read so often: often enough to lose little when they are no longer finite.
constexpr int iterations_between_looks = 10;
constexpr double rate_after_rollback = 0.5;

void require_patch(const nn::Graph& graph, const TrainingSettings& settings) {
  if (settings.patch % graph.stride() == 0) return;
  throw Error(ExitCode::usage,
              "must be a multiple of " + std::to_string(graph.stride()) + " for this network",
              "--patch");
}

/// The steps of the epoch under way.
struct Epoch {
  StepSums sums;
  Batch last;
  Clock::time_point started = Clock::now();
};

class Run {
 public:
  Run(const TrainingData& data, const TrainingSettings& settings, fs::path folder,
      Progress& progress);
  void resume();
  TrainingResult work();

 private:
  void load_data(const TrainingData& data);
  [[nodiscard]] nn::Graph first_graph() const;
  void begin();
  void take_up(const fs::path& checkpoint);
  [[nodiscard]] double learning_rate(int iteration) const;
  void find_hard_places();
  void step(Epoch& epoch);
  [[nodiscard]] bool can_go_on(const Epoch& epoch, bool closes) const;
  void roll_back();
  void close_epoch(const Epoch& epoch);
  void judge(const ValidationScores& scores, double training_loss);
  void save();
  [[nodiscard]] core::Json record() const;
  [[nodiscard]] bool stopped_early() const;

  TrainingSettings settings_;
  c10::Device device_;
  std::int64_t memory_ = -1;  ///< bytes for tensors at the beginning; −1: not known
  fs::path folder_;
  Progress& progress_;
  core::Random random_;
  std::optional<bundle::Bundle> initial_;
  core::Json lineage_;
  core::Json encoder_weights_;  ///< name and SHA-256 of the file; null: none
  RunData data_;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Validation> validation_;

  // What a checkpoint holds.
  std::unique_ptr<Learner> learner_;
  nn::Tensors best_;
  HardNegatives hard_;
  History history_;
  Watch watch_;
  Plateau plateau_;
  int iteration_ = 0;
  int best_iteration_ = 0;
  int rollbacks_ = 0;
};

bool higher_is_better(const TrainingSettings& s) {
  return measure_from(s.stop_on) != Measure::loss;
}

Watch watch_of(const TrainingSettings& s) {
  return Watch(higher_is_better(s));
}

Plateau plateau_of(const TrainingSettings& s) {
  return {higher_is_better(s), s.plateau_epochs, s.plateau_factor};
}

Run::Run(const TrainingData& data, const TrainingSettings& settings, fs::path folder,
         Progress& progress)
    : settings_(settings),
      device_(nn::find_device(settings.device)),
      folder_(std::move(folder)),
      progress_(progress),
      random_(settings.seed),
      watch_(watch_of(settings)),
      plateau_(plateau_of(settings)) {
  nn::set_deterministic(settings_.deterministic);
  settings_.device = device_.is_cpu() ? "cpu" : "cuda";  // which GPU of several decides nothing
  if (settings_.compute == "auto") {
    settings_.compute =
        nn::fastest_type(device_) == nn::ComputeType::bfloat16 ? "bfloat16" : "float32";
  }
  nn::set_compute_type(settings_.compute == "bfloat16" ? nn::ComputeType::bfloat16
                                                       : nn::ComputeType::float32);
  load_data(data);
  validation_ = std::make_unique<Validation>(std::move(data_.validation), settings_);
  pool_ =
      std::make_unique<Pool>(std::move(data_.training), settings_.input, sampling_of(settings_));
  begin();
  if (!initial_ && !settings_.encoder_weights.empty()) {
    const fs::path file = settings_.encoder_weights;
    encoder_weights_ = {{"file", file.filename().string()}, {"sha256", core::sha256_file(file)}};
  }
}

void Run::load_data(const TrainingData& data) {
  if (!settings_.init.empty()) {
    const cache::Cache first = cache::Cache::open(data.front().cache);
    initial_ = open_initial(settings_.init, first.recipe(), first.target(), progress_);
    lineage_ = lineage_of(*initial_);
    settings_.input = initial_->input;
  }
  settings_.network.input_channels = settings_.input.network_channels();
  data_ = load_run_data(data, settings_, random_);
  for (const std::string& patient : patients_seen(lineage_)) {
    const auto& held = data_.record.at("validation_patients");
    if (std::find(held.begin(), held.end(), patient) == held.end()) continue;
    throw Error(ExitCode::input, "was trained on patient " + patient + ", who is to validate",
                settings_.init, "choose another --seed, or validate on no patient");
  }
  if (settings_.epochs > 0) {
    settings_.epoch_iterations =
        std::max(1, (data_.target_slices + settings_.batch - 1) / settings_.batch);
    settings_.iterations = settings_.epochs * settings_.epoch_iterations;
  }
}

nn::Graph Run::first_graph() const {
  if (initial_) return initial_->graph->clone();
  nn::Graph graph = nn::build(settings_.network);
  core::Random weights = random_.stream("weights");
  graph.initialise(weights);
  if (!settings_.encoder_weights.empty()) {
    nn::load_encoder(graph, settings_.network, settings_.encoder_weights, [this] {
      return make_batch(*pool_, hard_, data_.roles, settings_, random_.stream("calibration"), 0)
          .images;
    });
  }
  return graph;
}

/// The state of a run that has not made a step, but for what it has learned of rollbacks.
void Run::begin() {
  nn::Graph graph = first_graph();
  require_patch(graph, settings_);
  if (!learner_) {
    memory_ = memory_for_training(settings_, device_);
    require_memory(graph, settings_, memory_);
  }
  learner_.reset();  // before there is another: there may not be room for both
  learner_ = std::make_unique<Learner>(std::move(graph), settings_, device_);
  best_.clear();
  hard_ = HardNegatives();
  history_ = History();
  watch_ = watch_of(settings_);
  plateau_ = plateau_of(settings_);
  iteration_ = 0;
  best_iteration_ = 0;
}

void Run::take_up(const fs::path& folder) {
  const Checkpoint checkpoint = load_checkpoint(folder, learner_->optimiser());
  learner_->load(checkpoint.weights, checkpoint.average);
  best_ = checkpoint.best;
  iteration_ = checkpoint.iteration;
  best_iteration_ = checkpoint.state.at("best_iteration");
  hard_ = HardNegatives::from_json(checkpoint.state.at("hard_negatives"), *pool_);
  watch_.load(checkpoint.state.at("watch"));
  plateau_.load(checkpoint.state.at("plateau"));
  history_.load(folder_, iteration_);
}

void Run::resume() {
  const std::optional<fs::path> latest = latest_checkpoint(folder_);
  if (!latest) return;
  require_same_run(folder_, record(), settings_.change_device);
  take_up(*latest);
  rollbacks_ = core::read_json(*latest / "state.json").at("rollbacks");
}

double Run::learning_rate(int iteration) const {
  return learning_rate_at(settings_, iteration) * plateau_.share() *
         std::pow(rate_after_rollback, rollbacks_);
}

/// Looks for hard places with the averaged weights, from time to time.
void Run::find_hard_places() {
  if (settings_.hard_fraction <= 0 || iteration_ == 0) return;
  if (iteration_ % settings_.hard_interval != 0) return;
  hard_.search(learner_->averaged(), *pool_, settings_.hard_slices,
               random_.stream("hard negatives", static_cast<std::uint64_t>(iteration_)), progress_);
}

void Run::step(Epoch& epoch) {
  find_hard_places();
  at::manual_seed(random_.stream("dropout", static_cast<std::uint64_t>(iteration_)).bits());
  try {
    epoch.last = make_batch(*pool_, hard_, data_.roles, settings_, random_, iteration_, device_);
    learner_->step(epoch.last, learning_rate(iteration_), iteration_ + 1, epoch.sums);
  } catch (const std::exception& e) {
    if (is_out_of_memory(e)) throw out_of_memory(learner_->graph(), settings_, memory_);
    throw;
  }
  ++iteration_;
}

/// Looked at from time to time, and always before a checkpoint: that must be one to go back to.
bool Run::can_go_on(const Epoch& epoch, bool closes) const {
  if (!closes && iteration_ % iterations_between_looks != 0) return true;
  return epoch.sums.read().finite() && (!closes || learner_->can_go_on(epoch.last));
}

void Run::roll_back() {
  const int reached = iteration_;
  const std::string what = "the loss is no longer finite at iteration " + std::to_string(reached);
  if (rollbacks_ == settings_.rollbacks) {
    throw Error(ExitCode::resources,
                what + (rollbacks_ == 0 ? ""
                                        : ", after " + std::to_string(rollbacks_) +
                                              " returns to a checkpoint with half the learning "
                                              "rate each"),
                folder_.string(), "start again with a lower --learning-rate");
  }
  ++rollbacks_;
  begin();
  if (const auto latest = latest_checkpoint(folder_)) take_up(*latest);
  progress_.warn(what + ": the run goes on from iteration " + std::to_string(iteration_) +
                 " with half the learning rate (return " + std::to_string(rollbacks_) +
                 " of at most " + std::to_string(settings_.rollbacks) + ")");
}

/// Keeps the weights if they are the best so far, and lowers the rate where nothing gets better.
void Run::judge(const ValidationScores& scores, double training_loss) {
  double value = scores.loss;
  if (measure_from(settings_.stop_on) == Measure::dice) value = scores.dice;
  if (measure_from(settings_.stop_on) == Measure::lesion_f1) value = scores.lesion_f1;
  const bool validated = !validation_->empty();
  if (settings_.schedule == "plateau") plateau_.consider(validated ? value : training_loss);
  if (!validated || !watch_.consider(value)) return;
  best_ = cloned(learner_->average());
  best_iteration_ = iteration_;
  if (!validation_->slices().names.empty()) {
    write_slices(folder_, validation_->slices(), iteration_);
  }
}

void Run::close_epoch(const Epoch& epoch) {
  EpochRecord row;
  row.iteration = iteration_;
  row.learning_rate = learning_rate(iteration_ - 1);
  row.means = epoch.sums.read();
  nn::Graph averaged = learner_->averaged();
  row.validation = validation_->measure(averaged, progress_);
  row.rollbacks = rollbacks_;
  row.seconds = std::chrono::duration<double>(Clock::now() - epoch.started).count();
  judge(row.validation, row.means.loss);
  history_.add(row);
  history_.write(folder_);
  save();
}

void Run::save() {
  save_checkpoint(folder_,
                  {iteration_,
                   learner_->graph().tensors(),
                   learner_->average(),
                   best_,
                   {{"best_iteration", best_iteration_},
                    {"hard_negatives", hard_.to_json()},
                    {"watch", watch_.to_json()},
                    {"plateau", plateau_.to_json()},
                    {"rollbacks", rollbacks_}}},
                  learner_->optimiser());
}

bool Run::stopped_early() const {
  return settings_.patience_epochs > 0 &&
         watch_.epochs_without_better() >= settings_.patience_epochs;
}

core::Json Run::record() const {
  core::Json json = {
      {"settings", settings_.to_json()}, {"data", data_.record}, {"scans", data_.scans}};
  if (initial_) {
    const core::Json before = initial_->provenance.value("settings", core::Json::object());
    json["settings"]["network"] = before.value("network", core::Json());
    json["init"] = lineage_;
  }
  if (!encoder_weights_.is_null()) json["settings"]["encoder_weights"] = encoder_weights_;
  return json;
}

TrainingResult Run::work() {
  int furthest = iteration_;
  bool recorded = false;  // once a step was made: what has no room for one leaves nothing
  progress_.step("training", static_cast<std::size_t>(settings_.iterations - iteration_));
  Epoch epoch;
  while (iteration_ < settings_.iterations && !stopped_early()) {
    step(epoch);
    if (!std::exchange(recorded, true)) core::write_json(folder_ / "settings.json", record());
    const bool closes =
        iteration_ % settings_.epoch_iterations == 0 || iteration_ == settings_.iterations;
    if (!can_go_on(epoch, closes)) {
      roll_back();
      epoch = Epoch();
      continue;
    }
    if (closes) {
      close_epoch(epoch);
      epoch = Epoch();
    }
    if (iteration_ > furthest) {
      progress_.advance(static_cast<std::size_t>(iteration_ - furthest));
      furthest = iteration_;
    } else {
      progress_.check();
    }
  }
  nn::Graph graph = learner_->averaged();
  if (!best_.empty()) graph.load(best_);
  write_model(folder_, std::move(graph), settings_.input, data_, record(), iteration_,
              initial_ ? &*initial_ : nullptr);
  progress_.finish();
  return {iteration_, best_.empty() ? iteration_ : best_iteration_, watch_.best(), rollbacks_};
}

void refuse_known_run(const fs::path& run) {
  if (!fs::exists(run / "settings.json")) return;
  throw Error(ExitCode::output, "already holds a training run", run.string(),
              "go on with --resume or choose another output");
}

/// Takes a folder away that holds nothing but its lock.
void discard_if_empty(const fs::path& run) {
  std::error_code error;
  const fs::directory_iterator files(run, error);
  if (std::distance(files, fs::directory_iterator()) == 1) fs::remove(run / ".lock", error);
  fs::remove(run, error);  // stays where something is in it
}

}  // namespace

void require_trainable(const TrainingSettings& settings) {
  settings.check();
  if (!settings.init.empty())
    return;  // its network and what that asks for are known when it is opened
  require_patch(nn::build(settings.network), settings);
  if (!settings.encoder_weights.empty() && !fs::exists(settings.encoder_weights)) {
    throw Error(ExitCode::model, "does not exist", settings.encoder_weights);
  }
}

TrainingResult train(const TrainingData& data, const TrainingSettings& settings,
                     const fs::path& run, bool resume, Progress& progress) {
  require_trainable(settings);
  if (!resume) refuse_known_run(run);
  std::optional<cache::FolderLock> lock;
  if (fs::exists(run)) {  // before scans are read: two that wait need no memory for them
    lock.emplace(run, progress);
    if (!resume) refuse_known_run(run);
  }
  Run work(data, settings, run, progress);
  std::error_code error;
  const bool made = fs::create_directories(run, error);
  if (error) throw Error(ExitCode::output, "the folder cannot be made", run.string());
  try {
    if (!lock) lock.emplace(run, progress);
    if (resume) work.resume();
    return work.work();
  } catch (...) {
    if (made) discard_if_empty(run);
    throw;
  }
}

}  // namespace dawson::training
