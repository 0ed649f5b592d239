#include "dawson/workflow/processes.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "dawson/core/error.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int cannot_be_started = 127;  // as a shell says it

struct Running {
  std::size_t index = 0;
  pid_t pid = 0;
  Clock::time_point started;
  bool too_long = false;
};

/// What the new process does before it becomes the program. No memory may be asked for: another
/// thread of this one may have held the allocator's lock.
[[noreturn]] void become(char* const* arguments, int nothing, int log, pid_t parent) {
  setpgid(0, 0);  // so that what it starts can be stopped with it
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // A parent that is killed takes no leave: without this its programs would go on in folders that
  // the same command, given again, works in too.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const bool orphan = getppid() != parent;
  if (!orphan && dup2(nothing, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0) {
    execv(arguments[0], arguments);
  }
  _exit(cannot_be_started);
}

pid_t start(const Launch& launch) {
  fs::create_directories(launch.log.parent_path());
  std::vector<char*> arguments;
  for (const std::string& a : launch.arguments) arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = open(launch.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  pid_t pid = -1;
  if (nothing >= 0 && log >= 0) {
    const pid_t parent = getpid();
    pid = fork();
    if (pid == 0) become(arguments.data(), nothing, log, parent);
  }
  if (nothing >= 0) close(nothing);
  if (log >= 0) close(log);
  if (pid < 0) {
    throw Error(ExitCode::output, "cannot be started, or its log cannot be written",
                launch.log.string());
  }
  setpgid(pid, pid);  // whoever comes first: the group is there when it is to be stopped
  return pid;
}

Ended ended_of(const Running& running, int status, const Launch& launch, double limit_s) {
  Ended ended;
  ended.seconds = std::chrono::duration<double>(Clock::now() - running.started).count();
  if (running.too_long) {
    ended.reason = "took longer than " + std::to_string(static_cast<long>(limit_s)) + " s";
  } else if (WIFSIGNALED(status)) {
    ended.reason = "killed by signal " + std::to_string(WTERMSIG(status)) +
                   (WTERMSIG(status) == SIGKILL ? " (out of memory?)" : "");
  } else if (WEXITSTATUS(status) != 0) {
    ended.exit_code = WEXITSTATUS(status);
    ended.reason =
        ended.exit_code == cannot_be_started
            ? launch.arguments.front() + " cannot be started"
            : "exit code " + std::to_string(ended.exit_code) + ": " + last_line(launch.log);
  } else {
    ended.done = true;
  }
  return ended;
}

void stop_all(std::vector<Running>& running) {
  for (const Running& r : running) kill(-r.pid, SIGKILL);
  for (const Running& r : running) waitpid(r.pid, nullptr, 0);
  running.clear();
}

}  // namespace

std::string last_line(const fs::path& log) {
  std::ifstream in(log);
  std::string line;
  std::string last;
  while (std::getline(in, line)) {
    if (!line.empty()) last = line;
  }
  return last;
}

void run_side_by_side(const std::vector<Launch>& launches, int jobs, double limit_s,
                      Progress& progress, const std::function<void(std::size_t, Ended)>& ended) {
  std::vector<Running> running;
  std::size_t next = 0;
  try {
    while (next < launches.size() || !running.empty()) {
      while (next < launches.size() && running.size() < static_cast<std::size_t>(jobs)) {
        running.push_back({next, start(launches[next]), Clock::now(), false});
        ++next;
      }
      for (std::size_t i = 0; i < running.size();) {
        Running& r = running[i];
        int status = 0;
        if (waitpid(r.pid, &status, WNOHANG) == r.pid) {
          const Running over = r;
          running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
          ended(over.index, ended_of(over, status, launches[over.index], limit_s));
          continue;
        }
        const std::chrono::duration<double> taken = Clock::now() - r.started;
        if (limit_s > 0 && taken.count() > limit_s && !r.too_long) {
          r.too_long = true;
          kill(-r.pid, SIGKILL);
        }
        ++i;
      }
      progress.check();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  } catch (...) {
    stop_all(running);
    throw;
  }
}

}  // namespace dawson::workflow
