#include <gtest/gtest.h>

#include "dawson/anatomy/brain.h"
#include "dawson/volume/nifti.h"

namespace dawson::anatomy {
namespace {

volume::Image scan(const std::string& file) {
  return volume::read_nifti(std::string(DAWSON_TEST_DATA) + "/" + file).image;
}

TEST(RealHeads, SkullAndItsAbsenceAreToldApart) {
  for (const char* file : {"tabriz/sub-107130/anat/sub-107130_FLAIR.nii.gz",
                           "tabriz/sub-101228/anat/sub-101228_FLAIR.nii.gz",
                           "ljubljana_unlabelled/sub-L01/anat/sub-L01_FLAIR.nii.gz",
                           "ljubljana_unlabelled/sub-L12/anat/sub-L12_FLAIR.nii.gz"}) {
    EXPECT_FALSE(is_stripped(scan(file))) << file;
  }
  for (const char* file : {"ljubljana/sub-19/anat/sub-19_FLAIR.nii.gz",
                           "mslesseg/sub-P39/anat/sub-P39_FLAIR.nii.gz"}) {
    const volume::Image image = scan(file);
    EXPECT_TRUE(is_stripped(image)) << file;
    const Brain brain{stripped_outline(image), true};
    EXPECT_GT(brain.volume_ml(), 1000) << file;
    EXPECT_LT(brain.volume_ml(), 2200) << file;
  }
}

}  // namespace
}  // namespace dawson::anatomy
