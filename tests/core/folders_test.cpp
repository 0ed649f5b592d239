#include "dawson/core/folders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "dawson/core/error.h"
#include "dawson/core/version.h"
#include "support/temporary_folder.h"

namespace dawson::core {
namespace {

namespace fs = std::filesystem;

TEST(ModelFolders, EnvironmentComesFirstAndTheSourceTreeLast) {
  const testing::TemporaryFolder own;
  setenv("DAWSON_MODELS", (own.path().string() + ":/nowhere/at/all").c_str(), 1);
  const auto folders = model_folders();
  unsetenv("DAWSON_MODELS");
  ASSERT_GE(folders.size(), 2U);
  EXPECT_EQ(folders.front(), own.path());
  EXPECT_EQ(folders.back(), fs::path(DAWSON_SOURCE_DIR) / "models");
  EXPECT_EQ(std::count(folders.begin(), folders.end(), "/nowhere/at/all"), 0);
}

TEST(ModelFolders, FindFilesInTheBestFolderThatHasThem) {
  const testing::TemporaryFolder own;
  EXPECT_EQ(find_model_file("atlas"), fs::path(DAWSON_SOURCE_DIR) / "models/atlas");
  fs::create_directory(own / "atlas");
  setenv("DAWSON_MODELS", own.path().c_str(), 1);
  const fs::path found = find_model_file("atlas");
  unsetenv("DAWSON_MODELS");
  EXPECT_EQ(found, own / "atlas");
  try {
    (void)find_model_file("no-such-model");
    FAIL() << "found what is not there";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::model);
  }
}

TEST(Version, IsThreeNumbers) {
  const std::string text = version();
  EXPECT_EQ(std::count(text.begin(), text.end(), '.'), 2);
  EXPECT_FALSE(commit().empty());
}

}  // namespace
}  // namespace dawson::core
