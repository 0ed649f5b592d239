// Runs of the toy network, in this process and in others that are killed.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "dawson/nn/threads.h"
#include "dawson/training/trainer.h"
#include "support/temporary_folder.h"
#include "training/toy.h"

namespace dawson::training {

namespace fs = std::filesystem;

/// Calls `action` when that many iterations are done.
class AtIteration : public ProgressSink {
 public:
  AtIteration(std::size_t iteration, std::function<void()> action)
      : iteration_(iteration), action_(std::move(action)) {}
  void step_started(const std::string&, std::size_t) override {}
  void advanced(std::size_t done, std::size_t) override {
    if (done == iteration_) action_();
  }
  void step_finished(const StepRecord&) override {}
  void warned(const std::string&) override {}

 private:
  std::size_t iteration_;
  std::function<void()> action_;
};

inline TrainingResult train_toy(const fs::path& cache, const TrainingSettings& settings,
                                const fs::path& run, bool resume = false,
                                ProgressSink* sink = nullptr) {
  nn::set_threads(1);  // a process that has forked may not start OpenMP's threads
  Progress progress(sink);
  return train({{cache, {}, 1.0}}, settings, run, resume, progress);
}

/// Runs `work` in a process of its own; its return value is the exit status.
inline pid_t start_process(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  int status = 1;
  try {
    status = work();
  } catch (...) {
    status = 1;
  }
  _exit(status);
}

/// The wait status of a process that has ended.
inline int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

/// Names of the run's checkpoints, and of anything unfinished; its lock stays.
inline std::set<std::string> checkpoints(const fs::path& run) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(run)) {
    const std::string name = entry.path().filename().string();
    if (name == ".lock") continue;
    if (name.find("checkpoint") != std::string::npos || name.front() == '.') names.insert(name);
  }
  return names;
}

/// Every byte that a finished run's answers depend on.
inline std::string weights_of(const fs::path& run, int iterations = 12) {
  const fs::path last = run / ("checkpoint-" + std::to_string(iterations));
  std::string bytes;
  for (const fs::path& file : {last / "weights.safetensors", last / "average.safetensors",
                               run / "model" / "weights.safetensors"}) {
    const std::string content = testing::read(file);
    if (content.empty()) return {};
    bytes += content;
  }
  return bytes;
}

}  // namespace dawson::training
