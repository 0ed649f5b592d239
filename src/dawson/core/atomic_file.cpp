#include "dawson/core/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::core {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& what, int error_number) {
  throw Error(ExitCode::output, what + " (" + std::strerror(error_number) + ")", path.string(),
              error_number == ENOSPC ? "free some space and try again" : "");
}

// A hidden name no other process or thread uses.
std::string unique_prefix() {
  static std::atomic<unsigned> counter{0};
  return ".dawson-" + std::to_string(getpid()) + "-" + std::to_string(counter++) + "-";
}

// What is under construction in this process. Renaming happens with the mutex held, so that
// discard_unfinished_files finds each set of files either whole or not there at all.
struct Unfinished {
  std::mutex mutex;
  std::set<fs::path> temporaries;
};

Unfinished& unfinished() {
  // Never destroyed: the thread that discards may outlive static destruction.
  static auto* const all = new Unfinished;
  return *all;
}

void begin(const fs::path& temporary) {
  const std::lock_guard lock(unfinished().mutex);
  unfinished().temporaries.insert(temporary);
}

void end(const fs::path& temporary) noexcept {
  const std::lock_guard lock(unfinished().mutex);
  unfinished().temporaries.erase(temporary);
}

void require_writable(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    throw Error(ExitCode::output, "is not a folder", folder.string());
  }
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    fail(folder, "the folder cannot be written", errno);
  }
}

void flush_to_disk(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(file, "cannot be written", errno);
  const int result = fsync(descriptor);
  const int error_number = errno;
  close(descriptor);
  if (result != 0) fail(file, "cannot be written", error_number);
}

void move_into_place(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) fail(to, "cannot be written", errno);
}

// The nearest ancestor that exists.
fs::path existing_ancestor(fs::path folder) {
  folder = fs::absolute(folder).lexically_normal();
  while (!fs::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

}  // namespace

AtomicFile::AtomicFile(fs::path place) : place_(std::move(place)) {
  const fs::path folder = place_.has_parent_path() ? place_.parent_path() : fs::path(".");
  require_writable(folder);
  temporary_ = folder / (unique_prefix() + place_.filename().string());
  begin(temporary_);
}

AtomicFile::~AtomicFile() {
  std::error_code ignored;  // a destructor may not throw, and a leftover hidden file harms nobody
  if (!committed_) fs::remove(temporary_, ignored);
  end(temporary_);
}

void AtomicFile::commit() {
  flush_to_disk(temporary_);
  const std::lock_guard lock(unfinished().mutex);
  move_into_place(temporary_, place_);
  committed_ = true;
}

AtomicFolder::AtomicFolder(fs::path folder, bool overwrite)
    : folder_(std::move(folder)), overwrite_(overwrite) {
  // Staged inside the nearest folder that exists, so that the rename stays on one file system.
  const fs::path base = existing_ancestor(folder_);
  require_writable(base);
  folder_is_new_ = !fs::exists(folder_);
  temporary_ = base / (unique_prefix() + "staging");
  std::error_code error;
  fs::create_directory(temporary_, error);
  if (error) fail(temporary_, "cannot be made", error.value());
  begin(temporary_);
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  end(temporary_);
}

void AtomicFolder::claim(const fs::path& name) const {
  if (!overwrite_ && fs::exists(folder_ / name)) {
    throw Error(ExitCode::output, "already exists", (folder_ / name).string(),
                "choose another output or give --overwrite");
  }
}

void AtomicFolder::commit() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(temporary_)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), temporary_));
  }
  for (const fs::path& file : files) claim(file);
  for (const fs::path& file : files) flush_to_disk(temporary_ / file);
  const std::lock_guard lock(unfinished().mutex);
  std::error_code error;
  if (folder_is_new_ && !fs::exists(folder_)) {  // all at once, whatever happens
    fs::path place = folder_.lexically_normal();
    if (!place.has_filename()) place = place.parent_path();
    if (place.has_parent_path()) fs::create_directories(place.parent_path(), error);
    if (!error) fs::rename(temporary_, place, error);
    if (error) fail(folder_, "the folder cannot be made", error.value());
    return;
  }
  for (const fs::path& file : files) {
    const fs::path place = folder_ / file;
    fs::create_directories(place.parent_path(), error);
    if (error) fail(place.parent_path(), "the folder cannot be made", error.value());
    move_into_place(temporary_ / file, place);
  }
}

void discard_unfinished_files() noexcept {
  const std::lock_guard lock(unfinished().mutex);
  std::error_code ignored;
  for (const fs::path& temporary : unfinished().temporaries) fs::remove_all(temporary, ignored);
  unfinished().temporaries.clear();
}

void write_text(const fs::path& file, std::string_view text) {
  AtomicFile target(file);
  {
    std::ofstream out(target.temporary(), std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.flush();
    if (!out) fail(file, "cannot be written", errno);
  }
  target.commit();
}

}  // namespace dawson::core
