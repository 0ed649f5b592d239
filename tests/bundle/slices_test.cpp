#include "dawson/bundle/slices.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "bundle/networks.h"
#include "dawson/core/error.h"
#include "dawson/core/random.h"
#include "dawson/nn/graph.h"

namespace dawson::bundle {
namespace {

/// Two channels, four slices 3 mm apart; the value tells channel, slice and pixel.
Stack numbered_stack() {
  Stack stack{2, 4, 2, 3, 3.0, {}};
  for (int c = 0; c < 2; ++c)
    for (int z = 0; z < 4; ++z)
      for (int i = 0; i < 6; ++i)
        stack.values.push_back(static_cast<float>(1000 * c + 100 * z * z + i));
  return stack;
}

Stack random_stack(int channels, int slices, int height, int width) {
  core::Random random(8);
  Stack stack{channels, slices, height, width, 1.0, {}};
  stack.values.resize(static_cast<std::size_t>(channels) * slices * height * width);
  for (float& value : stack.values) value = static_cast<float>(random.normal());
  return stack;
}

std::vector<float> first_pixels(const Stack& stack, const SliceInput& input, double z) {
  std::vector<float> out(static_cast<std::size_t>(input.network_channels()) * 6);
  cut_slice(stack, input, z, out.data());
  std::vector<float> first;
  for (std::size_t i = 0; i < out.size(); i += 6) {
    first.push_back(out[i]);
    EXPECT_FLOAT_EQ(out[i + 5] - out[i], 5);
  }
  return first;
}

TEST(CutSlice, TakesChannelsThenOffsets) {
  const SliceInput input{{{-3, 0, 3}, {0}}};
  EXPECT_EQ(input.network_channels(), 4);
  EXPECT_EQ(first_pixels(numbered_stack(), input, 1), (std::vector<float>{0, 100, 400, 1100}));
}

TEST(CutSlice, LeavesOutAChannelWithoutOffsets) {
  const SliceInput input{{{-3, 0, 3}, {}}};
  EXPECT_EQ(input.network_channels(), 3);
  EXPECT_EQ(first_pixels(numbered_stack(), input, 1), (std::vector<float>{0, 100, 400}));
  EXPECT_EQ(SliceInput::from_json(input.to_json()).offsets_mm, input.offsets_mm);
}

TEST(CutSlice, IsLinearBetweenSlicesInMillimetres) {
  // Slices at 0, 100, 400, 900; 1.5 mm is half a slice, 1 mm a third.
  const std::vector<float> found = first_pixels(numbered_stack(), {{{-1.5, 1, 4.5}, {0}}}, 1);
  EXPECT_FLOAT_EQ(found[0], 50);
  EXPECT_FLOAT_EQ(found[1], 200);
  EXPECT_FLOAT_EQ(found[2], 650);
  EXPECT_FLOAT_EQ(first_pixels(numbered_stack(), {{{0}, {0}}}, 1.25)[0], 175);
}

TEST(CutSlice, RepeatsTheFirstAndLastSlice) {
  const SliceInput input{{{-100, -3, 0, 3, 100}, {0}}};
  EXPECT_EQ(first_pixels(numbered_stack(), input, 0),
            (std::vector<float>{0, 0, 0, 100, 900, 1000}));
  EXPECT_EQ(first_pixels(numbered_stack(), input, 3),
            (std::vector<float>{0, 400, 900, 900, 900, 1900}));
  EXPECT_EQ(first_pixels(numbered_stack(), {{{0}, {0}}}, 3.4), (std::vector<float>{900, 1900}));
  EXPECT_EQ(first_pixels(numbered_stack(), {{{0}, {0}}}, -1), (std::vector<float>{0, 1000}));
}

TEST(SliceInput, IsWhatItsJsonSays) {
  const SliceInput input{{{-2.5, 0, 2.5}, {0}}};
  const core::Json json = core::Json::parse(input.to_json().dump());
  EXPECT_EQ(SliceInput::from_json(json).offsets_mm, input.offsets_mm);
  for (const char* text : {"{}", "[]", R"({"offsets_mm":[]})", R"({"offsets_mm":[[]]})",
                           R"({"offsets_mm":[0]})", R"({"offsets_mm":[["a"]]})"}) {
    EXPECT_THROW((void)SliceInput::from_json(core::Json::parse(text)), Error) << text;
  }
}

TEST(Predict, IsTheSigmoidOfTheLogitOverTheTemperature) {
  // A 1×1 network: logit = 2·a − b + 0.5.
  nn::Graph graph = pixel_network({2, -1}, 0.5F);
  const Stack stack = random_stack(2, 3, 4, 5);
  Progress progress;
  const std::vector<float> p = predict(graph, stack, {{{0}, {0}}}, 2.0, false, progress);
  ASSERT_EQ(p.size(), 60U);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double logit = 2 * stack.values[i] - stack.values[60 + i] + 0.5;
    ASSERT_NEAR(p[i], 1 / (1 + std::exp(-logit / 2)), 1e-6) << i;
  }
}

TEST(Predict, SeesTheNeighbours) {
  nn::Graph graph = pixel_network({1, 0, 1}, 0);
  const Stack stack = random_stack(1, 3, 2, 2);
  Progress progress;
  const std::vector<float> p = predict(graph, stack, {{{-1, 0, 1}}}, 1, false, progress);
  const auto logit = [](float value) { return std::log(value / (1 - value)); };
  EXPECT_NEAR(logit(p[5]), stack.values[1] + stack.values[9], 1e-4);
  EXPECT_NEAR(logit(p[1]), stack.values[1] + stack.values[5], 1e-4) << "the first slice repeats";
}

TEST(Predict, DoesNotDependOnPaddingOrBatches) {
  // Sizes that are no multiples of the stride; one slice at a time and many.
  nn::Graph graph = small_network(2);
  const Stack stack = random_stack(2, 9, 21, 18);
  Progress progress;
  const SliceInput input{{{0}, {0}}};
  const std::vector<float> many = predict(graph, stack, input, 1, false, progress);
  ASSERT_EQ(many.size(), 9U * 21 * 18);
  const double one_slice_mb = 0.2;
  const std::vector<float> single = predict(graph, stack, input, 1, false, progress, one_slice_mb);
  for (std::size_t i = 0; i < many.size(); ++i) ASSERT_NEAR(many[i], single[i], 1e-5);
}

TEST(Predict, PadsWithEachChannelsFirstValue) {
  nn::Graph graph = small_network(1);
  Stack stack = random_stack(1, 1, 21, 18);
  Stack padded{1, 1, 24, 20, 1.0, std::vector<float>(24 * 20, stack.values[0])};
  for (int y = 0; y < 21; ++y)
    for (int x = 0; x < 18; ++x) padded.values[y * 20 + x] = stack.values[y * 18 + x];
  Progress progress;
  const auto small = predict(graph, stack, {{{0}}}, 1, false, progress);
  const auto large = predict(graph, padded, {{{0}}}, 1, false, progress);
  for (int y = 0; y < 21; ++y)
    for (int x = 0; x < 18; ++x) ASSERT_FLOAT_EQ(small[y * 18 + x], large[y * 20 + x]);
}

TEST(Predict, MirroringMakesItSymmetric) {
  nn::Graph graph = small_network(1);
  const Stack stack = random_stack(1, 2, 8, 16);
  Stack turned = stack;
  const auto mirrored = [](std::size_t i) { return i / 16 * 16 + 15 - i % 16; };
  for (std::size_t i = 0; i < stack.values.size(); ++i)
    turned.values[mirrored(i)] = stack.values[i];
  Progress progress;
  const SliceInput input{{{0}}};
  const auto plain = predict(graph, stack, input, 1, false, progress);
  const auto plain_turned = predict(graph, turned, input, 1, false, progress);
  const auto both = predict(graph, stack, input, 1, true, progress);
  double asymmetry = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    asymmetry = std::max(asymmetry, std::abs(double{plain[i]} - plain_turned[mirrored(i)]));
    ASSERT_NEAR(both[i], (plain[i] + plain_turned[mirrored(i)]) / 2, 1e-6);
  }
  EXPECT_GT(asymmetry, 0.01) << "the test would show nothing";
}

TEST(Predict, RefusesWhatDoesNotFitInMemory) {
  nn::Graph graph = small_network(1);
  const Stack stack = random_stack(1, 1, 64, 64);
  Progress progress;
  try {
    (void)predict(graph, stack, {{{0}}}, 1, false, progress, 0.05);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::resources);
  }
}

TEST(Predict, CountsSlicesAndStopsWhenCancelled) {
  struct Counter : ProgressSink {
    std::size_t seen = 0;
    std::atomic<bool>* cancel = nullptr;
    void step_started(const std::string&, std::size_t) override {}
    void advanced(std::size_t done, std::size_t) override {
      seen = done;
      if (cancel != nullptr) *cancel = true;
    }
    void step_finished(const StepRecord&) override {}
    void warned(const std::string&) override {}
  } sink;
  std::atomic<bool> cancel{false};
  Progress progress(&sink, &cancel);
  nn::Graph graph = pixel_network({1}, 0);
  const Stack stack = random_stack(1, 20, 8, 8);
  progress.step("network", 20);
  (void)predict(graph, stack, {{{0}}}, 1, false, progress);
  EXPECT_EQ(sink.seen, 20U);
  sink.cancel = &cancel;
  progress.step("network", 20);
  try {
    (void)predict(graph, stack, {{{0}}}, 1, false, progress);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::interrupted);
  }
  EXPECT_LT(sink.seen, 3U);
}

TEST(Predict, RefusesAStackThatDoesNotFitTheNetwork) {
  nn::Graph graph = pixel_network({1, 1}, 0);
  Progress progress;
  EXPECT_THROW((void)predict(graph, random_stack(1, 2, 4, 4), {{{0}}}, 1, false, progress), Error);
  Stack cut = random_stack(2, 2, 4, 4);
  cut.values.pop_back();
  EXPECT_THROW((void)predict(graph, cut, {{{0}, {0}}}, 1, false, progress), Error);
}

}  // namespace
}  // namespace dawson::bundle
