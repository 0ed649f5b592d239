#include "dawson/workflow/cohort.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

#include "dawson/core/error.h"
#include "dawson/nn/threads.h"

namespace dawson::workflow {
namespace {

using Work = std::function<void(const dataset::Scan&, Progress&)>;

/// The scans of a step, handed out to those who ask.
class Queue {
 public:
  Queue(const std::vector<dataset::Scan>& scans, const Work& work, Progress& progress)
      : scans_(scans), work_(work), progress_(progress), failures_(scans.size()) {}

  /// Works until no scan is left, or until an error ends the work.
  void drain() {
    try {
      for (const dataset::Scan* scan = next(); scan != nullptr; scan = next()) do_one(*scan);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!ended_by_) ended_by_ = std::current_exception();
    }
  }

  /// When all are drained. Throws what ended the work.
  [[nodiscard]] CohortOutcome outcome() const {
    if (ended_by_) std::rethrow_exception(ended_by_);
    CohortOutcome outcome;
    for (const std::string& failure : failures_) {
      if (!failure.empty()) outcome.failures.push_back(failure);
    }
    outcome.done = scans_.size() - outcome.failures.size();
    return outcome;
  }

 private:
  const dataset::Scan* next() {
    const std::lock_guard lock(mutex_);
    progress_.check();
    return ended_by_ || next_ == scans_.size() ? nullptr : &scans_[next_++];
  }

  void do_one(const dataset::Scan& scan) {
    Progress quiet(nullptr, nullptr);
    std::string failure;
    try {
      work_(scan, quiet);
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
      failure = scan.name() + ": " + e.what();
    }
    const std::lock_guard lock(mutex_);
    if (failure.empty()) {
      for (const std::string& warning : quiet.warnings()) {
        progress_.warn(scan.name() + ": " + warning);
      }
    } else {
      progress_.warn(failure);
      failures_[static_cast<std::size_t>(&scan - scans_.data())] = failure;
    }
    progress_.advance();
  }

  const std::vector<dataset::Scan>& scans_;
  const Work& work_;
  std::mutex mutex_;  // guards what follows
  Progress& progress_;
  std::size_t next_ = 0;
  std::vector<std::string> failures_;
  std::exception_ptr ended_by_;
};

}  // namespace

CohortOutcome each_scan(const std::vector<dataset::Scan>& scans, const std::string& step,
                        const Work& work, Progress& progress, int workers) {
  progress.step(step, scans.size());
  Queue queue(scans, work, progress);
  if (workers < 2) {
    queue.drain();
  } else {
    std::vector<std::jthread> threads;
    for (std::size_t n = 0; n < std::min(scans.size(), std::size_t(workers)); ++n) {
      threads.emplace_back([&queue] {
        nn::set_threads(1);  // of this thread
        queue.drain();
      });
    }
  }
  CohortOutcome outcome = queue.outcome();
  progress.finish();
  return outcome;
}

}  // namespace dawson::workflow
