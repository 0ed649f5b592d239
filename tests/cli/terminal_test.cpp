#include "dawson/cli/terminal.h"

#include <gtest/gtest.h>

#include <sstream>
#include <thread>

namespace dawson::cli {
namespace {

TEST(Terminal, DurationsReadAsPeopleSayThem) {
  EXPECT_EQ(duration(0), "0.0 s");
  EXPECT_EQ(duration(4.26), "4.3 s");
  EXPECT_EQ(duration(9.96), "10 s");
  EXPECT_EQ(duration(59.4), "59 s");
  EXPECT_EQ(duration(59.6), "1 min 00 s");
  EXPECT_EQ(duration(125), "2 min 05 s");
  EXPECT_EQ(duration(3780), "1 h 03 min");
}

TEST(Terminal, TimeLeftFollowsFromWhatIsDone) {
  EXPECT_DOUBLE_EQ(time_left(10, 2, 8), 30);
  EXPECT_DOUBLE_EQ(time_left(10, 8, 8), 0);
  EXPECT_LT(time_left(10, 0, 8), 0);  // nothing can be said yet
  EXPECT_LT(time_left(10, 3, 0), 0);  // how much there is is not known
}

TEST(Terminal, BarShowsShareAndTimeLeftAndClearsItself) {
  std::ostringstream out;
  const auto sink = make_sink("auto", true, out);
  sink->step_started("segment", 10);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  sink->advanced(5, 10);
  EXPECT_NE(out.str().find("[############............] 50 %, 0."), std::string::npos) << out.str();
  EXPECT_NE(out.str().find(" s left"), std::string::npos);
  sink->step_finished({"segment", 2.0, 100});
  const std::string end = "\r\033[K  segment  2.0 s\n";
  EXPECT_TRUE(out.str().ends_with(end)) << out.str();
}

TEST(Terminal, PipesGetPlainLinesWithoutControlCharacters) {
  std::ostringstream out;
  const auto sink = make_sink("auto", false, out);
  sink->step_started("segment", 10);
  sink->advanced(5, 10);  // too soon after the start to be worth a line
  sink->warned("thick slices");
  sink->step_finished({"segment", 65, 100});
  EXPECT_EQ(out.str(), "dawson: warning: thick slices\nsegment: 1 min 05 s\n");
}

TEST(Terminal, NoneStillWarns) {
  std::ostringstream out;
  const auto sink = make_sink("none", true, out);
  sink->step_started("segment", 10);
  sink->warned("thick slices");
  sink->step_finished({"segment", 65, 100});
  EXPECT_EQ(out.str(), "dawson: warning: thick slices\n");
}

}  // namespace
}  // namespace dawson::cli
