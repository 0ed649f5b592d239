#include "dawson/cache/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "dawson/core/error.h"

namespace dawson::cache {

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ExitCode::output, "the folder cannot be made (" + error.message() + ")",
                folder.string());
  }
  descriptor_ = open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  int result = descriptor_;
  if (descriptor_ >= 0) {
    do {
      result = flock(descriptor_, LOCK_EX);
    } while (result != 0 && errno == EINTR);
  }
  if (result < 0) {
    const int error_number = errno;
    if (descriptor_ >= 0) close(descriptor_);
    throw Error(ExitCode::output,
                std::string("the folder cannot be locked (") + std::strerror(error_number) + ")",
                folder.string(), "choose a folder that can be written and allows locks");
  }
}

FolderLock::~FolderLock() {
  close(descriptor_);
}

}  // namespace dawson::cache
