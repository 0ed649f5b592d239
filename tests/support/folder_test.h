// A test with a folder of made files, which goes when the test ends.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace dawson::made {

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("dawson-" + std::to_string(getpid()) + "-" + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// The place of a file whose folder is made if need be.
  [[nodiscard]] std::filesystem::path place(const std::string& file) const {
    std::filesystem::create_directories((folder_ / file).parent_path());
    return folder_ / file;
  }
  void touch(const std::string& file) const { write(file, ""); }
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(place(file)) << text;
  }
  [[nodiscard]] std::string text_of(const std::string& file) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / file).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace dawson::made
