#include "dawson/quality/reference.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::quality {
namespace {

Looked looked_with(const std::string& measure, double value) {
  Looked looked;
  for (const Measure& m : measures()) {
    looked.values.push_back(m.name == measure ? std::optional(value) : std::nullopt);
  }
  return looked;
}

TEST(QualityReference, JudgesByTheWidenedRange) {
  const std::vector<Range> ranges{{"noise", 0.02, 0.06}, {"inu", 0.1, 0.2}};
  EXPECT_TRUE(unusual(looked_with("noise", 0.0799), ranges, 0.5).empty());
  EXPECT_TRUE(unusual(looked_with("noise", 0.0001), ranges, 0.5).empty());
  EXPECT_TRUE(unusual(looked_with("cjv", 1e6), ranges, 0.5).empty()) << "not judged";
  const auto findings = unusual(looked_with("noise", 0.0801), ranges, 0.5);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(words_of(findings), "noise (0.080; tested on 0.020 – 0.060)");
  EXPECT_EQ(unusual(looked_with("inu", 0.04), ranges, 0.5).size(), 1U);
}

TEST(QualityReference, RecordsWhatCouldNotBeMeasuredAsNull) {
  const core::Json json = to_json(looked_with("noise", 0.25));
  EXPECT_EQ(json.at("measures").at("noise"), 0.25);
  EXPECT_TRUE(json.at("measures").at("qi1").is_null());
}

class ReferenceFile : public ::testing::Test {
 protected:
  [[nodiscard]] Reference read(core::Json json) const {
    testing::write(folder_ / "reference.json", json.dump());
    return read_reference(folder_ / "reference.json");
  }
  static core::Json good() {
    return {{"format", 1},
            {"scans", 15},
            {"margin", 0.25},
            {"histogram", std::vector<double>(histogram_bins, 1.0 / histogram_bins)},
            {"judged", {{"noise", {{"low", 0.1}, {"high", 0.2}}}}},
            {"looked_at",
             {{"noise", {{"low", 0.1}, {"high", 0.2}}}, {"inu", {{"low", 0}, {"high", 1}}}}}};
  }
  void expect_refusal(const core::Json& json, const std::string& words) const {
    try {
      (void)read(json);
      FAIL() << "was read";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::model);
      EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
    }
  }
  testing::TemporaryFolder folder_;
};

TEST_F(ReferenceFile, IsReadAsWritten) {
  const Reference reference = read(good());
  EXPECT_EQ(reference.scans, 15);
  EXPECT_EQ(reference.margin, 0.25);
  ASSERT_EQ(reference.judged.size(), 1U);
  EXPECT_EQ(reference.judged[0].high, 0.2);
  EXPECT_EQ(reference.looked_at.size(), 2U);
}

TEST_F(ReferenceFile, IsRefusedWhenItIsNot) {
  core::Json other = good();
  other["format"] = 2;
  expect_refusal(other, "another version");
  other = good();
  other["judged"] = {{"nois", {{"low", 0.1}, {"high", 0.2}}}};
  expect_refusal(other, "nois");
  other = good();
  other["histogram"] = {1.0};
  expect_refusal(other, "another size");
  other = good();
  other.erase("margin");
  expect_refusal(other, "margin");
}

}  // namespace
}  // namespace dawson::quality
