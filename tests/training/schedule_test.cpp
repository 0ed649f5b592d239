#include "dawson/training/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/error.h"
#include "dawson/training/settings.h"

namespace dawson::training {
namespace {

TrainingSettings with_schedule(const std::string& schedule) {
  TrainingSettings s;
  s.schedule = schedule;
  s.learning_rate = 0.01;
  s.warmup_iterations = 10;
  s.iterations = 110;
  return s;
}

TEST(LearningRate, WarmsUpLinearly) {
  const TrainingSettings s = with_schedule("cosine");
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 0), 0.001);
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 4), 0.005);
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 9), 0.01);
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 10), 0.01);
}

TEST(LearningRate, FollowsItsSchedule) {
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("constant"), 109), 0.01);
  EXPECT_NEAR(learning_rate_at(with_schedule("cosine"), 60), 0.005, 1e-12);
  EXPECT_NEAR(learning_rate_at(with_schedule("cosine"), 35), 0.01 * (2 + std::sqrt(2)) / 4, 1e-12);
  EXPECT_NEAR(learning_rate_at(with_schedule("polynomial"), 60), 0.01 * std::pow(0.5, 0.9), 1e-12);
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("step"), 59), 0.01);
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("step"), 60), 0.001);
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("step"), 85), 0.0001);
}

TEST(LearningRate, EndsAtOnePercentOfItsHighest) {
  for (const char* schedule : {"cosine", "polynomial", "step"}) {
    const TrainingSettings s = with_schedule(schedule);
    EXPECT_NEAR(learning_rate_at(s, 110), 0.0001, 1e-15) << schedule;
    for (int i = 11; i < 110; ++i) {
      EXPECT_LE(learning_rate_at(s, i), learning_rate_at(s, i - 1)) << schedule;
      EXPECT_GE(learning_rate_at(s, i), 0.0001) << schedule;
    }
  }
}

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

TEST(Watch, CountsEpochsSinceTheBest) {
  Watch watch;
  EXPECT_TRUE(watch.consider(0.5));
  EXPECT_FALSE(watch.consider(0.5));      // as good is not better
  EXPECT_FALSE(watch.consider(unknown));  // and what is not known is no epoch without
  EXPECT_EQ(watch.epochs_without_better(), 1);
  EXPECT_TRUE(watch.consider(0.6));
  EXPECT_EQ(watch.epochs_without_better(), 0);
  EXPECT_DOUBLE_EQ(watch.best(), 0.6);
}

TEST(Watch, OfALossWantsItLower) {
  Watch watch(/*higher_is_better=*/false);
  EXPECT_TRUE(watch.consider(0.5));
  EXPECT_FALSE(watch.consider(0.6));
  EXPECT_TRUE(watch.consider(0.4));
}

TEST(Plateau, LowersTheRateAfterSoManyEpochsWithoutABetterFigure) {
  Plateau plateau(true, 2, 0.5);
  for (const double value : {0.1, 0.2, 0.1, 0.3, 0.3}) EXPECT_FALSE(plateau.consider(value));
  EXPECT_DOUBLE_EQ(plateau.share(), 1);
  EXPECT_TRUE(plateau.consider(0.2));
  EXPECT_DOUBLE_EQ(plateau.share(), 0.5);
  EXPECT_FALSE(plateau.consider(0.2));  // waits anew
  EXPECT_TRUE(plateau.consider(0.2));
  EXPECT_DOUBLE_EQ(plateau.share(), 0.25);
  for (int n = 0; n < 40; ++n) plateau.consider(0.2);
  EXPECT_DOUBLE_EQ(plateau.share(), 0.01);  // as the other schedules end
}

TEST(Plateau, GoesOnFromItsRecordAsIfUnbroken) {
  Plateau whole(false, 3, 0.3), first(false, 3, 0.3), second(false, 3, 0.3);
  const std::vector<double> values = {0.9, 1.0 / 3, 0.5, 0.4, 0.5, 0.6, 0.7, 0.1, 0.2};
  for (std::size_t n = 0; n < values.size(); ++n) {
    whole.consider(values[n]);
    (n < 4 ? first : second).consider(values[n]);
    if (n == 3) second.load(core::Json::parse(first.to_json().dump()));
  }
  EXPECT_EQ(second.to_json(), whole.to_json());
  EXPECT_LT(whole.share(), 1);
}

TEST(Measure, OfAnUnknownNameIsRefused) {
  for (const std::string& name : measure_names()) EXPECT_NO_THROW(measure_from(name));
  EXPECT_THROW(measure_from("accuracy"), Error);
}

}  // namespace
}  // namespace dawson::training
