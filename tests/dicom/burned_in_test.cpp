// Text drawn over an image is found and covered; what is none is let alone.
#include "dawson/dicom/burned_in.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "dawson/core/random.h"

namespace dawson::dicom {
namespace {

/// Capitals of five by seven pixels, a row of five bits each.
const std::map<char, std::array<int, 7>> font{{'D', {0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E}},
                                              {'O', {0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E}},
                                              {'E', {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F}},
                                              {'J', {0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0C}},
                                              {'A', {0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11}},
                                              {'N', {0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11}},
                                              {'1', {0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E}},
                                              {'9', {0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C}},
                                              {'5', {0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E}},
                                              {'2', {0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F}}};

constexpr int columns = 128;

/// A head: a bright noisy ellipse in a dark noisy surrounding.
std::vector<float> head(std::uint64_t seed = 1) {
  core::Random random(seed);
  std::vector<float> picture;
  for (int y = 0; y < columns; ++y) {
    for (int x = 0; x < columns; ++x) {
      const bool inside = std::hypot((x - 64) / 45.0, (y - 64) / 55.0) < 1;
      const double value = (inside ? 700 : 20) + (inside ? 120 : 12) * random.normal();
      picture.push_back(static_cast<float>(std::round(std::max(0.0, value))));
    }
  }
  return picture;
}

void write(std::vector<float>& picture, const std::string& text, int column, int row, int size,
           float brightness) {
  for (const char c : text) {
    for (int y = 0; c != ' ' && y < 7 * size; ++y) {
      for (int x = 0; x < 5 * size; ++x) {
        if ((font.at(c)[std::size_t(y / size)] >> (4 - x / size) & 1) == 0) continue;
        picture[std::size_t(row + y) * columns + std::size_t(column + x)] = brightness;
      }
    }
    column += 6 * size;
  }
}

TEST(BurnedInText, IsFoundOfAnySizeAndBrightness) {
  for (const int size : {1, 2, 3}) {
    for (const float brightness : {4095.0F, 1500.0F, 600.0F}) {
      std::vector<float> picture = head();
      write(picture,
            size == 1   ? "DOE JANE 1952"
            : size == 2 ? "DOE JANE"
                        : "DOEJ",
            2, 3, size, brightness);
      EXPECT_FALSE(find_text(picture, columns).empty()) << size << " " << brightness;
    }
  }
}

TEST(BurnedInText, IsGoneWhenItWasCovered) {
  std::vector<float> picture = head();
  const std::vector<float> before = picture;
  write(picture, "DOE JANE 1952", 2, 3, 1, 4095);
  cover(picture, columns, find_text(picture, columns));
  EXPECT_TRUE(find_text(picture, columns).empty());
  EXPECT_EQ(std::count(picture.begin(), picture.end(), 4095.0F), 0) << "some of it is left";
  EXPECT_TRUE(
      std::equal(picture.begin() + 40 * columns, picture.end(), before.begin() + 40 * columns))
      << "what lies elsewhere stays";
}

TEST(BurnedInText, IsNotSeenInHeadsWithoutIt) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    EXPECT_TRUE(find_text(head(seed), columns).empty()) << seed;
  }
}

TEST(BurnedInText, IsNotSeenWhereBrightnessIsCutOff) {
  std::vector<float> picture = head();
  for (float& v : picture) v = std::min(v, 850.0F);
  EXPECT_TRUE(find_text(picture, columns).empty());
}

TEST(BurnedInText, IsFoundOnNothing) {
  std::vector<float> picture(std::size_t{columns} * columns);
  write(picture, "DOE JANE", 10, 100, 1, 255);
  ASSERT_EQ(find_text(picture, columns).size(), 1U);
  EXPECT_EQ(find_text(picture, columns).front().first_row, 100);
}

}  // namespace
}  // namespace dawson::dicom
