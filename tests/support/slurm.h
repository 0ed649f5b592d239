// Whether a Slurm answers here: scripts/slurm-single-node makes one of this machine.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

namespace dawson::testing {

inline bool slurm_answers() {
  return std::system("sinfo -h >/dev/null 2>&1") == 0;
}

}  // namespace dawson::testing

/// Leaves a test, or its SetUp, out where there is no Slurm.
#define DAWSON_NEEDS_SLURM()                                                      \
  do {                                                                            \
    if (!::dawson::testing::slurm_answers()) {                                    \
      GTEST_SKIP() << "no Slurm answers: start one by scripts/slurm-single-node"; \
    }                                                                             \
  } while (false)
