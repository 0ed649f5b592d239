#include "dawson/cache/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "dawson/core/error.h"

namespace dawson::cache {
namespace {

constexpr auto between_tries = std::chrono::milliseconds(100);

[[noreturn]] void refuse(const std::filesystem::path& folder, int error_number) {
  throw Error(ExitCode::output,
              std::string("the folder cannot be locked (") + std::strerror(error_number) + ")",
              folder.string(), "choose a folder that can be written and allows locks");
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, Untaken) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ExitCode::output, "the folder cannot be made (" + error.message() + ")",
                folder.string());
  }
  descriptor_ = open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) refuse(folder, errno);
}

FolderLock::FolderLock(const std::filesystem::path& folder) : FolderLock(folder, Untaken{}) {
  (void)take(folder, LOCK_EX);
}

FolderLock::FolderLock(const std::filesystem::path& folder, Progress& progress)
    : FolderLock(folder, Untaken{}) {
  if (take(folder, LOCK_EX | LOCK_NB)) return;
  progress.warn("another process works in " + folder.string() + ": this one waits until it ends");
  while (!take(folder, LOCK_EX | LOCK_NB)) {
    progress.check();
    std::this_thread::sleep_for(between_tries);
  }
}

bool FolderLock::take(const std::filesystem::path& folder, int how) {
  int result = 0;
  do {
    result = flock(descriptor_, how);
  } while (result != 0 && errno == EINTR);
  if (result != 0 && errno != EWOULDBLOCK) refuse(folder, errno);
  return result == 0;
}

FolderLock::~FolderLock() {
  close(descriptor_);
}

}  // namespace dawson::cache
