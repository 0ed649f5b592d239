#include "dawson/report/validation_slices.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <vector>

#include "dawson/cache/npy.h"
#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "support/temporary_folder.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t height = 60, width = 50, plane = height * width;

/// Grey discs with a drawn lesion, and a network that finds it or not, as dawson train keeps them.
void write_slices(const fs::path& run, std::size_t slices, std::uint8_t probability) {
  fs::create_directories(run / "validation");
  std::vector<std::uint8_t> bytes(slices * 3 * plane, 0);
  core::Json names = core::Json::array();
  for (std::size_t n = 0; n < slices; ++n) {
    names.push_back("toy/sub-" + std::to_string(n) + " toy, slice 4");
    for (std::size_t p = 0; p < plane; ++p) {
      const double x = static_cast<double>(p % width) - 25, y = static_cast<double>(p / width) - 30;
      std::uint8_t* out = bytes.data() + n * 3 * plane + p;
      const bool lesion = std::hypot(x - 8, y + 6) < 5;
      if (std::hypot(x, y) < 20) out[0] = lesion ? 220 : 120;
      out[plane] = lesion ? probability : 0;
      out[2 * plane] = lesion ? 1 : 0;
    }
  }
  cache::write_npy(run / "validation" / "slices.npy", bytes, {slices, 3, height, width});
  core::write_json(run / "validation" / "slices.json",
                   {{"iteration", 300}, {"slices", names}, {"height", height}, {"width", width}});
}

std::string drawn(const fs::path& run) {
  write_validation_slices(run);
  std::ifstream in(run / "validation.png", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// From the header of a PNG file (ISO 15948: big-endian, at bytes 16 and 20).
std::uint32_t extent(const std::string& png, std::size_t place) {
  std::uint32_t value = 0;
  for (std::size_t n = place; n < place + 4; ++n) {
    value = value << 8U | static_cast<unsigned char>(png.at(n));
  }
  return value;
}

TEST(ValidationSlices, AreDrawnWithWhatWasFound) {
  const testing::TemporaryFolder folder;
  EXPECT_FALSE(has_validation_slices(folder.path()));
  write_slices(folder.path(), 3, 230);
  EXPECT_TRUE(has_validation_slices(folder.path()));
  const std::string found = drawn(folder.path());
  write_slices(folder.path(), 3, 100);  // below 0.5: not found
  const std::string missed = drawn(folder.path());
  EXPECT_NE(found, missed);
  EXPECT_EQ(extent(found, 16), extent(missed, 16));
}

TEST(ValidationSlices, StandTwoARow) {
  const testing::TemporaryFolder folder;
  std::vector<std::uint32_t> heights, widths;
  for (const std::size_t slices : {1U, 2U, 3U}) {
    write_slices(folder.path(), slices, 230);
    const std::string png = drawn(folder.path());
    widths.push_back(extent(png, 16));
    heights.push_back(extent(png, 20));
  }
  EXPECT_EQ(heights[0], heights[1]);
  EXPECT_GT(heights[2], heights[1] + 300);  // another row of slices 300 pixels wide
  EXPECT_EQ(widths[0], widths[2]);
}

TEST(ValidationSlices, ThatAreDamagedAreRefusedAndLeaveNoPicture) {
  const testing::TemporaryFolder folder;
  const auto code = [&] {
    try {
      write_validation_slices(folder.path());
    } catch (const Error& error) {
      return error.code();
    }
    return ExitCode::done;
  };
  write_slices(folder.path(), 2, 230);
  fs::resize_file(folder / "validation" / "slices.npy", 500);
  EXPECT_EQ(code(), ExitCode::input);
  write_slices(folder.path(), 2, 230);
  testing::write(folder / "validation" / "slices.json", "{\"iteration\": 3}");
  EXPECT_EQ(code(), ExitCode::input);
  EXPECT_FALSE(fs::exists(folder / "validation.png"));
}

}  // namespace
}  // namespace dawson::report
