#include "dawson/imaging/bias_field.h"

#include <itkCommand.h>
#include <itkImage.h>
#include <itkN4BiasFieldCorrectionImageFilter.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "dawson/core/error.h"
#include "dawson/imaging/resample.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Image;
using volume::Mask;

namespace {

using ItkImage = itk::Image<float, 3>;
using ItkMask = itk::Image<std::uint8_t, 3>;
using N4 = itk::N4BiasFieldCorrectionImageFilter<ItkImage, ItkMask, ItkImage>;

constexpr std::size_t fewest_voxels = 1000;
constexpr int fewest_along_axis = 4;       // below, a cubic spline has nothing to hold on to
constexpr float largest_log_field = 1.2F;  // a factor of 3.3: no coil is worse; extrapolation is

/// Lets ITK's iterations advance the progress and stops them when the user cancels.
class Iteration : public itk::Command {
 public:
  using Pointer = itk::SmartPointer<Iteration>;
  static Pointer New() {
    Pointer made = new Iteration;
    made->UnRegister();
    return made;
  }
  void watch(Progress* progress) { progress_ = progress; }
  void Execute(itk::Object*, const itk::EventObject&) override { progress_->check(); }
  void Execute(const itk::Object*, const itk::EventObject&) override { progress_->check(); }

 private:
  Progress* progress_ = nullptr;
};

/// The image's box in voxels of about `spacing_mm`; an axis that is coarser stays as it is.
Grid working_grid(const Grid& image, double spacing_mm) {
  Grid grid = image;
  volume::Vector3 first{};
  for (int a = 0; a < 3; ++a) {
    if (image.spacing[a] >= spacing_mm) continue;
    const double length = image.size[a] * image.spacing[a];
    grid.size[a] = std::max(1, static_cast<int>(std::round(length / spacing_mm)));
    grid.spacing[a] = length / grid.size[a];
    first[a] = 0.5 * (grid.spacing[a] / image.spacing[a] - 1);  // outer faces coincide
  }
  grid.origin = image.to_world(first);
  return grid;
}

template <typename T>
typename itk::Image<T, 3>::Pointer to_itk(const volume::Volume<T>& volume) {
  using Made = itk::Image<T, 3>;
  auto made = Made::New();
  typename Made::SizeType size;
  typename Made::SpacingType spacing;
  for (unsigned a = 0; a < 3; ++a) {
    size[a] = static_cast<itk::SizeValueType>(volume.grid.size[a]);
    spacing[a] = volume.grid.spacing[a];
  }
  // The field does not depend on where the head lies in the world: no direction, no origin.
  made->SetRegions(typename Made::RegionType(size));
  made->SetSpacing(spacing);
  made->Allocate();
  std::copy(volume.data.begin(), volume.data.end(), made->GetBufferPointer());
  return made;
}

/// What N4 works on: the mean of the mask's positive values in each coarse voxel.
struct Coarse {
  Image image;
  Mask mask;
  std::size_t voxels = 0;
};

Coarse coarsen(const Image& image, const Mask& mask, double spacing_mm) {
  Mask used(image.grid);
  Image masked(image.grid);
  for (std::size_t i = 0; i < image.data.size(); ++i) {
    if (mask.data[i] == 0 || !(image.data[i] > 0)) continue;
    used.data[i] = 1;
    masked.data[i] = image.data[i];
  }
  const Grid grid = working_grid(image.grid, spacing_mm);
  Coarse coarse{resample_smooth(masked, grid), Mask(grid), 0};
  const Image coverage = resample_coverage(used, grid);
  for (std::size_t i = 0; i < coverage.data.size(); ++i) {
    const bool inside = coverage.data[i] >= 0.5F;
    coarse.image.data[i] = inside ? coarse.image.data[i] / coverage.data[i] : 1;
    coarse.mask.data[i] = inside ? 1 : 0;
    coarse.voxels += inside ? 1 : 0;
  }
  return coarse;
}

bool is_constant(const Coarse& coarse) {
  float low = std::numeric_limits<float>::infinity();
  float high = 0;
  for (std::size_t i = 0; i < coarse.mask.data.size(); ++i) {
    if (coarse.mask.data[i] == 0) continue;
    low = std::min(low, coarse.image.data[i]);
    high = std::max(high, coarse.image.data[i]);
  }
  return !(high > low * 1.0001F);
}

Image log_field(const Coarse& coarse, const BiasSettings& settings, Progress& progress) {
  const Grid& grid = coarse.image.grid;
  auto n4 = N4::New();
  n4->SetInput(to_itk(coarse.image));
  n4->SetMaskImage(to_itk(coarse.mask));
  N4::ArrayType levels;
  levels.Fill(static_cast<unsigned>(settings.levels));
  n4->SetNumberOfFittingLevels(levels);
  N4::VariableSizeArrayType iterations(static_cast<unsigned>(settings.levels));
  iterations.Fill(static_cast<unsigned>(settings.iterations));
  n4->SetMaximumNumberOfIterations(iterations);
  N4::ArrayType points;
  for (unsigned a = 0; a < 3; ++a) {
    const double length = grid.size[a] * grid.spacing[a];
    const double elements = std::max(1.0, std::round(length / settings.control_spacing_mm));
    points[a] = static_cast<unsigned>(elements) + 3;  // cubic splines
  }
  n4->SetNumberOfControlPoints(points);
  auto iteration = Iteration::New();
  iteration->watch(&progress);
  n4->AddObserver(itk::IterationEvent(), iteration);
  try {
    n4->Update();
  } catch (const itk::ExceptionObject& e) {
    throw Error(ExitCode::defect, std::string("the bias field failed: ") + e.GetDescription());
  }
  // The spline is evaluated once more, since N4 gives back the corrected image alone.
  auto reconstruct = itk::BSplineControlPointImageFilter<N4::BiasFieldControlPointLatticeType,
                                                         N4::ScalarImageType>::New();
  reconstruct->SetInput(n4->GetLogBiasFieldControlPointLattice());
  const auto* output = n4->GetOutput();
  reconstruct->SetOrigin(output->GetOrigin());
  reconstruct->SetSpacing(output->GetSpacing());
  reconstruct->SetDirection(output->GetDirection());
  reconstruct->SetSize(output->GetLargestPossibleRegion().GetSize());
  reconstruct->SetSplineOrder(3);
  reconstruct->Update();
  Image field(grid);
  const auto* values = reconstruct->GetOutput()->GetBufferPointer();
  for (std::size_t i = 0; i < field.data.size(); ++i) {
    field.data[i] = std::clamp(values[i][0], -largest_log_field, largest_log_field);
  }
  return field;
}

}  // namespace

Image bias_field(const Image& image, const Mask& mask, const BiasSettings& settings,
                 Progress& progress) {
  if (!volume::same_grid(image.grid, mask.grid)) {
    throw Error(ExitCode::input, "the bias field's mask lies on another grid than the image");
  }
  progress.check();
  const auto inside = static_cast<std::size_t>(
      std::count_if(mask.data.begin(), mask.data.end(), [](auto value) { return value != 0; }));
  if (inside < fewest_voxels) return Image(image.grid, 1);
  const Coarse coarse = coarsen(image, mask, settings.working_spacing_mm);
  const volume::Index3 size = coarse.image.grid.size;
  if (*std::min_element(size.begin(), size.end()) < fewest_along_axis || coarse.voxels < 100 ||
      is_constant(coarse)) {
    return Image(image.grid, 1);
  }

  Image field = resample_linear(log_field(coarse, settings, progress), image.grid);
  double sum = 0;
  for (std::size_t i = 0; i < field.data.size(); ++i) {
    field.data[i] = std::exp(field.data[i]);
    if (mask.data[i] != 0) sum += static_cast<double>(field.data[i]);
  }
  const auto scale = static_cast<float>(static_cast<double>(inside) / sum);
  for (float& value : field.data) value *= scale;
  return field;
}

}  // namespace dawson::imaging
