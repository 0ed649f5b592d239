#include "dawson/segmentation/traditional.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/segmentation/fitting.h"
#include "support/made_head.h"
#include "support/made_models.h"
#include "support/temporary_folder.h"

namespace dawson::segmentation {
namespace {

namespace fs = std::filesystem;

const preprocessing::RecipeSettings coarse{.in_plane_mm = 3, .slice_mm = 3, .remove_bias = false};

/// Each method is fitted on three made heads, in two folds, and judged on a fourth.
class TraditionalMethod : public ::testing::TestWithParam<std::string> {
 protected:
  TraditionalMethod() {
    made::write_models(folder_ / "models", coarse);
    const auto finder =
        std::make_shared<const anatomy::BrainFinder>(bundle::Bundle::open(brain_model()));
    recipe_ = std::make_unique<preprocessing::Recipe>(coarse, finder, made::atlas());
  }
  [[nodiscard]] fs::path brain_model() const { return folder_ / "models" / "brain"; }
  [[nodiscard]] fs::path fitted() const { return folder_ / "fitted"; }

  /// Fitted with this seed and written.
  MethodFile fit(const std::string& method, std::uint64_t seed) {
    const auto fitting = make_fitting(method);
    core::Random random(seed);
    Progress progress;
    const std::vector<std::vector<made::Ball>> training = {{{{-30, 0, 20}, 9}, {{22, 20, 10}, 7}},
                                                           {{{26, -24, 16}, 10}, {{-20, 30, 8}, 6}},
                                                           {{{-24, -20, 26}, 8}, {{32, 4, 12}, 7}}};
    for (std::size_t n = 0; n < training.size(); ++n) {
      const made::Head head = made::head(made::coarse_grid(), training[n]);
      const preprocessing::Prepared prepared = recipe_->prepare(head.scan, progress);
      const BrainSpace space = brain_space(prepared);
      const volume::Mask lesions = preprocessing::Recipe::carry(head.lesions, prepared.grid);
      fitting->show({"made/" + std::to_string(n), static_cast<int>(n % 2), space, lesions}, random);
    }
    const Fitted done = fitting->finish(random, progress);
    MethodFile file;
    file.method = method;
    file.version = "0";
    file.recipe = recipe_->to_json();
    file.parameters = done.parameters;
    file.calibration = done.calibration;
    file.provenance = {{"candidates", done.candidates}};
    file.save(fitted());
    return file;
  }
  [[nodiscard]] Segmentation run(const made::Head& head) const {
    const Traditional method(MethodFile::open(fitted()), brain_model(), made::atlas_folder());
    Progress progress;
    return segment(method, head.scan, progress);
  }

 private:
  testing::TemporaryFolder folder_;
  std::unique_ptr<preprocessing::Recipe> recipe_;
};

TEST_P(TraditionalMethod, FindsThePlantedLesionsOfAHeadItHasNotSeenAndNothingElse) {
  fit(GetParam(), 1);
  const made::Head head = made::head(made::coarse_grid());
  const Segmentation found = run(head);
  EXPECT_EQ(found.lesions.size(), 3U);
  EXPECT_GT(made::dice(found.lesion_mask, head.lesions), 0.7);
  EXPECT_TRUE(volume::same_grid(found.probabilities.grid, head.scan.grid, 0));
  EXPECT_GT(made::dice(found.brain_mask, head.brain), 0.95);
}

TEST_P(TraditionalMethod, FindsNothingInAHeadWithoutLesions) {
  fit(GetParam(), 1);
  EXPECT_TRUE(run(made::head(made::coarse_grid(), {})).lesions.empty());
}

TEST_P(TraditionalMethod, IsFittedTheSameForTheSameSeed) {
  EXPECT_EQ(fit(GetParam(), 5).sha256, fit(GetParam(), 5).sha256);
}

INSTANTIATE_TEST_SUITE_P(Each, TraditionalMethod, ::testing::ValuesIn(traditional_methods()),
                         [](const auto& name) { return name.param; });

class MethodFiles : public TraditionalMethod {
 protected:
  /// The error of opening the file of a fitted threshold after `change`.
  ExitCode code_after(const std::function<void(core::Json&)>& change) {
    core::Json json = core::read_json(fitted() / "method.json");
    change(json);
    core::write_json(fitted() / "method.json", json);
    return code();
  }
  ExitCode code() {
    try {
      run(made::head(made::coarse_grid()));
    } catch (const Error& e) {
      sentence_ = e.what();
      return e.code();
    }
    return ExitCode::done;
  }
  std::string sentence_;
};

TEST_F(MethodFiles, ThatAreMissingTruncatedOrNewerAreRefusedAsModels) {
  EXPECT_EQ(code(), ExitCode::model);  // nothing there
  fit("threshold", 1);
  EXPECT_EQ(code(), ExitCode::done);
  const std::string whole = testing::read(fitted() / "method.json");
  testing::write(fitted() / "method.json", whole.substr(0, whole.size() / 2));
  EXPECT_EQ(code(), ExitCode::model);
  testing::write(fitted() / "method.json", whole);
  EXPECT_EQ(code_after([](core::Json& j) { j["format"] = newest_method_format + 1; }),
            ExitCode::model);
  EXPECT_NE(sentence_.find("use a newer dawson"), std::string::npos) << sentence_;
}

TEST_F(MethodFiles, WhoseContentDoesNotFitAreRefusedAsModels) {
  const auto refused = [&](const std::function<void(core::Json&)>& change) {
    fit("threshold", 1);
    return code_after(change);
  };
  EXPECT_EQ(refused([](core::Json& j) { j["method"] = "divination"; }), ExitCode::model);
  EXPECT_EQ(refused([](core::Json& j) { j["method"] = "forest"; }), ExitCode::model);
  EXPECT_EQ(refused([](core::Json& j) { j["parameters"]["scale"] = "moon"; }), ExitCode::model);
  EXPECT_EQ(refused([](core::Json& j) { j["parameters"].erase("rim_mm"); }), ExitCode::model);
  EXPECT_EQ(refused([](core::Json& j) { j["rule"] = 3; }), ExitCode::model);
  EXPECT_EQ(refused([](core::Json& j) { j["recipe"]["brain_model_sha256"] = "other"; }),
            ExitCode::model);
}

TEST(MakeFitting, NamesTheNearestMethod) {
  try {
    make_fitting("logistics");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::usage);
    EXPECT_NE(std::string(e.what()).find("'logistic'"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace dawson::segmentation
