// Text drawn over an image is found and covered; what is none is let alone.
#include "dawson/dicom/burned_in.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>

#include "dawson/core/random.h"

namespace dawson::dicom {
namespace {

/// Capitals of five by seven pixels, a row of five bits each.
const std::map<char, std::array<int, 7>> font{
    {'D', {0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E}}, {'O', {0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E}},
    {'E', {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F}}, {'J', {0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0C}},
    {'A', {0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11}}, {'N', {0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11}},
    {'1', {0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E}}, {'9', {0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C}},
    {'5', {0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E}}, {'2', {0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F}}};

/// A head: a bright noisy ellipse in a dark noisy surrounding.
StoredPixels head(int bits_stored = 12, std::uint64_t seed = 1) {
  core::Random random(seed);
  StoredPixels pixels{.columns = 128,
                      .rows = 128,
                      .frames = 1,
                      .bits_allocated = 16,
                      .bits_stored = bits_stored,
                      .high_bit = bits_stored - 1,
                      .bytes = std::vector<std::uint8_t>(std::size_t{2} * 128 * 128)};
  for (int y = 0; y < 128; ++y) {
    for (int x = 0; x < 128; ++x) {
      const bool inside = std::hypot((x - 64) / 45.0, (y - 64) / 55.0) < 1;
      const double value = (inside ? 700 : 20) + (inside ? 120 : 12) * random.normal();
      pixels.set(0, std::size_t(y) * 128 + std::size_t(x), float(std::max(0.0, value)));
    }
  }
  return pixels;
}

void write(StoredPixels& pixels, const std::string& text, int column, int row, int size,
           float brightness) {
  for (const char c : text) {
    if (c != ' ') {
      for (int y = 0; y < 7 * size; ++y) {
        for (int x = 0; x < 5 * size; ++x) {
          if ((font.at(c)[std::size_t(y / size)] >> (4 - x / size) & 1) == 0) continue;
          pixels.set(0, std::size_t(row + y) * 128 + std::size_t(column + x), brightness);
        }
      }
    }
    column += 6 * size;
  }
}

TEST(BurnedInText, IsFoundOfAnySizeAndBrightness) {
  for (const int size : {1, 2, 3}) {
    for (const float brightness : {4095.0F, 1500.0F, 600.0F}) {
      StoredPixels pixels = head();
      write(pixels, size == 3 ? "DOEJ" : "DOE JANE 1952", 2, 3, size == 2 ? 1 : size, brightness);
      EXPECT_FALSE(find_text(pixels).empty()) << size << " " << brightness;
    }
  }
}

TEST(BurnedInText, IsGoneWhenItWasCovered) {
  StoredPixels pixels = head();
  const StoredPixels before = pixels;
  write(pixels, "DOE JANE 1952", 2, 3, 1, 4095);
  cover(pixels, find_text(pixels));
  EXPECT_TRUE(find_text(pixels).empty());
  const auto now = pixels.values(0), then = before.values(0);
  for (std::size_t i = 0; i < now.size(); ++i) {
    EXPECT_NE(now[i], 4095) << "a pixel of the text is left";
    if (i / 128 > 40) {
      ASSERT_EQ(now[i], then[i]) << "what lies elsewhere stays";
    }
  }
}

TEST(BurnedInText, IsNotSeenInHeadsWithoutIt) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    EXPECT_TRUE(find_text(head(12, seed)).empty()) << seed;
  }
}

TEST(BurnedInText, IsNotSeenWhereBrightnessIsCutOff) {
  StoredPixels pixels = head();
  std::vector<float> values = pixels.values(0);
  for (std::size_t i = 0; i < values.size(); ++i) pixels.set(0, i, std::min(values[i], 850.0F));
  EXPECT_TRUE(find_text(pixels).empty());
}

TEST(BurnedInText, IsFoundInSignedAndEightBitPixels) {
  StoredPixels pixels{.columns = 128, .rows = 128, .frames = 1, .bits_allocated = 8,
                      .bits_stored = 8, .high_bit = 7, .bytes = std::vector<std::uint8_t>(128 * 128)};
  write(pixels, "DOE JANE", 10, 100, 1, 255);
  EXPECT_EQ(find_text(pixels).size(), 1U);
}

}  // namespace
}  // namespace dawson::dicom
