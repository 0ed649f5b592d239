// ITK's own overlap measures, an independent source for ours.
#include <gtest/gtest.h>
#include <itkImage.h>
#include <itkImportImageFilter.h>
#include <itkLabelOverlapMeasuresImageFilter.h>

#include "dawson/evaluation/voxel_measures.h"
#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

using ItkImage = itk::Image<unsigned char, 3>;

ItkImage::Pointer to_itk(const volume::Mask& mask) {
  ItkImage::SizeType size;
  ItkImage::SpacingType spacing;
  for (unsigned a = 0; a < 3; ++a) {
    size[a] = static_cast<itk::SizeValueType>(mask.grid.size[a]);
    spacing[a] = mask.grid.spacing[a];
  }
  auto image = ItkImage::New();
  image->SetRegions(ItkImage::RegionType(size));
  image->SetSpacing(spacing);
  image->Allocate();
  std::copy(mask.data.begin(), mask.data.end(), image->GetBufferPointer());
  return image;
}

TEST(ItkOverlapMeasures, AgreeWithOursOnRandomMasks) {
  core::Random random(21);
  for (int n = 0; n < 8; ++n) {
    const volume::Grid grid = made_grid({19, 17, 11}, {0.9, 0.9, 6.4});
    const volume::Mask reference = random_blobs(grid, 6, random);
    volume::Mask prediction = random_blobs(grid, 4, random);
    for (std::size_t v = 0; v < grid.voxels(); v += 3) prediction.data[v] |= reference.data[v];
    using Filter = itk::LabelOverlapMeasuresImageFilter<ItkImage>;
    auto filter = Filter::New();
    filter->SetSourceImage(to_itk(prediction));
    filter->SetTargetImage(to_itk(reference));
    filter->Update();
    const VoxelMeasures m = measure_voxels(reference, prediction, nullptr);
    EXPECT_NEAR(m.dice, filter->GetDiceCoefficient(1), 1e-12);
    EXPECT_NEAR(m.sensitivity, filter->GetTargetOverlap(1), 1e-12);
    EXPECT_NEAR(1 - m.sensitivity, filter->GetFalseNegativeError(1), 1e-12);
    // ITK's "volume similarity" is 2 (source − target) / (source + target).
    EXPECT_NEAR(2 * m.volume_difference_ml / (m.predicted_ml + m.reference_ml),
                filter->GetVolumeSimilarity(1), 1e-12);
    EXPECT_NEAR(m.dice / (2 - m.dice), filter->GetJaccardCoefficient(1), 1e-12);
  }
}

}  // namespace
}  // namespace dawson::evaluation
