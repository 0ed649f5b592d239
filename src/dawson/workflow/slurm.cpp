#include "dawson/workflow/slurm.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* job_name = "dawson";
constexpr auto between_looks = std::chrono::seconds(1);
/// Files of another node may be seen later than its end.
constexpr auto grace = std::chrono::seconds(15);

/// For a shell: between single quotes.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

struct Said {
  int code = -1;
  std::string text;  ///< standard output and error
};

Said run(const std::string& command) {
  Said said;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return said;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) {
    said.text.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  said.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  while (!said.text.empty() && said.text.back() == '\n') said.text.pop_back();
  return said;
}

fs::path code_file(const fs::path& folder, std::size_t task) {
  return folder / ("task-" + std::to_string(task) + ".code");
}

/// What a task ends with when there is no room for its exit code: that of Error{output}.
constexpr const char* no_room = "4";

/// Runs one task and writes its exit code and seconds, whole or not at all. A task that a signal
/// ended may be one of all the processes that Slurm ends, the script's own shell among them: it
/// waits for its turn, since Slurm knows the reason then, and no code is to stand in its place.
std::string task_script(const Launch& launch, const fs::path& code) {
  std::string command;
  for (const std::string& word : launch.arguments) command += quoted(word) + " ";
  const std::string log = quoted(fs::absolute(launch.log).string());
  const std::string file = quoted(code.string());
  return "cd " + quoted(fs::current_path().string()) + " || exit 1\nSECONDS=0\n" + command +
         "</dev/null >>" + log + " 2>&1\ncode=$? seconds=$SECONDS\n" +
         "if [ $code -gt 128 ]; then sleep 5; fi\necho $code $seconds >" + file + ".new && mv " +
         file + ".new " + file + " || exit " + no_room + "\n";
}

std::string array_script(const SlurmSettings& settings, const fs::path& folder, std::size_t tasks,
                         std::size_t elements) {
  std::ostringstream text;
  text << "#!/bin/bash\n#SBATCH --job-name=" << job_name << "\n#SBATCH --array=0-" << elements - 1
       << "\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=" << settings.cpus
       << "\n#SBATCH --output=" << (folder / "slurm-%a.log").string() << "\n";
  if (settings.limit_s > 0) {  // of the element, which does some tasks one after the other
    const auto each = static_cast<double>((tasks + elements - 1) / elements);
    text << "#SBATCH --time=" << std::lround(std::ceil(each * settings.limit_s / 60)) << "\n";
  } else if (!settings.time.empty()) {
    text << "#SBATCH --time=" << settings.time << "\n";
  }
  if (!settings.memory.empty()) text << "#SBATCH --mem=" << settings.memory << "\n";
  if (!settings.partition.empty()) text << "#SBATCH --partition=" << settings.partition << "\n";
  text << "for ((task = SLURM_ARRAY_TASK_ID; task < " << tasks << "; task += " << elements
       << ")); do\n  bash " << quoted(folder.string()) << "/task-$task.sh\n  if [ $? = " << no_room
       << " ]; then exit " << no_room << "; fi\ndone\n";
  return text.str();
}

std::string submit(const fs::path& script) {
  const Said said = run("sbatch --parsable " + quoted(script.string()));
  if (said.code != 0) {
    throw Error(ExitCode::resources, "Slurm refuses it: " + said.text, script.string());
  }
  return said.text.substr(0, said.text.find(';'));
}

/// Some task of the array waits or runs.
bool is_queued(const std::string& job) {
  const Said said =
      run("squeue -h -t all --name=" + std::string(job_name) + " -o '%i %T' -j " + job);
  if (said.code != 0) return said.text.find("Invalid job id") == std::string::npos;
  std::istringstream lines(said.text);
  for (std::string line; std::getline(lines, line);) {
    for (const char* over : {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "OUT_OF_MEMORY",
                             "NODE_FAIL", "DEADLINE", "BOOT_FAIL"}) {
      if (line.ends_with(over)) line.clear();
    }
    if (!line.empty()) return true;
  }
  return false;
}

void pause(Progress& progress) {
  const auto next = Clock::now() + between_looks;
  while (Clock::now() < next) {
    progress.check();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

/// Who submitted it may have been killed: its tasks would write to the same files as the new ones.
void end_earlier_array(const fs::path& folder, Progress& progress) {
  std::string job;
  if (std::ifstream in(folder / "job.txt"); in) std::getline(in, job);
  if (job.empty() || job.find_first_not_of("0123456789") != std::string::npos) return;
  if (!is_queued(job)) return;
  progress.warn("Slurm job " + job + " of an earlier call is not over: it is cancelled first");
  run("scancel --name=" + std::string(job_name) + " " + job);
  while (is_queued(job)) pause(progress);
}

/// How a task ended that left no exit code: "Slurm: TIMEOUT", where Slurm still knows.
Ended how_stopped(const std::string& job, std::size_t element) {
  const Said said = run("scontrol -o show job " + job + "_" + std::to_string(element));
  const std::size_t at = said.text.find("JobState=");
  Ended ended;
  ended.reason = "cancelled or stopped by Slurm";
  if (said.code != 0 || at == std::string::npos) return ended;
  ended.reason = "Slurm: " + said.text.substr(at + 9, said.text.find(' ', at) - at - 9);
  if (said.text.find(std::string("ExitCode=") + no_room + ":") != std::string::npos) {
    ended.exit_code = static_cast<int>(ExitCode::output);
    ended.reason = "its exit code cannot be written (is the disk full?)";
  }
  return ended;
}

}  // namespace

void require_slurm() {
  if (run("command -v sbatch && command -v squeue").code == 0) return;
  throw Error(ExitCode::resources, "there is no Slurm here: sbatch and squeue are not found",
              "--slurm", "leave it out to run on this machine");
}

void run_on_slurm(const std::vector<Launch>& launches, const SlurmSettings& settings,
                  const fs::path& folder, Progress& progress,
                  const std::function<void(std::size_t, Ended)>& ended) {
  if (launches.empty()) return;
  require_slurm();
  const fs::path place = fs::absolute(folder);
  fs::create_directories(place);
  end_earlier_array(place, progress);
  for (std::size_t t = 0; t < launches.size(); ++t) {
    fs::create_directories(launches[t].log.parent_path());
    fs::remove(code_file(place, t));
    core::write_text(place / ("task-" + std::to_string(t) + ".sh"),
                     task_script(launches[t], code_file(place, t)));
  }
  const std::size_t elements = std::min(launches.size(), settings.most_elements);
  core::write_text(place / "array.sh", array_script(settings, place, launches.size(), elements));
  const std::string job = submit(place / "array.sh");
  core::write_text(place / "job.txt", job + "\n");

  std::vector<bool> known(launches.size());
  std::size_t left = launches.size();
  Clock::time_point last_seen = Clock::now();
  try {
    while (left > 0) {
      for (std::size_t t = 0; t < launches.size(); ++t) {
        if (known[t]) continue;
        int code = 0;
        Ended how;
        if (std::ifstream in(code_file(place, t)); !(in >> code >> how.seconds)) continue;
        how.done = code == 0;
        if (!how.done) {
          how.exit_code = code;
          how.reason = "exit code " + std::to_string(code) + ": " + last_line(launches[t].log);
        }
        known[t] = true;
        --left;
        ended(t, how);
      }
      if (left == 0) break;
      if (is_queued(job)) {
        last_seen = Clock::now();
      } else if (Clock::now() - last_seen > grace) {
        for (std::size_t t = 0; t < launches.size(); ++t) {
          if (!known[t]) ended(t, how_stopped(job, t % elements));
        }
        return;
      }
      pause(progress);
    }
  } catch (...) {
    run("scancel " + job);
    throw;
  }
}

void run_all(const std::vector<Launch>& launches, const Where& where, const fs::path& folder,
             Progress& progress, const std::function<void(std::size_t, Ended)>& ended) {
  if (where.slurm) {
    SlurmSettings settings = *where.slurm;
    settings.limit_s = where.limit_s;
    run_on_slurm(launches, settings, folder, progress, ended);
  } else {
    run_side_by_side(launches, where.jobs, where.limit_s, progress, ended);
  }
}

}  // namespace dawson::workflow
