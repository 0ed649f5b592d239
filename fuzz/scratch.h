// A file that every input is written to: the readers take paths.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "dawson/core/error.h"

namespace dawson::fuzz {

/// A folder in memory that goes when the program ends.
class Scratch {
 public:
  Scratch() {
    std::string pattern = "/dev/shm/dawson-fuzz-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder in /dev/shm");
    folder_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path write(const std::string& name, const std::uint8_t* data,
                              std::size_t size) const {
    const std::filesystem::path file = folder_ / name;
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    return file;
  }

 private:
  std::filesystem::path folder_;
};

/// A refusal in one sentence is as it should be; anything else that is thrown is a finding.
template <typename Read>
void refuse_or(const Read& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

}  // namespace dawson::fuzz
