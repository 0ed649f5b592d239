// What the process itself needs before any work: memory, threads, Ctrl-C.
#pragma once

#include <atomic>
#include <memory>
#include <string>

namespace dawson::cli {

/// Keeps large freed blocks instead of giving them back to the kernel at every step.
void tune_memory();

/// Threads for torch and ITK; 0: all cores this process may use.
void set_threads(int count);
/// Cores this process may use; a container or taskset may allow fewer than the machine has.
int usable_cores();

/// A sentence when the slow reference BLAS is loaded and no fast one; else empty.
std::string blas_warning();

/// While this lives, SIGINT and SIGTERM set `cancel()`. If the program has not ended
/// `grace_seconds` later, unfinished files are removed and the process ends with 130.
/// Make it before any thread is started.
class InterruptWatch {
 public:
  explicit InterruptWatch(double grace_seconds = 0.7);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  [[nodiscard]] const std::atomic<bool>& cancel() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dawson::cli
