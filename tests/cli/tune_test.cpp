#include <algorithm>

#include "support/slurm.h"
#include "support/two_folds.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

/// Networks that learn nothing: what is tested is the way.
class Tune : public TwoFolds {
 protected:
  void SetUp() override {
    TwoFolds::SetUp();
    testing::write(path("shared.toml"),
                   "[crossval]\nlevels = 2\nbrain-iterations = 2\npatch = 32\nbatch = 2\n");
  }
  void write_search(const std::string& text) const { testing::write(path("search.toml"), text); }
  [[nodiscard]] Ended tune(const std::string& more = "", const std::string& before = "") const {
    return dawson(
        "tune -i data --folds folds.tsv --search search.toml -o tuned --config shared.toml " + more,
        before);
  }
  [[nodiscard]] std::string table() const { return testing::read(path("tuned/table.tsv")); }
};

/// The table without the column of seconds.
std::string without_seconds(const std::string& table) {
  std::istringstream in(table);
  std::string line, all;
  std::size_t seconds = 0;
  for (bool first = true; std::getline(in, line); first = false) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '\t');) cells.push_back(cell);
    if (first) {
      seconds = std::size_t(std::find(cells.begin(), cells.end(), "seconds") - cells.begin());
    }
    cells.erase(cells.begin() + std::ptrdiff_t(seconds));
    for (const std::string& cell : cells) all += cell + "\t";
    all += "\n";
  }
  return all;
}

TEST_F(Tune, GoesByRungsToABestSettingAndOnAfterAKill) {
  write_search("iterations = [2, 3]\nkeep = 0.5\n[settings]\nwidth = [4, 6]\n");
  const Ended killed = tune("", "timeout -s KILL 4");
  ASSERT_NE(killed.code, 0) << "the search was over before it was killed";
  const Ended ended = tune("--jobs 2");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "tuned/tune.md\n");
  const std::string once = table();
  EXPECT_EQ(std::count(once.begin(), once.end(), '\n'), 3) << once;
  const std::string best = testing::read(path("tuned/best.toml"));
  EXPECT_TRUE(best.starts_with("[crossval]\niterations = 3\n")) << best;
  EXPECT_NE(best.find("\nwidth = "), std::string::npos) << best;
  const std::string page = testing::read(path("tuned/tune.md"));
  EXPECT_NE(page.find("**Nested choice**, on the first rung"), std::string::npos) << page;
  EXPECT_NE(page.find("the training is not"), std::string::npos) << page;
  EXPECT_TRUE(fs::exists(path("tuned/importance.png")));
  EXPECT_FALSE(fs::exists(path("tuned/trials/0000/rung-0/fold-0/cache"))) << "caches are shared";

  // Nothing is left to do, but for other settings the figures are not there.
  ASSERT_EQ(tune().code, 0);
  EXPECT_EQ(table(), once);
  const std::string shared = testing::read(path("shared.toml"));
  testing::write(path("shared.toml"), shared + "dropout = 0.3\n");
  const Ended other = tune();
  EXPECT_EQ(other.code, 2);
  EXPECT_NE(other.err.find("differs in dropout;"), std::string::npos) << other.err;
  testing::write(path("shared.toml"), shared);

  // A search that nothing disturbed comes to the same table.
  fs::rename(path("tuned"), path("disturbed"));
  ASSERT_EQ(tune().code, 0);
  EXPECT_EQ(without_seconds(table()), without_seconds(once));
}

TEST_F(Tune, GivesASettingsFileWithWhichCrossvalComesToTheSameFigures) {
  testing::write(path("shared.toml"), testing::read(path("shared.toml")) +
                                          "learning-rate = 1e-3\nloss = \"tversky\"\nwidth = 8\n");
  write_search("iterations = 2\n[settings]\nwidth = [4]\nflip = [0.25]\n");
  ASSERT_EQ(tune().code, 0);
  EXPECT_EQ(testing::read(path("tuned/best.toml")),
            "[crossval]\niterations = 2\nbatch = 2\nbrain-iterations = 2\nlearning-rate = 0.001\n"
            "levels = 2\nloss = \"tversky\"\npatch = 32\nflip = 0.25\nwidth = 4\n");
  const Ended again = dawson(
      "crossval -i data --folds folds.tsv --config tuned/best.toml --from tuned/prepared -o again");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(testing::read(path("again/evaluation/cases.tsv")),
            testing::read(path("tuned/trials/0000/rung-0/evaluation/cases.tsv")));
  EXPECT_NE(testing::read(path("tuned/tune.md"))
                .find("Made by `dawson tune --input data --output tuned --folds folds.tsv --search "
                      "search.toml --config shared.toml`"),
            std::string::npos);
}

TEST_F(Tune, SearchesHowScansArePrepared) {
  testing::write(path("shared.toml"), testing::read(path("shared.toml")) + "keep-bias = true\n");
  write_search("iterations = 2\n[settings]\nin-plane = [1.5, 2]\nkeep-bias = false\n");
  const Ended ended = tune();
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_FALSE(fs::exists(path("tuned/prepared"))) << "each trial has caches of its own";
  const auto recipe = [&](const std::string& trial) {
    return json("tuned/trials/" + trial + "/rung-0/fold-0/cache/index.json").at("recipe");
  };
  EXPECT_EQ(recipe("0000").at("in_plane_mm"), 1.5);
  EXPECT_EQ(recipe("0001").at("in_plane_mm"), 2);
  EXPECT_EQ(recipe("0001").at("remove_bias"), true) << "what is searched goes over what is shared";
}

TEST_F(Tune, RecordsTrialsThatFailAndGoesOn) {
  // Five of a fold's one training patient cannot be held out: only the training sees that.
  write_search("iterations = 2\n[settings]\nvalidation-patients = [0, 5]\n");
  const Ended ended = tune();
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(table().find("failed\texit code"), std::string::npos) << table();
  EXPECT_NE(table().find("done"), std::string::npos) << table();
}

TEST_F(Tune, StopsWhereATrialFindsNoRoomAndGoesOnWhenThereIsSome) {
  write_search("iterations = 2\n[settings]\nwidth = [16]\n");
  ASSERT_EQ(dawson("crossval -i data --folds folds.tsv --config shared.toml --prepare-only "
                   "-o tuned/prepared")
                .code,
            0);
  testing::write(path("tuned/prepared/done"), "");
  const Ended full = tune("", "trap '' XFSZ; ulimit -f 64;");  // no file above 32 KiB
  EXPECT_EQ(full.code, 4) << full.err;
  EXPECT_NE(full.err.find("trial 0 (width 16) cannot write its output"), std::string::npos)
      << full.err;
  const std::string ledger = testing::read(path("tuned/ledger.jsonl"));
  EXPECT_EQ(std::count(ledger.begin(), ledger.end(), '\n'), 1) << ledger;
  const Ended ended = tune();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(table().find("done"), std::string::npos) << table();
}

TEST_F(Tune, WithoutAnyTrialThatWorksIsNoSuccess) {
  write_search("iterations = 100000\n[settings]\nwidth = [4]\n");
  const Ended ended = tune("--trial-timeout 0.05");
  EXPECT_EQ(ended.code, 8) << ended.err;
  EXPECT_NE(ended.err.find("every trial failed"), std::string::npos) << ended.err;
  EXPECT_NE(table().find("took longer than 3 s"), std::string::npos) << table();
  // Another try of the same that did not work, on request alone.
  const auto lines = [&] {
    const std::string ledger = testing::read(path("tuned/ledger.jsonl"));
    return std::count(ledger.begin(), ledger.end(), '\n');
  };
  EXPECT_EQ(lines(), 2);
  EXPECT_EQ(tune("--trial-timeout 0.05").code, 8);
  EXPECT_EQ(lines(), 2);
  EXPECT_EQ(tune("--trial-timeout 0.05 --retry-failed").code, 8);
  EXPECT_EQ(lines(), 3);
}

TEST_F(Tune, RefusesASearchThatIsNone) {
  const std::string command = "tune -i data --folds folds.tsv --search search.toml -o t ";
  write_search("iterations = 2\n[settings]\nwidht = [4]\n");
  expect_refusal(2, "did you mean 'width'", command);
  for (const char* setting : {"output = [\"elsewhere\"]", "jobs = [2]", "slurm = [true]",
                              "slurm-cpus = [2]", "epochs = [2]", "device = [\"cpu\"]"}) {
    write_search(std::string("iterations = 2\n[settings]\n") + setting + "\n");
    expect_refusal(2, "no setting that can be searched", command);
  }
  write_search("iterations = 2\n[settings]\nlevels = [2]\npatch = [32, 30, 29]\n");
  expect_refusal(2,
                 "2 of 3 points cannot be trained, the first: levels 2, patch 30: --patch: must be "
                 "a multiple of",
                 command);
  testing::write(path("encoder.toml"), "[crossval]\nencoder = \"resnet18\"\npatch = 64\n");
  write_search("iterations = 2\n[settings]\nencoder-weights = [\"absent.pth\"]\n");
  expect_refusal(5, "absent.pth", command + "--config encoder.toml");
  testing::write(path("folds.tsv"), "source\tparticipant_id\tfold\nsite\tsub-01\t0\n");
  write_search("iterations = 2\n[settings]\nwidth = [4]\n");
  expect_refusal(3, "sub-02", command);
}

TEST_F(Tune, RunsItsTrialsAsASlurmArray) {
  DAWSON_NEEDS_SLURM();
  write_search("iterations = 2\n[settings]\nwidth = [4, 6]\n");
  const Ended ended = tune("--slurm --slurm-memory 2G");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(table().find("failed"), std::string::npos) << table();
  EXPECT_TRUE(fs::exists(path("tuned/slurm/rung-0/job.txt")));
  EXPECT_TRUE(fs::exists(path("tuned/best.toml")));
}

TEST_F(Tune, GivesTrialsThatFailedAnotherTryOnSlurm) {
  DAWSON_NEEDS_SLURM();
  write_search("iterations = 2\n[settings]\nwidth = [4, 6]\n");
  ASSERT_EQ(tune("--trial-timeout 0.001").code, 8);  // here, and too short for any
  EXPECT_EQ(tune("--slurm --slurm-memory 2G").code, 8)
      << "failed trials are tried on request alone";
  EXPECT_FALSE(fs::exists(path("tuned/slurm")));
  const Ended ended = tune("--slurm --slurm-memory 2G --retry-failed");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(table().find("failed"), std::string::npos) << table();
  EXPECT_TRUE(fs::exists(path("tuned/slurm/rung-0/task-1.code")));
}

TEST_F(Tune, WithoutSlurmSaysSo) {
  write_search("iterations = 2\n[settings]\nwidth = [4]\n");
  const std::string command = "tune -i data --folds folds.tsv --search search.toml -o t ";
  expect_refusal(6, "there is no Slurm here", command + "--slurm", "PATH=/nowhere");
  expect_refusal(2, "is of --slurm", command + "--slurm-time 1:00:00");
  expect_refusal(2, "says the same as --slurm-time",
                 command + "--slurm --slurm-time 1:00:00 --trial-timeout 5");
}

}  // namespace
}  // namespace dawson::cli
