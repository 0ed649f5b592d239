#include "dawson/quality/fingerprint.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/core/random.h"
#include "support/made_head.h"

namespace dawson::quality {
namespace {

/// A head of somebody: lesions and the waves of the tissue are theirs.
made::Head head_of(int person, const volume::Grid& grid) {
  core::Random random(static_cast<std::uint64_t>(person));
  std::vector<made::Ball> balls;
  for (int b = 0; b < 14; ++b) {
    balls.push_back({{random.uniform(-45, 45), random.uniform(-55, 50), random.uniform(-20, 45)},
                     random.uniform(5, 11)});
  }
  return made::head(grid, balls);
}

volume::Grid grid_of() {
  return test::centred({64, 76, 70}, {3, 3, 3});
}

template <typename V>
V flipped(const V& volume, std::size_t axis) {
  V out = volume;
  const auto& size = volume.grid.size;
  volume::Index3 at{};
  for (at[2] = 0; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0]) {
        volume::Index3 from = at;
        from[axis] = size[axis] - 1 - from[axis];
        out.at(at[0], at[1], at[2]) = volume.at(from[0], from[1], from[2]);
      }
    }
  }
  return out;
}

class ScanFingerprint : public ::testing::Test {
 protected:
  made::Head head_ = head_of(1, grid_of());
  Fingerprint print_ = fingerprint_of(head_.scan, head_.brain);
};

TEST_F(ScanFingerprint, KnowsTheSameScanRescaledAndNoisy) {
  core::Random random(5);
  volume::Image other = head_.scan;
  for (float& x : other.data) x = 3.7F * x + 20 + 15 * static_cast<float>(random.normal());
  const auto same = likeness(print_, fingerprint_of(other, head_.brain));
  ASSERT_TRUE(same);
  EXPECT_TRUE(same->same_scan);
  EXPECT_EQ(same->how, "as it is");
}

TEST_F(ScanFingerprint, KnowsItFlippedAlongAnyAxisHoweverOblique) {
  const char* words[] = {"flipped left to right", "flipped front to back", "flipped top to bottom"};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    made::Head oblique = head_;
    for (auto* grid : {&oblique.scan.grid, &oblique.brain.grid}) {
      grid->direction = {{{0.96, 0.28, 0}, {-0.28, 0.96, 0}, {0, 0, 1}}};
    }
    const auto same =
        likeness(fingerprint_of(oblique.scan, oblique.brain),
                 fingerprint_of(flipped(oblique.scan, axis), flipped(oblique.brain, axis)));
    ASSERT_TRUE(same) << words[axis];
    EXPECT_TRUE(same->same_scan);
    EXPECT_EQ(same->how, words[axis]);
  }
}

TEST_F(ScanFingerprint, KnowsTheHeadCropped) {
  // The lowest layers of the brain are gone, a fiftieth of it; a made head's lesions have harder
  // edges than real ones, so that it may be taken for another visit.
  made::Head cropped = head_;
  const auto whole = std::count(head_.brain.data.begin(), head_.brain.data.end(), 1);
  const std::size_t layer = 64 * 76;
  for (std::size_t v = 0;
       std::count(cropped.brain.data.begin(), cropped.brain.data.end(), 1) * 50 > whole * 49;
       v += layer) {
    std::fill_n(cropped.brain.data.begin() + std::ptrdiff_t(v), layer, 0);
    std::fill_n(cropped.scan.data.begin() + std::ptrdiff_t(v), layer, 0.0F);
  }
  EXPECT_TRUE(likeness(print_, fingerprint_of(cropped.scan, cropped.brain)));
}

TEST_F(ScanFingerprint, TellsPeopleApart) {
  for (int person = 2; person < 6; ++person) {
    const made::Head other = head_of(person, grid_of());
    EXPECT_FALSE(likeness(print_, fingerprint_of(other.scan, other.brain))) << person;
  }
}

}  // namespace
}  // namespace dawson::quality
