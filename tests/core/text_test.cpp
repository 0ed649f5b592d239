#include "dawson/core/text.h"

#include <gtest/gtest.h>

namespace dawson::core {
namespace {

TEST(LowerCase, TouchesLettersOfAsciiAlone) {
  EXPECT_EQ(lower_case("FLAIR_01^\xC3\x84rzte"), "flair_01^\xC3\x84rzte");
  EXPECT_EQ(lower_case(""), "");
}

}  // namespace
}  // namespace dawson::core
