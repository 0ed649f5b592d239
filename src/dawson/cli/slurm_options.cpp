#include "dawson/cli/slurm_options.h"

namespace dawson::cli {

std::vector<Option> slurm_options(const std::string& task) {
  return {
      {.name = "slurm",
       .type = OptionType::flag,
       .help = "Run " + task + " as a task of a Slurm job array, and wait for all."},
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

std::optional<workflow::SlurmSettings> slurm_settings(const Context& context) {
  if (!context.flag("slurm")) {
    for (const char* name : {"slurm-time", "slurm-memory", "slurm-partition"}) {
      if (context.has(name)) {
        throw Error(ExitCode::usage, "is of --slurm", std::string("--") + name);
      }
    }
    return {};
  }
  workflow::require_slurm();
  workflow::SlurmSettings slurm;
  if (context.has("slurm-time")) slurm.time = context.text("slurm-time");
  if (context.has("slurm-memory")) slurm.memory = context.text("slurm-memory");
  if (context.has("slurm-partition")) slurm.partition = context.text("slurm-partition");
  slurm.cpus = context.integer("slurm-cpus");
  return slurm;
}

}  // namespace dawson::cli
