// What a card says of a model must follow from what the model's runs wrote down.
#include "dawson/workflow/card.h"

#include <gtest/gtest.h>

#include "dawson/core/table.h"
#include "dawson/workflow/derived_scans.h"
#include "imaging/shapes.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// A bundle as a run on these patients leaves it.
bundle::Bundle trained_on(const std::vector<std::string>& patients) {
  bundle::Bundle b;
  b.name = "lesion";
  b.version = "1";
  b.recipe = {{"channels", {"FLAIR", "T1w", "lesion_frequency"}}};
  b.provenance = {{"settings", {{"batch", 16}, {"seed", 7}, {"pretrained", false}}},
                  {"data", {{"train_patients", patients}}},
                  {"iterations", 3000}};
  return b;
}

const std::vector<std::string> own = {"ljubljana/sub-19", "mslesseg/sub-P14",
                                      "phantoms/sub-phantom001", "tabriz/sub-101228",
                                      "tabriz/sub-101627"};

evaluation::CohortResult cohort() {
  const volume::Mask ball =
      test::carved(test::centred({24, 24, 24}, {1, 1, 1}), [](const volume::Vector3& p) {
        return test::in_ellipsoid(p, {0, 0, 0}, {6, 6, 6});
      });
  evaluation::CohortResult c;
  c.cases.push_back(
      {"site/sub-1", "site/sub-1", "site", "n/a", evaluation::evaluate_case(ball, ball)});
  return c;
}

std::string card(const bundle::Bundle& b) {
  return lesion_card(b, cohort(), "dawson crossval -i data");
}

void expect_says(const std::string& text, const std::string& words) {
  EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}
void expect_does_not_say(const std::string& text, const std::string& words) {
  EXPECT_EQ(text.find(words), std::string::npos) << words << "\n" << text;
}

TEST(Card, SaysHowItWasTrainedAndOnWhat) {
  const std::string text = card(trained_on(own));
  for (const char* words :
       {"# Model card: lesion 1", "3000 iterations of 16 slices, seed 7, from scratch;",
        "- tabriz: 2 heads. MS3SEG", "- ljubljana: 1 head. Lesjak", "(FLAIR, T1w)",
        "    dawson crossval -i data\n", "1 patients: Dice 1.000", "leave-site-out",
        "Weights: CC BY 4.0"}) {
    expect_says(text, words);
  }
  expect_does_not_say(text, "folds:");  // how many is not known
}

TEST(Card, NamesTheWeightsThatTheEncoderBeganWith) {
  bundle::Bundle b = trained_on(own);
  b.provenance["settings"]["pretrained"] = true;
  expect_says(card(b), "from an encoder's weights whose file was not recorded");
  b.provenance["settings"]["encoder_weights"] = {{"file", "resnet18.pth"}, {"sha256", "0123abcd"}};
  const std::string text = card(b);
  expect_says(text,
              "from the encoder's weights in resnet18.pth (SHA-256 0123abcd), the rest from "
              "scratch");
  expect_does_not_say(text, "seed 7, from scratch");
  expect_says(brain_card(b, {}, "x"), "resnet18.pth (SHA-256 0123abcd)");
}

TEST(Card, NamesTheModelThatWasFineTuned) {
  bundle::Bundle b = trained_on(own);
  b.provenance["init"] = {{"name", "base"}, {"version", "2"}, {"weights_sha256", "beef"}};
  expect_says(card(b), "from the model base 2 (SHA-256 of its weights beef)");
}

TEST(Card, ListsFoldsAndWhatWasMadeOfThePatients) {
  bundle::Bundle b = trained_on(own);
  b.provenance["folds"] = 4;
  b.provenance["derived"] = {{{"made", "lesion-free"}, {"scans", 15}, {"patients", 13}},
                             {{"made", "painted"},
                              {"scans", 30},
                              {"patients", 13},
                              {"shapes", {"27 lesion masks of the folder 'shapes'"}}}};
  const std::string text = card(b);
  expect_says(text, "4 patient-level folds");
  expect_says(text, "13 patients of these (`dawson derive`): 15 scans with their lesions filled\n");
  expect_says(text,
              "30 scans with lesions painted in, of the shapes in 27 lesion masks of the folder "
              "'shapes'\n");
}

TEST(Card, ClaimsNothingOfOthersData) {
  const std::string text = card(trained_on({"hospital/sub-1", "tabriz/sub-101228"}));
  expect_says(text, "- hospital: 1 head\n");
  for (const char* words : {"CC BY 4.0, as their data ask", "three sources",
                            "with or without skull", "temporal horns"}) {
    expect_does_not_say(text, words);
  }
  expect_says(text, "not all of them are known to dawson");
}

TEST(DerivedScans, AreCountedByWhatWasMadeOfWhom) {
  const testing::TemporaryFolder folder;
  std::vector<dataset::Scan> scans;
  const auto scan = [&](const fs::path& tree, const std::string& sub, const std::string& name) {
    const fs::path file = fs::path(sub) / "anat" / (name + "_FLAIR.nii.gz");
    dataset::Scan s;
    s.source = "site";
    s.participant = sub;
    s.flair = tree / file;
    scans.push_back(s);
    return file.generic_string();
  };
  const fs::path painted = folder / "painted/site", bare = folder / "made/site";
  fs::create_directories(painted);
  core::Table table({{"file", "f"}, {"made", "m"}});
  for (const char* name : {"sub-1_rec-painted1", "sub-1_rec-painted2"}) {
    table.add_row({scan(painted, "sub-1", name), "painted"});
  }
  table.add_row({scan(painted, "sub-2", "sub-2_rec-painted1"), "painted"});
  table.write(painted / "derived.tsv");
  core::write_json(
      painted / "dataset_description.json",
      {{"SourceDatasets", core::Json::array({core::Json{{"Description", "the tree"}},
                                             core::Json{{"Description", "27 lesion masks"}}})}});
  scan(bare, "sub-1", "sub-1");  // of a tree that says nothing
  const core::Json counted = count_derived(scans);
  ASSERT_EQ(counted.size(), 2U) << counted;
  EXPECT_EQ(counted[0], (core::Json{{"made", "n/a"}, {"scans", 1}, {"patients", 1}}));
  EXPECT_EQ(counted[1]["made"], "painted");
  EXPECT_EQ(counted[1]["scans"], 3);
  EXPECT_EQ(counted[1]["patients"], 2);
  EXPECT_EQ(counted[1]["shapes"], core::Json::array({"27 lesion masks"}));
  EXPECT_TRUE(count_derived({}).empty());
}

}  // namespace
}  // namespace dawson::workflow
