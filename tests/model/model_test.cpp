#include "dawson/model/model.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "support/made_models.h"
#include "support/temporary_folder.h"

namespace dawson::model {
namespace {

namespace fs = std::filesystem;

/// The sentence of the model error that opening ends in; empty where it opens.
std::string refusal(const fs::path& lesion, const fs::path& brain, const fs::path& atlas) {
  try {
    open(lesion, brain, atlas);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::model) << e.what();
    return e.what();
  }
  return "";
}

class Models : public ::testing::Test {
 protected:
  void SetUp() override { made::write_models(models()); }
  [[nodiscard]] fs::path models() const { return folder_ / "models"; }
  [[nodiscard]] std::string refused(const char* lesion = "lesion",
                                    const char* brain = "brain") const {
    return refusal(models() / lesion, models() / brain, models() / "atlas");
  }

 private:
  testing::TemporaryFolder folder_;
};

TEST_F(Models, OpenWithTheirBrainModelAndAtlas) {
  const Model model = made::open_models(models());
  EXPECT_EQ(model.bundle.target, "lesion");
  EXPECT_EQ(model.recipe.to_json(), model.bundle.recipe);
}

TEST_F(Models, AreRefusedInTheWrongRole) {
  EXPECT_NE(refused("brain", "brain").find("is not a lesion model"), std::string::npos);
  EXPECT_NE(refused("lesion", "lesion").find("is not a brain model"), std::string::npos);
}

TEST_F(Models, AreRefusedWithAnotherBrainModel) {
  made::pixel_bundle("brain", {2}, 1, anatomy::head_recipe())
      .save(models() / "other", /*half=*/true, /*overwrite=*/false);
  EXPECT_NE(refused("lesion", "other").find("was made with another brain model"),
            std::string::npos);
}

TEST_F(Models, AreRefusedWhenAFileIsMissingOrChanged) {
  testing::write(models() / "lesion" / "weights.safetensors", "other bytes");
  EXPECT_NE(refused(), "");
  fs::remove(models() / "lesion" / "weights.safetensors");
  EXPECT_NE(refused(), "");
  EXPECT_NE(refusal(models() / "nowhere", models() / "brain", models() / "atlas"), "");
}

TEST_F(Models, AreRefusedWithoutTheirAtlas) {
  fs::remove(models() / "atlas");
  EXPECT_NE(refused().find("atlas"), std::string::npos);
}

}  // namespace
}  // namespace dawson::model
