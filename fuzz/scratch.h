// A file that every input is written to: the readers take paths.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::fuzz {

/// A folder that goes when the program ends; in memory, where fuzz/environment is sourced.
class Scratch {
 public:
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  std::filesystem::path write(const std::string& name, const std::uint8_t* data,
                              std::size_t size) const {
    const std::filesystem::path file = folder_ / name;
    testing::write(file, {reinterpret_cast<const char*>(data), size});
    return file;
  }

 private:
  testing::TemporaryFolder folder_;
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
