#include "dawson/training/learner.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dawson/nn/networks.h"
#include "dawson/nn/operation.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

class LearnerTest : public ::testing::Test {
 protected:
  LearnerTest() { settings_.network.input_channels = 2; }

  [[nodiscard]] nn::Graph fresh() const {
    nn::Graph graph = nn::build(settings_.network);
    core::Random random(3);
    graph.initialise(random);
    return graph;
  }
  static Batch batch() {
    core::Random random(5);
    const at::Tensor images = at::empty({2, 2, 32, 32});
    nn::assign_normal(images, random, 1);
    return {images, images.narrow(1, 0, 1).gt(1).to(at::kFloat)};
  }
  TrainingSettings settings_ = toy_settings();
};

/// The largest difference between tensors of the same names.
double difference(const nn::Tensors& a, const nn::Tensors& b) {
  double largest = 0;
  for (const auto& [name, tensor] : a) {
    const at::Tensor other = b.at(name);
    if (tensor.numel() == 0) continue;
    largest = std::max(largest, (tensor - other).abs().max().item<double>());
  }
  return largest;
}

TEST_F(LearnerTest, AveragesByTheRecurrenceThatItStates) {
  settings_.average_decay = 0.3;  // reached at the third step: 4 / 13
  Learner learner(fresh(), settings_);
  nn::Tensors expected = cloned(learner.graph().tensors());
  StepSums sums;
  for (int t = 1; t <= 5; ++t) {
    learner.step(batch(), 0.05, t, sums);
    const double decay = std::min(0.3, (1.0 + t) / (10.0 + t));
    for (const auto& [name, weight] : cloned(learner.graph().tensors())) {
      at::Tensor& average = expected.at(name);
      average = weight.is_floating_point() ? decay * average + (1 - decay) * weight : weight;
    }
    ASSERT_LT(difference(learner.average(), expected), 1e-6) << "step " << t;
  }
  const nn::Tensors now = cloned(learner.graph().tensors());
  EXPECT_GT(difference(learner.average(), now), 1e-3) << "the steps were too small to tell";
  EXPECT_EQ(difference(learner.averaged().tensors(), learner.average()), 0);
}

TEST_F(LearnerTest, WithADecayOfZeroTheAverageIsTheWeights) {
  settings_.average_decay = 0;
  Learner learner(fresh(), settings_);
  const nn::Tensors before = cloned(learner.graph().tensors());
  StepSums sums;
  for (int t = 1; t <= 3; ++t) learner.step(batch(), 0.05, t, sums);
  EXPECT_EQ(difference(learner.average(), cloned(learner.graph().tensors())), 0);
  EXPECT_GT(difference(learner.average(), before), 1e-2);
}

TEST_F(LearnerTest, TakesUpWhatACheckpointHolds) {
  Learner learner(fresh(), settings_), other(fresh(), settings_);
  StepSums sums;
  learner.step(batch(), 0.05, 1, sums);
  const nn::Tensors weights = cloned(learner.graph().tensors());
  other.load(weights, learner.average());
  EXPECT_EQ(difference(cloned(other.graph().tensors()), weights), 0);
  EXPECT_EQ(difference(other.average(), learner.average()), 0);
}

TEST_F(LearnerTest, LooksAheadWithoutChangingAnything) {
  Learner learner(fresh(), settings_);
  const nn::Tensors before = cloned(learner.graph().tensors());
  EXPECT_TRUE(learner.can_go_on(batch()));
  EXPECT_EQ(difference(cloned(learner.graph().tensors()), before), 0);
  Batch broken = batch();
  broken.images[0][0][0][0] = NAN;
  EXPECT_FALSE(learner.can_go_on(broken));
  // 1e5 is finite as a float and not as the half that a bundle would store.
  nn::Tensors huge = cloned(before);
  huge.begin()->second.fill_(1e5);
  learner.load(before, huge);
  EXPECT_FALSE(learner.can_go_on(batch()));
}

TEST(StepSums, GiveMeansOverTheStepsSoFar) {
  StepSums sums;
  EXPECT_EQ(sums.read().loss, 0);
  const auto scalar = [](double v) { return at::full({}, v); };
  sums.add({scalar(1), scalar(2), scalar(3)}, scalar(4));
  sums.add({scalar(3), scalar(4), scalar(5)}, scalar(8));
  const StepSums::Means means = sums.read();
  EXPECT_EQ(means.loss, 2);
  EXPECT_EQ(means.overlap, 3);
  EXPECT_EQ(means.bce, 4);
  EXPECT_EQ(means.gradient_norm, 6);
  EXPECT_TRUE(means.finite());
  sums.add({scalar(NAN), scalar(0), scalar(0)}, scalar(0));
  EXPECT_FALSE(sums.read().finite());
}

TEST(Cloned, SharesNoMemory) {
  const nn::Tensors original = {{"a", at::ones({3})}};
  const nn::Tensors copy = cloned(original);
  copy.at("a").fill_(7);
  EXPECT_TRUE(at::equal(original.at("a"), at::ones({3})));
}

}  // namespace
}  // namespace dawson::training
