// Starts the built program as a user would, in a folder of its own, with models for made heads.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "dawson/core/json.h"
#include "dawson/volume/nifti.h"
#include "support/made_head.h"
#include "support/made_models.h"
#include "support/temporary_folder.h"

namespace dawson::cli {

struct Ended {
  int code = -1;
  std::string out;
  std::string err;
};

class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override { made::write_models(path("models")); }

  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return folder_ / "here" / name;
  }
  /// What stands in the working folder.
  [[nodiscard]] std::set<std::string> contents() const { return folder_.contents(); }

  /// A made head as NIfTI; gzipped or not by its name.
  std::filesystem::path scan(const std::string& name,
                             const volume::Grid& grid = made::coarse_grid()) const {
    volume::write_nifti(path(name), made::head(grid).scan);
    return path(name);
  }

  /// Runs `dawson ARGUMENTS`, after `before` in the same shell.
  [[nodiscard]] Ended dawson(const std::string& arguments, const std::string& before = "") const {
    const std::string out = (folder_ / "out.txt").string();
    const std::string err = (folder_ / "err.txt").string();
    const std::string line = "cd '" + path("").string() + "'; export DAWSON_MODELS=models; " +
                             before + " exec " + DAWSON_PROGRAM + " " + arguments + " >" + out +
                             " 2>" + err;
    const int status = std::system(("sh -c \"" + line + "\"").c_str());
    Ended ended{WIFEXITED(status) ? WEXITSTATUS(status) : -1, testing::read(out),
                testing::read(err)};
    std::filesystem::remove(out);
    std::filesystem::remove(err);
    return ended;
  }

  /// Expects `dawson ARGUMENTS` to end with `code`, one sentence that holds `words`, and nothing
  /// written.
  void expect_refusal(int code, const std::string& words, const std::string& arguments,
                      const std::string& before = "") const {
    const std::set<std::string> already = contents();
    const Ended ended = dawson(arguments + " --progress none", before);
    EXPECT_EQ(ended.code, code) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_TRUE(ended.err.starts_with("dawson: ")) << ended.err;
    EXPECT_NE(ended.err.find(words), std::string::npos) << ended.err;
    EXPECT_EQ(contents(), already);
  }

  [[nodiscard]] core::Json json(const std::string& name) const {
    return core::Json::parse(testing::read(path(name)));
  }
  /// The warnings of a run record, in one text.
  [[nodiscard]] std::string warnings(const std::string& run) const {
    return json(run).at("warnings").dump();
  }

  /// Overwrites bytes of a file.
  template <typename T>
  static void patch(const std::filesystem::path& file, std::streamoff at, T value) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(at);
    stream.write(reinterpret_cast<const char*>(&value), sizeof value);
  }

 private:
  testing::TemporaryFolder folder_;
};

}  // namespace dawson::cli
