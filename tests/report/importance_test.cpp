#include "dawson/report/importance.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::report {
namespace {

std::vector<SettingScores> two_settings() {
  return {{"learning-rate",
           0.62,
           {{"0.0001 – 0.0005", {0.52, 0.55, 0.5}},
            {"0.0006 – 0.002", {0.64, 0.66, 0.65}},
            {"0.003 – 0.009", {0.6, 0.58, 0.61}}}},
          {"loss", 0.05, {{"dice_bce", {0.52, 0.66, 0.6, 0.65}}, {"tversky", {0.55, 0.5, 0.64}}}}};
}

TEST(ImportancePicture, GrowsByARowAValue) {
  const testing::TemporaryFolder folder;
  write_importance(folder / "two.png", two_settings(), 300);
  write_importance(folder / "one.png", {two_settings().back()}, 300);
  const auto height = [&](const char* name) {  // big-endian at byte 20 of a PNG (ISO 15948)
    const std::string bytes = testing::read(folder / name);
    unsigned value = 0;
    for (std::size_t n = 20; n < 24; ++n) value = value << 8 | (unsigned char)bytes.at(n);
    return value;
  };
  EXPECT_EQ(height("two.png") - height("one.png"), 2 * 30U * 3);
}

TEST(ImportancePicture, OfNothingIsDrawnAndNowhereIsRefused) {
  const testing::TemporaryFolder folder;
  write_importance(folder / "none.png", {}, 300);
  EXPECT_TRUE(std::filesystem::exists(folder / "none.png"));
  EXPECT_THROW(write_importance(folder / "no/where.png", two_settings(), 300), Error);
}

}  // namespace
}  // namespace dawson::report
