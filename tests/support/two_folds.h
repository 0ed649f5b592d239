// The smallest cross-validation there is.
#pragma once

#include "support/made_tree.h"
#include "support/program.h"

namespace dawson::cli {

/// Two stripped heads in data/site and a fold each in folds.tsv.
class TwoFolds : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    for (const char* sub : {"sub-01", "sub-02"}) {
      made::add_to_tree(path("data/site"), sub, made::stripped_head(made::coarse_grid()));
    }
    testing::write(path("folds.tsv"),
                   "source\tparticipant_id\tfold\nsite\tsub-01\t0\nsite\tsub-02\t1\n");
  }
};

}  // namespace dawson::cli
