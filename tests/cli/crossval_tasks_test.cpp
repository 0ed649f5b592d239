// crossval with its folds as programs of their own, here and on a cluster.
#include <algorithm>

#include "support/slurm.h"
#include "support/two_folds.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

/// Networks that learn nothing: what is tested is the way.
class CrossvalTasks : public TwoFolds {
 protected:
  void SetUp() override {
    TwoFolds::SetUp();
    testing::write(
        path("dawson.toml"),
        "[crossval]\nlevels = 2\nwidth = 4\nbrain-iterations = 2\niterations = 2\n"
        "patch = 32\nbatch = 2\nfinal = true\njobs = 3\n");  // not of the tasks themselves
  }
  [[nodiscard]] Ended crossval(const std::string& more) const {
    return dawson("crossval -i data --folds folds.tsv " + more);
  }
  [[nodiscard]] std::string cases(const std::string& out) const {
    return testing::read(path(out + "/evaluation/cases.tsv"));
  }
};

TEST_F(CrossvalTasks, SideBySideComeToTheSameResults) {
  ASSERT_EQ(crossval("-o one --threads 1 --jobs 1").code, 0);
  const Ended ended = crossval("-o several --threads 3");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(cases("several"), cases("one"));
  EXPECT_TRUE(fs::exists(path("several/models/lesion/model.json")));
  for (const char* log : {"fold-0.log", "fold-1.log", "final.log", "gather.log"}) {
    EXPECT_TRUE(fs::exists(path("several/tasks") / log)) << log;
  }
  EXPECT_EQ(testing::read(path("several/results.md")).find("--jobs"), std::string::npos);
}

TEST_F(CrossvalTasks, OnSlurmComeToTheSameResults) {
  DAWSON_NEEDS_SLURM();
  ASSERT_EQ(crossval("-o one --threads 1 --jobs 1").code, 0);
  const Ended ended = crossval("-o cluster --slurm --slurm-memory 2G");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(cases("cluster"), cases("one"));
  EXPECT_TRUE(fs::exists(path("cluster/tasks/slurm-final/job.txt")));
  EXPECT_TRUE(fs::exists(path("cluster/tasks/slurm-gather/job.txt")));
}

TEST_F(CrossvalTasks, WhenOneFailsTheOthersEndAndTheSameCommandDoesTheRest) {
  const std::string scan = path("data/site/sub-01/anat/sub-01_FLAIR.nii.gz").string();
  const std::string whole = testing::read(scan);
  testing::write(scan, whole.substr(0, whole.size() / 2));  // trains fold 1 and the final models
  const Ended failed = crossval("-o out");
  EXPECT_EQ(failed.code, 7) << failed.err;
  EXPECT_NE(failed.err.find("tasks failed, the first"), std::string::npos) << failed.err;
  EXPECT_FALSE(fs::exists(path("out/evaluation")));
  testing::write(scan, whole);
  const Ended ended = crossval("-o out");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(fs::exists(path("out/results.md")));
}

TEST_F(CrossvalTasks, WhatCannotBeTrainedIsRefusedBeforeScansArePrepared) {
  const std::string crossval = "crossval -i data --folds folds.tsv -o out ";
  expect_refusal(2, "must be a multiple of 32", crossval + "--encoder resnet18 --patch 144");
  expect_refusal(5, "absent.safetensors",
                 crossval + "--encoder resnet18 --patch 64 --encoder-weights absent.safetensors");
  expect_refusal(2, "--batch", crossval + "--batch 0");
}

TEST_F(CrossvalTasks, OneFoldIsOneProcess) {
  expect_refusal(2, "one fold is one process",
                 "crossval -i data --folds folds.tsv -o out --fold 0");
  expect_refusal(2, "is of --slurm", "crossval -i data --folds folds.tsv -o out --slurm-memory 2G");
}

}  // namespace
}  // namespace dawson::cli
