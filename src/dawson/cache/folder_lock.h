// One process at a time in a folder.
#pragma once

#include <filesystem>

#include "dawson/core/progress.h"

namespace dawson::cache {

/// Holds a folder until it is destroyed or the process ends, however it ends (flock(2) on the
/// folder's file `.lock`, which stays). Only those who lock are kept out; readers need not.
class FolderLock {
 public:
  /// Makes the folder if need be and waits until no other FolderLock holds it. Throws
  /// Error{output} when the folder cannot be made or its file system cannot lock.
  explicit FolderLock(const std::filesystem::path& folder);
  /// Warns that it waits, where it has to. Throws Error{interrupted} when cancelled meanwhile.
  FolderLock(const std::filesystem::path& folder, Progress& progress);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  struct Untaken {};
  FolderLock(const std::filesystem::path& folder, Untaken);
  /// False where another holds it and `how` does not wait.
  [[nodiscard]] bool take(const std::filesystem::path& folder, int how);

  int descriptor_ = -1;
};

}  // namespace dawson::cache
