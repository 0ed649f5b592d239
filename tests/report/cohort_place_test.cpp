#include "dawson/report/cohort_place.h"

#include <gtest/gtest.h>

#include <fstream>

#include "dawson/core/error.h"
#include "made_case.h"

namespace dawson::report {
namespace {

class CohortFile : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file(const std::string& text) const {
    std::filesystem::path place = folder_.path() / "cohort.tsv";
    std::ofstream(place) << text;
    return place;
  }
  [[nodiscard]] std::string refusal(const std::string& text) const {
    try {
      (void)read_reference_cohort(file(text));
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      return e.what();
    }
    return "not refused";
  }
  made::Folder folder_;
};

TEST_F(CohortFile, LeavesOutFailedCasesAndUnknownValuesAndSaysHowMany) {
  const ReferenceCohort cohort =
      read_reference_cohort(file("case\tstatus\tlesions\tlesion_ml\tlesion_percent\n"
                                 "a\tdone\t3\t9.5\t0.8\n"
                                 "b\tfailed\tn/a\tn/a\tn/a\n"
                                 "c\tdone\t1\t0.5\tn/a\n"
                                 "d\tdone\t2\tn/a\t0.1\n"));
  EXPECT_EQ(cohort.name, "cohort.tsv");
  EXPECT_EQ(cohort.lesion_ml, (CohortValues{0.5, 9.5}));
  EXPECT_EQ(cohort.lesion_percent, (CohortValues{0.8}));
  EXPECT_EQ(cohort.lesions, (CohortValues{1, 3}));
  EXPECT_EQ(cohort.left_out, 2U);
}

TEST_F(CohortFile, NeedsNoMoreThanTheVolumes) {
  const ReferenceCohort cohort = read_reference_cohort(file("lesion_ml\n0\n1e-1\n"));
  EXPECT_EQ(cohort.lesion_ml, (CohortValues{0, 0.1}));
  EXPECT_TRUE(cohort.lesion_percent.empty());
}

TEST_F(CohortFile, IsRefusedWithTheOddValueAndItsLine) {
  const auto says = [&](const std::string& text, const std::string& what) {
    const std::string said = refusal(text);
    EXPECT_NE(said.find(what), std::string::npos) << said;
  };
  says("lesion_ml\n1\n-2\n", "lesion_ml '-2' is negative (line 3)");
  says("lesion_ml\nmuch\n", "'much' is no number (line 2)");
  says("lesion_ml\ninf\n", "'inf' is no number");
  says("lesion_ml\n1,5\n", "'1,5' is no number");
  says("lesion_ml\tlesion_percent\n1\t101\n", "lesion_percent '101' is above 100");
  says("lesion_ml\tlesions\n1\t2.5\n", "lesions '2.5' is no whole number");
  says("volume\n1\n", "has no column lesion_ml");
  says("lesion_ml\nn/a\n", "no case with a lesion volume");
  EXPECT_THROW((void)read_reference_cohort(folder_.path() / "absent.tsv"), Error);
}

TEST(CohortPlace, CountsEqualCasesHalf) {
  const CohortPlace place = place_in({1, 2, 2, 3}, 2);
  EXPECT_EQ(place.n, 4U);
  EXPECT_DOUBLE_EQ(place.percentile, 50);
  EXPECT_DOUBLE_EQ(place_in({1, 2, 3, 4}, 0.5).percentile, 0);
  EXPECT_DOUBLE_EQ(place_in({1, 2, 3, 4}, 9).percentile, 100);
}

// Newcombe (1998), Statistics in Medicine 17:857, table I, score method: 81 of 263 gives
// 0.2553 – 0.3662, 15 of 148 gives 0.0624 – 0.1605, 0 of 20 gives 0 – 0.1611.
TEST(CohortPlace, HasWilsonsInterval) {
  const auto of = [](int below, int n) {
    CohortValues values;
    for (int i = 0; i < n; ++i) values.push_back(i < below ? 1 : 3);
    return place_in(values, 2);
  };
  EXPECT_NEAR(of(81, 263).low, 25.53, 0.01);
  EXPECT_NEAR(of(81, 263).high, 36.62, 0.01);
  EXPECT_NEAR(of(15, 148).low, 6.24, 0.01);
  EXPECT_NEAR(of(15, 148).high, 16.05, 0.01);
  EXPECT_NEAR(of(0, 20).low, 0, 1e-9);
  EXPECT_NEAR(of(0, 20).high, 16.11, 0.01);
}

}  // namespace
}  // namespace dawson::report
