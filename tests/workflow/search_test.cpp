#include "dawson/workflow/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

using core::SettingType;

std::vector<core::Setting> known() {
  return {{.name = "width", .type = SettingType::integer, .minimum = 1, .maximum = 64},
          {.name = "learning-rate", .type = SettingType::real, .minimum = 0},
          {.name = "loss", .type = SettingType::text, .choices = {"dice_bce", "tversky"}},
          {.name = "flip", .type = SettingType::flag}};
}

class SearchFile : public ::testing::Test {
 protected:
  [[nodiscard]] Search read(const std::string& text) const {
    testing::write(folder_ / "search.toml", text);
    return read_search(folder_ / "search.toml", known());
  }
  void expect_refusal(const std::string& text, const std::string& words) const {
    try {
      (void)read(text);
      FAIL() << "was read: " << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::usage) << e.what();
      EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
    }
  }
  testing::TemporaryFolder folder_;
};

TEST_F(SearchFile, GivesAGrid) {
  const Search s = read(
      "iterations = [100, 400]\n[settings]\nwidth = [8, 16]\nloss = [\"dice_bce\", \"tversky\"]");
  EXPECT_EQ(s.rungs, (std::vector<int>{100, 400}));
  const std::vector<Point> points = draw_points(s);
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(words_of(points[0]), "loss dice_bce, width 8");
  EXPECT_EQ(words_of(points[1]), "loss dice_bce, width 16");
  EXPECT_EQ(words_of(points[3]), "loss tversky, width 16");
}

TEST_F(SearchFile, DrawsFromRanges) {
  const std::string text =
      "iterations = 10\ntrials = 400\nseed = 7\n[settings]\n"
      "learning-rate = {from = 1e-4, to = 1e-2, scale = \"log\"}\nwidth = {from = 3, to = 6}\n";
  const std::vector<Point> points = draw_points(read(text));
  ASSERT_EQ(points.size(), 400U);
  double below = 0;
  std::set<std::string> widths;
  for (const Point& p : points) {
    const double rate = std::stod(p[0].second);
    EXPECT_GE(rate, 0.99e-4);
    EXPECT_LE(rate, 1.01e-2);
    below += rate < 1e-3 ? 1 : 0;  // half of them, where ratios have equal chances
    widths.insert(p[1].second);
  }
  EXPECT_NEAR(below / 400, 0.5, 0.09);  // 3.6 standard deviations
  EXPECT_EQ(widths, (std::set<std::string>{"3", "4", "5", "6"}));
  EXPECT_EQ(draw_points(read(text)), points);
  std::string other = text;
  other.replace(other.find("seed = 7"), 8, "seed = 8");
  EXPECT_NE(draw_points(read(other)), points);
}

TEST_F(SearchFile, DrawsNoPointTwice) {
  const std::vector<Point> points =
      draw_points(read("iterations = 10\ntrials = 50\n[settings]\nwidth = [1, 2, 3]\n"));
  EXPECT_EQ(points.size(), 3U);
}

TEST_F(SearchFile, IsRefusedWithTheReason) {
  expect_refusal("iterations = 10\n", "no setting to search");
  expect_refusal("iterations = 10\n[settings]\n", "no setting to search");
  expect_refusal("iterations = 10\n[settings]\nwidht = [1]\n", "did you mean 'width'");
  expect_refusal("iterations = 10\n[settings]\nwidth = []\n", "empty");
  expect_refusal("iterations = 10\n[settings]\nwidth = [65]\n", "65");
  expect_refusal("iterations = 10\n[settings]\nloss = [\"dice\"]\n", "dice");
  expect_refusal("iterations = 10\n[settings]\nwidth = {from = 2, to = 4}\n", "number of trials");
  expect_refusal("iterations = 10\ntrials = 3\n[settings]\nwidth = {from = 4, to = 2}\n", "empty");
  expect_refusal("iterations = 10\ntrials = 3\n[settings]\nloss = {from = 4, to = 5}\n", "list");
  expect_refusal(
      "iterations = 10\ntrials = 3\n[settings]\nlearning-rate = {from = 0, to = 1, scale = "
      "\"log\"}\n",
      "above 0");
  expect_refusal("[settings]\nwidth = [1]\n", "how long");
  expect_refusal("iterations = [20, 10]\n[settings]\nwidth = [1]\n", "grow");
  expect_refusal("iterations = 10\nkeep = 1.5\n[settings]\nwidth = [1]\n", "keep");
  expect_refusal("iteration = 10\n[settings]\nwidth = [1]\n", "did you mean 'iterations'");
  expect_refusal("iterations = \n", "line 1");
  EXPECT_THROW((void)read_search(folder_ / "none.toml", known()), Error);
}

}  // namespace
}  // namespace dawson::workflow
