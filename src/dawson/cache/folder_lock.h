// One process at a time in a folder.
#pragma once

#include <filesystem>

namespace dawson::cache {

/// Holds a folder until it is destroyed or the process ends, however it ends (flock(2) on the
/// folder's file `.lock`, which stays). Only those who lock are kept out; readers need not.
class FolderLock {
 public:
  /// Makes the folder if need be and waits until no other FolderLock holds it. Throws
  /// Error{output} when the folder cannot be made or its file system cannot lock.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace dawson::cache
