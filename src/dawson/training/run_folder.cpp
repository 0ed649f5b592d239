#include "dawson/training/run_folder.h"

#include "dawson/core/error.h"

namespace dawson::training {

namespace fs = std::filesystem;

void replace_folder(const fs::path& run, const std::string& name,
                    const std::function<void(const fs::path&)>& write) {
  const fs::path staging = run / ".unfinished";
  try {
    fs::remove_all(staging);
    fs::create_directories(staging);
    write(staging);
    fs::remove_all(run / name);
    fs::rename(staging, run / name);
  } catch (const fs::filesystem_error& e) {
    std::error_code ignored;  // the first failure is what the reader should know
    fs::remove_all(staging, ignored);
    throw Error(ExitCode::output, "cannot be written (" + e.code().message() + ")",
                (run / name).string());
  } catch (const Error&) {
    std::error_code ignored;
    fs::remove_all(staging, ignored);
    throw;
  }
}

}  // namespace dawson::training
