#include "dawson/core/progress.h"

#include <gtest/gtest.h>

#include <thread>

#include "dawson/core/error.h"

namespace dawson {
namespace {

struct Events : ProgressSink {
  std::vector<std::string> seen;
  void step_started(const std::string& name, std::size_t total) override {
    seen.push_back("start " + name + " " + std::to_string(total));
  }
  void advanced(std::size_t done, std::size_t total) override {
    seen.push_back(std::to_string(done) + "/" + std::to_string(total));
  }
  void step_finished(const StepRecord& step) override { seen.push_back("end " + step.name); }
  void warned(const std::string& message) override { seen.push_back("! " + message); }
};

TEST(Progress, TellsItsSinkEveryStepInOrder) {
  Events events;
  {
    Progress progress(&events);
    progress.step("read", 2);
    progress.advance();
    progress.warn("odd header");
    progress.advance();
    progress.step("write");
  }
  const std::vector<std::string> expected = {"start read 2", "1/2",           "! odd header", "2/2",
                                             "end read",     "start write 0", "end write"};
  EXPECT_EQ(events.seen, expected);
}

TEST(Progress, RecordsSecondsMemoryAndWarnings) {
  Progress progress;
  progress.step("wait");
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  progress.warn("slow");
  progress.finish();
  progress.finish();  // nothing is under way: no second record
  ASSERT_EQ(progress.steps().size(), 1U);
  EXPECT_EQ(progress.steps()[0].name, "wait");
  EXPECT_GE(progress.steps()[0].seconds, 0.03);
  EXPECT_LT(progress.steps()[0].seconds, 5.0);
  EXPECT_GT(progress.steps()[0].peak_memory_mb, 1.0);
  EXPECT_EQ(progress.warnings(), std::vector<std::string>{"slow"});
}

TEST(Progress, ThrowsInterruptedOnceCancelled) {
  std::atomic<bool> cancel{false};
  Progress progress(nullptr, &cancel);
  progress.step("work", 10);
  EXPECT_NO_THROW(progress.advance());
  cancel = true;
  EXPECT_TRUE(progress.cancelled());
  try {
    progress.advance();
    FAIL() << "went on after it was cancelled";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::interrupted);
  }
  EXPECT_THROW(progress.step("more"), Error);
  EXPECT_THROW(progress.check(), Error);
}

TEST(Progress, ChildrenCancelWithTheirParentAndRecordForThemselves) {
  std::atomic<bool> cancel{false};
  Progress parent(nullptr, &cancel);
  parent.step("cohort");
  Progress child = parent.child();
  child.step("case");
  child.warn("thick slices");
  child.finish();
  EXPECT_EQ(child.steps().size(), 1U);
  EXPECT_TRUE(parent.warnings().empty());
  cancel = true;
  EXPECT_THROW(child.check(), Error);
}

TEST(Progress, PeakMemoryGrowsWithWhatIsUsed) {
  const double before = peak_memory_mb();
  std::vector<char> block(200'000'000, 1);
  EXPECT_GT(peak_memory_mb() + 1, before + 100);
  EXPECT_EQ(block.back(), 1);
}

}  // namespace
}  // namespace dawson
