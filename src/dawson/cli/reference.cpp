// dawson reference DIR: writes docs/reference from the declarations. For developers and CI.
#include <set>

#include "dawson/cli/commands.h"
#include "dawson/cli/help.h"
#include "dawson/core/atomic_file.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

ExitCode write_pages(Context& context) {
  const fs::path folder = context.path("folder");
  fs::create_directories(folder);
  std::set<std::string> written;
  for (const Page& page : reference_pages(all_commands())) {
    core::write_text(folder / page.file, page.text);
    written.insert(page.file);
  }
  for (const auto& entry : fs::directory_iterator(folder)) {  // pages of commands that are gone
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".md" && !written.contains(name)) fs::remove(entry.path());
  }
  return ExitCode::done;
}

}  // namespace

Command reference_command() {
  return {.name = "reference",
          .purpose = "write the reference pages of all commands",
          .description =
              "Writes one Markdown page a command from the same declarations that make "
              "--help. docs/reference in the source tree is made by it.",
          .options = {{.name = "folder",
                       .type = OptionType::path,
                       .unit = "FOLDER",
                       .required = true,
                       .positional = true,
                       .help = "Where the pages go."}},
          .example = {"dawson reference docs/reference", "Brings the pages up to date."},
          .exit_codes = {ExitCode::output},
          .run = write_pages,
          .hidden = true};
}

}  // namespace dawson::cli
