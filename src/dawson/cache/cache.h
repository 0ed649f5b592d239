// The training cache: what `prepare` writes and `train` reads, without ITK or DCMTK.
//
// One .npy a scan for its channels ([C,Z,Y,X], uint8), one for each mask ([Z,Y,X], uint8), and
// index.json with the recipe, its hash, and for every scan its source, patient and geometry.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dawson/cache/folder_lock.h"
#include "dawson/core/json.h"

namespace dawson::cache {

/// A stored byte b of a channel means the value offset + scale · b.
struct Channel {
  std::string name;  ///< "FLAIR", "lesion_frequency"
  double scale = 1;
  double offset = 0;
};

/// What index.json says of one scan.
struct Entry {
  std::string source, participant, session;       ///< a patient is source + participant
  std::string stem;                               ///< names the files: "tabriz_sub-107130"
  std::array<int, 3> size{};                      ///< X, Y, Z
  std::array<double, 3> spacing_mm{};             ///< in plane (x, y), across slices (z)
  std::array<std::array<double, 4>, 3> affine{};  ///< network-space voxel → world, mm
  std::vector<Channel> channels;
  std::string content_sha256;  ///< of the scan, its masks and the recipe: unchanged is not redone

  [[nodiscard]] std::string patient() const { return source + "/" + participant; }
  [[nodiscard]] std::size_t voxels() const noexcept {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
  }
};

/// A scan's arrays, X fastest.
struct Arrays {
  std::vector<std::uint8_t> image;   ///< [C,Z,Y,X]
  std::vector<std::uint8_t> target;  ///< [Z,Y,X], 0 or 1: what the network is to find
  std::vector<std::uint8_t> brain;   ///< [Z,Y,X], 0 or 1
};

/// A cache folder opened for reading.
class Cache {
 public:
  /// Throws Error{input}: no index, another format, a file missing or of another size.
  static Cache open(const std::filesystem::path& folder);
  [[nodiscard]] const core::Json& recipe() const noexcept { return recipe_; }
  [[nodiscard]] const std::string& recipe_sha256() const noexcept { return recipe_sha256_; }
  [[nodiscard]] const std::string& target() const noexcept { return target_; }
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
  /// Throws Error{input} when a file is no longer what `open` saw.
  [[nodiscard]] Arrays load(const Entry& entry) const;

 private:
  std::filesystem::path folder_;
  core::Json recipe_;
  std::string recipe_sha256_;
  std::string target_;
  std::vector<Entry> entries_;
};

/// A cache folder under construction. What an earlier, unfinished run wrote is kept and reused.
/// Of several writers of one folder, in whatever processes, each waits for those before it to be
/// destroyed, and then finds what they wrote.
class Writer {
 public:
  /// `target`: "lesion" or "brain". An existing cache of another recipe or target is refused
  /// (Error{output}), a damaged one too (Error{input}), unless `overwrite`, which empties it.
  Writer(std::filesystem::path folder, core::Json recipe, std::string target, bool overwrite);
  /// True when the folder already holds this scan with this content, its files whole in size.
  [[nodiscard]] bool holds(const std::string& stem, const std::string& content_sha256) const;
  /// Writes the arrays and, atomically, the index. Throws Error{output}, std::invalid_argument.
  void add(const Entry& entry, const Arrays& arrays);

 private:
  void write_index() const;
  std::filesystem::path folder_;
  std::unique_ptr<FolderLock> lock_;
  core::Json recipe_;
  std::string target_;
  std::vector<Entry> entries_;
};

}  // namespace dawson::cache
