// What a call that must fail says.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "dawson/core/error.h"

namespace dawson::nn {

/// The words of the Error that `action` throws, which must be of this code.
template <typename F>
std::string error_of(F&& action, ExitCode code) {
  try {
    action();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code) << e.what();
    return e.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace dawson::nn
