#include "dawson/cli/process.h"

#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/nn/threads.h"
#ifndef DAWSON_TRAINING_ONLY
#include "dawson/imaging/threads.h"
#endif

namespace dawson::cli {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(CPU_COUNT(&set), 1);
  return static_cast<int>(std::max(std::thread::hardware_concurrency(), 1U));
}

void tune_memory() {
  constexpr int gigabyte = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, gigabyte);
  mallopt(M_TRIM_THRESHOLD, gigabyte);
}

void set_threads(int count) {
  const int threads = count > 0 ? count : usable_cores();
  nn::set_threads(threads);
#ifndef DAWSON_TRAINING_ONLY
  imaging::set_threads(threads);
#endif
}

std::string blas_warning() {
  std::ifstream maps("/proc/self/maps");
  bool reference = false;
  for (std::string line; std::getline(maps, line);) {
    for (const char* fast : {"openblas", "libmkl", "libblis", "libatlas"}) {
      if (line.find(fast) != std::string::npos) return {};
    }
    reference = reference || line.find("/libblas.so") != std::string::npos;
  }
  if (!reference) return {};
  return "the slow reference BLAS is in use; install libopenblas0-pthread to run several times "
         "faster";
}

struct InterruptWatch::State {
  std::atomic<bool> cancel{false};
  std::atomic<bool> ended{false};
  double grace_seconds = 0;
  sigset_t before{};
  std::thread watcher;

  void watch() {
    const sigset_t signals = stop_signals();
    int received = 0;
    sigwait(&signals, &received);
    if (ended) return;
    cancel = true;
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::duration<double>(grace_seconds);
    while (std::chrono::steady_clock::now() < deadline) {
      if (ended) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    core::discard_unfinished_files();
    constexpr std::string_view sentence = "dawson: stopped on request\n";
    const auto ignored = write(STDERR_FILENO, sentence.data(), sentence.size());
    static_cast<void>(ignored);  // nobody left to tell
    _exit(static_cast<int>(ExitCode::interrupted));
  }
};

InterruptWatch::InterruptWatch(double grace_seconds) : state_(std::make_unique<State>()) {
  state_->grace_seconds = grace_seconds;
  // Blocked in every thread that is started from here on; the watcher alone takes them.
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, &state_->before);
  state_->watcher = std::thread([state = state_.get()] { state->watch(); });
}

InterruptWatch::~InterruptWatch() {
  state_->ended = true;
  pthread_kill(state_->watcher.native_handle(), SIGTERM);  // wakes it if no signal ever came
  state_->watcher.join();
  // A signal that came too late to matter must not kill the program on its last step.
  const sigset_t signals = stop_signals();
  const timespec now{0, 0};
  while (sigtimedwait(&signals, nullptr, &now) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &state_->before, nullptr);
}

const std::atomic<bool>& InterruptWatch::cancel() const noexcept {
  return state_->cancel;
}

}  // namespace dawson::cli
