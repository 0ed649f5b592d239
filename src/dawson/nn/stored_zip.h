// Zip archives whose entries are stored, not compressed, as torch writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace dawson::nn {

/// Reads entries of a zip archive (PKWARE's APPNOTE 6.3, zip64 included). Throws Error{model}: cut
/// short, a directory that makes no sense, an entry that is compressed or encrypted, a check sum
/// that differs.
class StoredZip {
 public:
  struct Entry {
    std::uint64_t header = 0;  ///< place of its local header in the file
    std::uint64_t bytes = 0;
    std::uint32_t check_sum = 0;
  };

  explicit StoredZip(const std::filesystem::path& file);

  [[nodiscard]] const std::map<std::string, Entry>& entries() const noexcept { return entries_; }
  /// Copies an entry's bytes to `target`, which has room for `entry.bytes`.
  void read(const std::string& name, char* target);

 private:
  [[noreturn]] void refuse(const std::string& why) const;
  [[nodiscard]] std::string bytes_at(std::uint64_t place, std::uint64_t count);
  void read_directory();

  std::filesystem::path file_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::map<std::string, Entry> entries_;
};

}  // namespace dawson::nn
