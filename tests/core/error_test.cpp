#include "dawson/core/error.h"

#include <gtest/gtest.h>

namespace dawson {
namespace {

TEST(Error, IsOneSentenceOfWhereWhatAndWhatToDo) {
  const Error full(ExitCode::input, "the file is truncated", "scan.nii.gz", "copy it again");
  EXPECT_STREQ(full.what(), "scan.nii.gz: the file is truncated; copy it again");
  EXPECT_EQ(full.code(), ExitCode::input);
  EXPECT_EQ(full.fact(), "the file is truncated");
  EXPECT_STREQ(Error(ExitCode::usage, "an option lacks its value").what(),
               "an option lacks its value");
}

TEST(Error, PutsContextBeforeTheSentenceOutermostFirst) {
  Error error(ExitCode::input, "is empty", "mask.nii");
  error.add_context("while reading its mask");
  error.add_context("case sub-01");
  EXPECT_STREQ(error.what(), "case sub-01: while reading its mask: mask.nii: is empty");
}

TEST(Error, CodesAreThoseOfTheContract) {
  EXPECT_EQ(static_cast<int>(ExitCode::done), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::usage), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::input), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::output), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::model), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::resources), 6);
  EXPECT_EQ(static_cast<int>(ExitCode::partial), 7);
  EXPECT_EQ(static_cast<int>(ExitCode::check), 8);
  EXPECT_EQ(static_cast<int>(ExitCode::defect), 70);
  EXPECT_EQ(static_cast<int>(ExitCode::interrupted), 130);
}

}  // namespace
}  // namespace dawson
