#include "dawson/workflow/cohort.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "dawson/core/error.h"

namespace dawson::workflow {
namespace {

std::vector<dataset::Scan> scans_named(int count) {
  std::vector<dataset::Scan> scans(static_cast<std::size_t>(count));
  for (int n = 0; n < count; ++n) {
    scans[static_cast<std::size_t>(n)].source = "site";
    scans[static_cast<std::size_t>(n)].participant = "sub-" + std::to_string(10 + n);
  }
  return scans;
}

class EachScan : public ::testing::TestWithParam<int> {
 protected:
  CohortOutcome run(const std::function<void(const dataset::Scan&, Progress&)>& work) {
    return each_scan(scans_, "working", work, progress_, GetParam());
  }
  std::vector<dataset::Scan> scans_ = scans_named(20);
  std::atomic<bool> cancel_ = false;
  Progress progress_{nullptr, &cancel_};
};

TEST_P(EachScan, IsDoneOnceAndFailuresKeepTheirOrder) {
  std::mutex mutex;
  std::multiset<std::string> seen;
  const CohortOutcome outcome = run([&](const dataset::Scan& scan, Progress& progress) {
    const std::lock_guard lock(mutex);
    seen.insert(scan.participant);
    if (scan.participant == "sub-11") progress.warn("odd");
    if (scan.participant == "sub-12" || scan.participant == "sub-19") {
      throw Error(ExitCode::input, "is broken");
    }
  });
  EXPECT_EQ(seen.size(), 20U);
  EXPECT_EQ(seen.count("sub-15"), 1U);
  EXPECT_EQ(outcome.done, 18U);
  EXPECT_EQ(outcome.failures,
            (std::vector<std::string>{"site/sub-12: is broken", "site/sub-19: is broken"}));
  EXPECT_EQ(std::set<std::string>(progress_.warnings().begin(), progress_.warnings().end()),
            (std::set<std::string>{"site/sub-11: odd", "site/sub-12: is broken",
                                   "site/sub-19: is broken"}));
}

TEST_P(EachScan, EndsWithAnErrorThatIsNoScans) {
  std::atomic<int> begun = 0;
  const auto work = [&](const dataset::Scan&, Progress&) {
    if (++begun == 3) throw Error(ExitCode::output, "the disk is full");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  };
  EXPECT_THROW(
      {
        try {
          run(work);
        } catch (const Error& e) {
          EXPECT_EQ(e.code(), ExitCode::output);
          throw;
        }
      },
      Error);
  EXPECT_LT(begun, 3 + 2 * GetParam());
}

TEST_P(EachScan, CanBeInterrupted) {
  std::atomic<int> begun = 0;
  const auto work = [&](const dataset::Scan&, Progress&) {
    if (++begun == 4) cancel_ = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  EXPECT_THROW(run(work), Error);
  EXPECT_LT(begun, 4 + 2 * GetParam());
}

INSTANTIATE_TEST_SUITE_P(Workers, EachScan, ::testing::Values(1, 4));

}  // namespace
}  // namespace dawson::workflow
