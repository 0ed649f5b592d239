// Files that appear whole or not at all: written beside their place, then renamed.
#pragma once

#include <filesystem>
#include <string_view>

namespace dawson::core {

/// A file under construction. Write to `temporary()` with anything, then `commit()`.
/// Not committed (an exception, a cancel): the temporary is removed and nothing is left.
class AtomicFile {
 public:
  /// Throws Error{output} when the parent folder does not exist or cannot be written.
  explicit AtomicFile(std::filesystem::path place);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Beside the place, hidden, with the place's own extension at the end.
  [[nodiscard]] const std::filesystem::path& temporary() const noexcept { return temporary_; }
  /// Flushes to disk and renames. Throws Error{output}.
  void commit();

 private:
  std::filesystem::path place_;
  std::filesystem::path temporary_;
  bool committed_ = false;
};

/// A set of files that appear together. Write anything below `temporary()`, then `commit()` makes it
/// the folder, in one step, where there was none; into one that was there it moves file after file.
/// Without commit nothing is left.
class AtomicFolder {
 public:
  /// Refuses, with Error{output}, names in `folder` that would be replaced unless `overwrite`;
  /// that is checked by `commit`, and by `claim` for names known beforehand.
  AtomicFolder(std::filesystem::path folder, bool overwrite);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& temporary() const noexcept { return temporary_; }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  /// Throws Error{output} when `name` already stands in the folder and may not be replaced.
  void claim(const std::filesystem::path& name) const;
  void commit();

 private:
  std::filesystem::path folder_;
  std::filesystem::path temporary_;
  bool overwrite_;
  bool folder_is_new_ = false;
};

/// Removes what every AtomicFile and AtomicFolder under construction has written so far, waiting
/// for a commit under way to complete. For a process that is about to end: none of them may be used
/// afterwards.
void discard_unfinished_files() noexcept;

/// Writes `text` as an atomic file. Throws Error{output}.
void write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace dawson::core
