#include "dawson/core/progress.h"

#include <sys/resource.h>

#include <utility>

#include "dawson/core/error.h"

namespace dawson {

Progress::~Progress() {
  finish();
}

void Progress::step(std::string name, std::size_t total) {
  finish();
  check();
  current_ = std::move(name);
  done_ = 0;
  total_ = total;
  started_ = std::chrono::steady_clock::now();
  if (sink_ != nullptr) sink_->step_started(current_, total_);
}

void Progress::advance(std::size_t units) {
  check();
  done_ += units;
  if (sink_ != nullptr) sink_->advanced(done_, total_);
}

void Progress::finish() {
  if (current_.empty()) return;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started_;
  steps_.push_back({std::exchange(current_, {}), elapsed.count(), peak_memory_mb()});
  if (sink_ != nullptr) sink_->step_finished(steps_.back());
}

void Progress::warn(std::string message) {
  if (sink_ != nullptr) sink_->warned(message);
  warnings_.push_back(std::move(message));
}

void Progress::check() const {
  if (cancelled()) throw Error(ExitCode::interrupted, "stopped on request");
}

bool Progress::cancelled() const noexcept {
  return cancel_ != nullptr && cancel_->load(std::memory_order_relaxed);
}

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024.0 / 1e6;  // ru_maxrss is in KiB on Linux
}

}  // namespace dawson
