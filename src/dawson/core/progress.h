// Progress of long work, its record, its warnings, and the way to cancel it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace dawson {

/// One finished step, as it stands in a run record.
struct StepRecord {
  std::string name;
  double seconds = 0;
  double peak_memory_mb = 0;  ///< peak resident memory of the process when the step ended
};

/// Where progress is shown. `cli` has a bar for terminals, plain lines for pipes and JSON lines.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void step_started(const std::string& name, std::size_t total) = 0;
  virtual void advanced(std::size_t done, std::size_t total) = 0;
  virtual void step_finished(const StepRecord& step) = 0;
  virtual void warned(const std::string& message) = 0;
};

/// Handed to every function that may take longer than a second. Not thread-safe except `check`.
class Progress {
 public:
  /// `sink` and `cancel` may be null (silent; not cancellable); both must outlive this object.
  explicit Progress(ProgressSink* sink = nullptr, const std::atomic<bool>* cancel = nullptr)
      : sink_(sink), cancel_(cancel) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Ends the step under way, if any, and begins another of `total` units (0: not known).
  void step(std::string name, std::size_t total = 0);
  /// `units` more of this step are done. Throws Error{interrupted} when cancelled.
  void advance(std::size_t units = 1);
  /// Ends the step under way.
  void finish();
  /// Something the reader should know; kept for the run record and shown once.
  void warn(std::string message);
  /// Throws Error{interrupted} when the user has asked to stop. Call at least once a second.
  void check() const;
  [[nodiscard]] bool cancelled() const noexcept;

  [[nodiscard]] const std::vector<StepRecord>& steps() const noexcept { return steps_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

  /// A fresh record that shows and cancels as this one does: one a case of a cohort.
  [[nodiscard]] Progress child() const { return Progress(sink_, cancel_); }

 private:
  ProgressSink* sink_;
  const std::atomic<bool>* cancel_;
  std::string current_;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
  std::chrono::steady_clock::time_point started_;
  std::vector<StepRecord> steps_;
  std::vector<std::string> warnings_;
};

/// Peak resident memory of this process in MB (10^6 bytes).
double peak_memory_mb();

}  // namespace dawson
