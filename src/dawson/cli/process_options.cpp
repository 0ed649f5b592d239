#include "dawson/cli/process_options.h"

#include <algorithm>

namespace dawson::cli {

std::vector<Option> process_options(const std::string& many, const std::string& each) {
  return {
      {.name = "jobs",
       .type = OptionType::integer,
       .unit = "COUNT",
       .default_value = "1",
       .minimum = 1,
       .help = many + " at a time, each a process of its own; they share --threads."},
      {.name = "slurm",
       .type = OptionType::flag,
       .help = "Run " + each + " as a task of a Slurm job array, and wait for all."},
      {.name = "slurm-time", .unit = "TIME", .help = "With --slurm: of a task, as \"4:00:00\"."},
      {.name = "slurm-memory", .unit = "SIZE", .help = "With --slurm: of a task, as \"8G\"."},
      {.name = "slurm-partition", .unit = "NAME", .help = "With --slurm: where tasks go."},
      {.name = "slurm-cpus",
       .type = OptionType::integer,
       .unit = "COUNT",
       .default_value = "1",
       .minimum = 1,
       .help = "With --slurm: cores, and threads, of a task."}};
}

workflow::Where where(const Context& context) {
  workflow::Where where;
  where.jobs = context.integer("jobs");
  if (!context.flag("slurm")) {
    for (const char* name : {"slurm-time", "slurm-memory", "slurm-partition"}) {
      if (context.has(name)) {
        throw Error(ExitCode::usage, "is of --slurm", std::string("--") + name);
      }
    }
    return where;
  }
  workflow::require_slurm();
  workflow::SlurmSettings slurm;
  if (context.has("slurm-time")) slurm.time = context.text("slurm-time");
  if (context.has("slurm-memory")) slurm.memory = context.text("slurm-memory");
  if (context.has("slurm-partition")) slurm.partition = context.text("slurm-partition");
  slurm.cpus = context.integer("slurm-cpus");
  where.slurm = slurm;
  return where;
}

std::string command_line(const Context& context, std::set<std::string> without) {
  without.insert({"threads", "progress"});
  std::string line = "dawson " + context.command();
  const core::Json settings = context.settings().to_json();
  for (const auto& [name, value] : settings.items()) {
    if (!context.settings().given(name) || without.contains(name)) continue;
    if (value.is_boolean()) {
      if (value.get<bool>()) line += " --" + name;
      continue;
    }
    for (const core::Json& v : value.is_array() ? value : core::Json::array({value})) {
      line += " --" + name + " " + (v.is_string() ? v.get<std::string>() : v.dump());
    }
  }
  return line;
}

std::vector<std::string> task_command(const Context& context, const std::string& command,
                                      std::set<std::string> without) {
  for (const Option& o : process_options("", "")) without.insert(o.name);
  without.insert({"threads", "progress"});
  std::vector<std::string> words = {std::filesystem::read_symlink("/proc/self/exe").string(),
                                    command};
  for (std::string& word : context.settings().given_words(without)) {
    words.push_back(std::move(word));
  }
  const int here = context.threads();
  const int threads = context.flag("slurm") ? context.integer("slurm-cpus")
                                            : std::max(1, here / context.integer("jobs"));
  words.push_back("--threads=" + std::to_string(threads));
  words.emplace_back("--progress=plain");
  return words;
}

std::vector<std::string> same_command(const Context& context) {
  std::vector<std::string> words = task_command(context, context.command(), {"config"});
  words.emplace_back("--config=/dev/null");
  return words;
}

}  // namespace dawson::cli
