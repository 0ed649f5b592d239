// ITK's own overlap and distance measures, an independent source for ours.
#include <gtest/gtest.h>
#include <itkDirectedHausdorffDistanceImageFilter.h>
#include <itkImage.h>
#include <itkImportImageFilter.h>
#include <itkLabelOverlapMeasuresImageFilter.h>

#include <algorithm>

#include "dawson/evaluation/surface.h"
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

/// Greatest and mean distance from each voxel of `from` to the nearest of `to`, by ITK.
std::pair<double, double> directed_distances(const volume::Mask& from, const volume::Mask& to) {
  using Filter = itk::DirectedHausdorffDistanceImageFilter<ItkImage, ItkImage>;
  auto filter = Filter::New();
  filter->SetInput1(to_itk(from));
  filter->SetInput2(to_itk(to));
  filter->SetUseImageSpacing(true);
  filter->Update();
  return {filter->GetDirectedHausdorffDistance(), filter->GetAverageHausdorffDistance()};
}

// ITK has no 95th percentile: its greatest distance bounds ours from above. Its directed means,
// weighed by the boundaries' voxels, make the average symmetric distance.
TEST(ItkHausdorffDistance, AgreesWithOursOnRandomMasks) {
  core::Random random(22);
  for (int n = 0; n < 8; ++n) {
    const volume::Grid grid = made_grid({24, 20, 12}, {0.9, 1.3, 4.0});
    const volume::Mask reference = random_blobs(grid, 6, random);
    const volume::Mask prediction = random_blobs(grid, 4, random);
    const volume::Mask ours = boundary(reference);
    const volume::Mask theirs = boundary(prediction);
    const auto [there_most, there_mean] = directed_distances(ours, theirs);
    const auto [back_most, back_mean] = directed_distances(theirs, ours);
    const auto voxels = [](const volume::Mask& mask) {
      return static_cast<double>(std::count(mask.data.begin(), mask.data.end(), 1));
    };
    const SurfaceMeasures m = measure_surfaces(reference, prediction);
    EXPECT_NEAR(
        m.assd_mm,
        (voxels(ours) * there_mean + voxels(theirs) * back_mean) / (voxels(ours) + voxels(theirs)),
        1e-4);
    EXPECT_LE(m.hd95_mm, std::max(there_most, back_most) + 1e-4);
    EXPECT_GE(m.hd95_mm, std::max(there_mean, back_mean));
  }
}

}  // namespace
}  // namespace dawson::evaluation
