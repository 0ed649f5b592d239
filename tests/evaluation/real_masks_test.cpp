#include <gtest/gtest.h>

#include <cmath>

#include "dawson/evaluation/measures.h"
#include "dawson/evaluation/pairing.h"
#include "dawson/volume/nifti.h"
#include "evaluation/made.h"
#include "evaluation/python_check.h"
#include "support/folder_test.h"

namespace dawson::evaluation {
namespace {

const std::filesystem::path data = DAWSON_TEST_DATA;

std::filesystem::path mask_of_visit(const std::string& session) {
  return data / "mslesseg/derivatives/manual_masks/sub-P14" / session / "anat" /
         ("sub-P14_" + session + "_space-FLAIR_label-lesion_mask.nii.gz");
}

TEST(RealMasks, OfTwoVisitsOverlapAsTheDataSaysOfThem) {
  // The data's README: the first visit differs much from the other two (mask overlap 0.42).
  const volume::Mask first = volume::read_nifti_mask(mask_of_visit("ses-1"));
  const volume::Mask second = volume::read_nifti_mask(mask_of_visit("ses-2"));
  const volume::Mask third = volume::read_nifti_mask(mask_of_visit("ses-3"));
  EXPECT_NEAR(evaluate_case(first, third).voxels.dice, 0.42, 0.005);
  EXPECT_GT(evaluate_case(second, third).voxels.dice, 0.7);
}

TEST(RealMasks, OfAllTreesPairWithThemselves) {
  const Pairing p = pair_cases(data, data);
  EXPECT_EQ(p.cases.size(), 15U);
  EXPECT_TRUE(p.without_prediction.empty());
  int with_brain = 0;
  for (const PairedCase& c : p.cases) with_brain += c.brain_source == "reference" ? 1 : 0;
  EXPECT_EQ(with_brain, 9);  // Tabriz
}

#if DAWSON_HAS_SCIPY

class RealNumpyAndScipy : public made::FolderTest {};

TEST_F(RealNumpyAndScipy, FindTheSameFiguresOnAThickScan) {
  const auto folder_of = data / "tabriz/derivatives/manual_masks/sub-107130/anat";
  const auto read = [&](const std::string& label) {
    return volume::read_nifti_mask(folder_of /
                                   ("sub-107130_space-FLAIR_label-" + label + "_mask.nii.gz"));
  };
  const volume::Mask reference = read("lesion");
  // The reference moved by a voxel in plane, less every fifth slice's part, and a made false
  // lesion.
  volume::Mask prediction(reference.grid);
  volume::Image probabilities(reference.grid);
  core::Random random(4);
  for (int k = 0; k < reference.grid.size[2]; ++k) {
    for (int j = 1; j < reference.grid.size[1]; ++j) {
      for (int i = 1; i < reference.grid.size[0]; ++i) {
        if (k % 5 != 0) prediction.at(i, j, k) = reference.at(i - 1, j - 1, k);
        const double chance = prediction.at(i, j, k) != 0 ? 0.7 : 0.005;
        probabilities.at(i, j, k) = static_cast<float>(chance * random.uniform());
      }
    }
  }
  PythonCheck check(folder());
  check.add_case("sub-107130", reference, prediction, read("brain"), probabilities);
  EXPECT_TRUE(check.agrees());
}

#endif

}  // namespace
}  // namespace dawson::evaluation
