#include "dawson/cli/run.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <new>
#include <optional>

#include "dawson/cli/commands.h"
#include "dawson/cli/help.h"
#include "dawson/cli/layers.h"
#include "dawson/cli/parse.h"
#include "dawson/cli/process.h"
#include "dawson/cli/terminal.h"
#include "dawson/cli/version.h"

namespace dawson::cli {
namespace {

const Command& find_command(const std::vector<Command>& commands, const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (command.name == name) return command;
    if (!command.hidden) names.push_back(command.name);
  }
  const std::string hint = core::suggestion(name, names);
  const std::string kind = name.starts_with('-') ? "unknown option " : "unknown command ";
  throw Error(ExitCode::usage, kind + name, "", hint.empty() ? "see dawson --help" : hint);
}

core::Settings resolve(const Command& command, const std::vector<Command>& commands,
                       core::Layer line, const char* const* environment) {
  std::optional<std::filesystem::path> config;
  if (const auto given = line.find("config"); given != line.end()) {
    config = given->second.texts.back();
  }
  std::vector<core::Layer> layers = outer_layers(commands, command.name, config, environment);
  layers.push_back(std::move(line));
  std::vector<Option> options = command.options;
  options.insert(options.end(), common_options().begin(), common_options().end());
  return core::Settings::resolve(std::move(options), layers);
}

ExitCode run_command(const Command& command, const std::vector<std::string>& arguments,
                     const std::vector<Command>& commands, const Surroundings& around) {
  ParsedLine line = parse(command, arguments);
  if (line.help) {
    around.out << help(command) << std::flush;
    return ExitCode::done;
  }
  core::Settings settings = resolve(command, commands, std::move(line.layer), around.environment);
  set_threads(settings.has("threads") ? static_cast<int>(settings.integer("threads")) : 0);
  const std::unique_ptr<ProgressSink> sink =
      make_sink(settings.text("progress"), around.reports_to_terminal, around.reports);
  Progress progress(sink.get(), around.cancel);
  const std::string slow = blas_warning();
  if (!slow.empty()) progress.warn(slow);
  Context context(command.name, std::move(settings), progress, around.out, around.reports);
  const ExitCode code = command.run(context);
  around.out.flush();
  if (!around.out) throw Error(ExitCode::output, "cannot be written", "standard output");
  return code;
}

// libtorch and ITK report a failed allocation as errors of their own, by these words.
bool tells_of_memory(const std::string& message) {
  for (const char* words :
       {"can't allocate memory", "out of memory", "Failed to allocate memory", "std::bad_alloc"}) {
    if (message.find(words) != std::string::npos) return true;
  }
  return false;
}

int report(std::ostream& reports, ExitCode code, std::string sentence) {
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  reports << "dawson: " << sentence << std::endl;
  return static_cast<int>(code);
}

int report_no_memory(std::ostream& reports) {
  return report(reports, ExitCode::resources,
                "there is not enough memory for this; close other programs or use a smaller scan");
}

}  // namespace

int run(const std::vector<std::string>& arguments, const std::vector<Command>& commands,
        const Surroundings& around) {
  try {
    const std::string first = arguments.empty() ? "--help" : arguments.front();
    if (first == "--help" || first == "-h" || first == "help") {
      if (first == "help" && arguments.size() > 1) {
        around.out << help(find_command(commands, arguments[1])) << std::flush;
      } else {
        around.out << overview(commands) << std::flush;
      }
      return 0;
    }
    if (first == "--version") {
      around.out << version_text() << std::flush;
      return 0;
    }
    const Command& command = find_command(commands, first);
    return static_cast<int>(
        run_command(command, {arguments.begin() + 1, arguments.end()}, commands, around));
  } catch (const Error& e) {
    return report(around.reports, e.code(), e.what());
  } catch (const std::bad_alloc&) {
    return report_no_memory(around.reports);
  } catch (const std::exception& e) {
    if (tells_of_memory(e.what())) return report_no_memory(around.reports);
    return report(around.reports, ExitCode::defect,
                  std::string("a defect in dawson: ") + e.what() +
                      "; please report it with the command line and `dawson --version`");
  } catch (...) {
    return report(around.reports, ExitCode::defect,
                  "a defect in dawson; please report it with the command line");
  }
}

int dawson_main(int argc, char** argv) {
  tune_memory();
  const InterruptWatch watch;
  const Surroundings surroundings{std::cout, std::cerr, environ, &watch.cancel(),
                                  isatty(STDERR_FILENO) == 1};
  return run({argv + std::min(argc, 1), argv + argc}, all_commands(), surroundings);
}

}  // namespace dawson::cli
