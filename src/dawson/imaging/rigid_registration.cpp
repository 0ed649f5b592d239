#include "dawson/imaging/rigid_registration.h"

#include <itkEuler3DTransform.h>
#include <itkImage.h>
#include <itkImageRegistrationMethodv4.h>
#include <itkMattesMutualInformationImageToImageMetricv4.h>
#include <itkMultiThreaderBase.h>
#include <itkRegistrationParameterScalesFromPhysicalShift.h>
#include <itkRegularStepGradientDescentOptimizerv4.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Image;
using volume::Vector3;

namespace {

using ItkImage = itk::Image<float, 3>;
using Transform = itk::Euler3DTransform<double>;
using Metric = itk::MattesMutualInformationImageToImageMetricv4<ItkImage, ItkImage>;
using Optimizer = itk::RegularStepGradientDescentOptimizerv4<double>;
using Registration = itk::ImageRegistrationMethodv4<ItkImage, ItkImage, Transform>;

constexpr double head_share = 0.15;  // of the 98th percentile: above is head
constexpr int bins = 32;
constexpr double most_samples = 60000;
constexpr int seed = 121;  // of the draw of samples: the same scans, the same transform

/// One step of the way from coarse to fine.
struct Level {
  double spacing_mm;
  double first_step_mm, last_step_mm;
};
constexpr Level coarse{8, 4, 0.02};
constexpr Level finer[] = {{4, 1, 0.02}, {2, 0.5, 0.005}};

/// The image on its own axes, no finer than `spacing_mm`.
Image coarsened(const Image& image, double spacing_mm) {
  Grid grid = image.grid;
  Vector3 first{0, 0, 0};
  for (int a = 0; a < 3; ++a) {
    const double ratio = std::max(1.0, spacing_mm / grid.spacing[a]);
    const int size = std::max(1, static_cast<int>(std::floor(grid.size[a] / ratio)));
    first[a] = (grid.size[a] - 1 - (size - 1) * ratio) / 2;
    grid.size[a] = size;
    grid.spacing[a] *= ratio;
  }
  grid.origin = image.grid.to_world(first);
  return resample_smooth(image, grid);
}

double head_threshold(const Image& image) {
  std::vector<float> values = image.data;
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(0.98 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return head_share * *at;
}

Vector3 centre_of_head(const Image& image) {
  const double head = head_threshold(image);
  Vector3 sum{};
  double count = 0;
  std::size_t at = 0;
  for (int k = 0; k < image.grid.size[2]; ++k) {
    for (int j = 0; j < image.grid.size[1]; ++j) {
      for (int i = 0; i < image.grid.size[0]; ++i) {
        if (!(image.data[at++] > head)) continue;
        const Vector3 p = image.grid.to_world({double(i), double(j), double(k)});
        for (int a = 0; a < 3; ++a) sum[a] += p[a];
        ++count;
      }
    }
  }
  if (count == 0) throw Error(ExitCode::input, "the image is constant: it shows nothing");
  for (double& v : sum) v /= count;
  return sum;
}

/// Share of the fixed head that lies on the moving head.
double overlap_of(const Image& fixed, const Image& moving, const Affine& to_moving) {
  const Image moved = resample_linear(moving, fixed.grid, 0.0F, to_moving);
  const double fixed_head = head_threshold(fixed);
  const double moving_head = head_threshold(moving);
  double head = 0;
  double both = 0;
  for (std::size_t i = 0; i < fixed.data.size(); ++i) {
    if (!(fixed.data[i] > fixed_head)) continue;
    ++head;
    if (moved.data[i] > moving_head) ++both;
  }
  return head == 0 ? 0 : both / head;
}

ItkImage::Pointer to_itk(const Image& image) {
  auto made = ItkImage::New();
  ItkImage::SizeType size{};
  ItkImage::SpacingType spacing;
  ItkImage::PointType origin;
  ItkImage::DirectionType direction;
  for (unsigned a = 0; a < 3; ++a) {
    size[a] = static_cast<itk::SizeValueType>(image.grid.size[a]);
    spacing[a] = image.grid.spacing[a];
    origin[a] = image.grid.origin[a];
    for (unsigned b = 0; b < 3; ++b) direction[a][b] = image.grid.direction[a][b];
  }
  made->SetRegions(size);
  made->SetSpacing(spacing);
  made->SetOrigin(origin);
  made->SetDirection(direction);
  made->Allocate();
  std::copy(image.data.begin(), image.data.end(), made->GetBufferPointer());
  return made;
}

Affine affine_of(const Transform& transform) {
  Affine affine;
  for (unsigned r = 0; r < 3; ++r) {
    affine.offset[r] = transform.GetOffset()[r];
    for (unsigned c = 0; c < 3; ++c) affine.matrix[r][c] = transform.GetMatrix()[r][c];
  }
  return affine;
}

/// Makes a metric that works in one piece. ITK 5.2 takes the number of pieces from this global when
/// the metric is made, and sums their derivatives in the order in which they happen to be done.
Metric::Pointer make_metric() {
  const itk::ThreadIdType before = itk::MultiThreaderBase::GetGlobalDefaultNumberOfThreads();
  itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(1);
  auto metric = Metric::New();
  itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(before);
  metric->SetNumberOfHistogramBins(bins);
  metric->SetUseFixedImageGradientFilter(false);
  metric->SetUseMovingImageGradientFilter(false);
  metric->SetMaximumNumberOfWorkUnits(1);
  return metric;
}

/// Mutual information of the images where the transform puts them, over every voxel; 0 where they
/// do not lie on each other.
double mutual_information(const ItkImage* fixed, const ItkImage* moving, Transform* transform) {
  const auto metric = make_metric();
  metric->SetFixedImage(fixed);
  metric->SetMovingImage(moving);
  metric->SetVirtualDomainFromImage(fixed);
  metric->SetMovingTransform(transform);
  try {
    metric->Initialize();
    const double value = -metric->GetValue();
    return std::isfinite(value) && std::abs(value) < 100 ? std::max(0.0, value) : 0;
  } catch (const itk::ExceptionObject&) {
    return 0;
  }
}

/// Improves the transform at one level.
void climb(const ItkImage* fixed, const ItkImage* moving, const Level& level, Transform* transform,
           const Progress& progress) {
  const auto metric = make_metric();
  const auto scales = itk::RegistrationParameterScalesFromPhysicalShift<Metric>::New();
  scales->SetMetric(metric);
  const auto optimizer = Optimizer::New();
  optimizer->SetScalesEstimator(scales);
  optimizer->SetDoEstimateLearningRateOnce(false);
  optimizer->SetDoEstimateLearningRateAtEachIteration(false);
  optimizer->SetLearningRate(level.first_step_mm);
  optimizer->SetMinimumStepLength(level.last_step_mm);
  optimizer->SetRelaxationFactor(0.85);
  optimizer->SetNumberOfIterations(300);
  optimizer->SetGradientMagnitudeTolerance(1e-8);
  optimizer->SetReturnBestParametersAndValue(true);
  optimizer->SetNumberOfWorkUnits(1);
  optimizer->AddObserver(itk::IterationEvent(),
                         [&progress](const itk::EventObject&) { progress.check(); });

  const auto registration = Registration::New();
  registration->SetMetric(metric);
  registration->SetOptimizer(optimizer);
  registration->SetFixedImage(fixed);
  registration->SetMovingImage(moving);
  registration->SetInitialTransform(transform);
  registration->InPlaceOn();
  registration->SetNumberOfWorkUnits(1);
  registration->SetNumberOfLevels(
      1);  // the images come coarsened: ITK would shrink by whole voxels
  Registration::ShrinkFactorsArrayType shrink(1);
  shrink[0] = 1;
  Registration::SmoothingSigmasArrayType smooth(1);
  smooth[0] = 0;
  registration->SetShrinkFactorsPerLevel(shrink);
  registration->SetSmoothingSigmasPerLevel(smooth);
  const auto voxels = static_cast<double>(fixed->GetLargestPossibleRegion().GetNumberOfPixels());
  if (voxels > most_samples) {
    registration->SetMetricSamplingStrategy(Registration::MetricSamplingStrategyEnum::RANDOM);
    registration->SetMetricSamplingPercentage(most_samples / voxels);
    registration->MetricSamplingReinitializeSeed(seed);
  }
  try {
    registration->Update();
  } catch (const itk::ExceptionObject&) {
    throw Error(ExitCode::input, "the scans do not lie on each other anywhere");
  }
}

struct Start {
  Transform::Pointer transform;
  double fit;
};

/// From a shift of the moving scan against the fixed one, the best place at the coarsest level.
Start start_from(const Image& fixed, const Image& moving, const Vector3& centre,
                 const Vector3& shift, const Progress& progress) {
  const auto f = to_itk(fixed);
  const auto m = to_itk(moving);
  auto transform = Transform::New();
  transform->SetCenter(centre.data());
  transform->SetTranslation(shift.data());
  if (mutual_information(f, m, transform) > 0) climb(f, m, coarse, transform, progress);
  return {transform, mutual_information(f, m, transform)};
}

void require_contrast(const Image& image) {
  const auto [low, high] = std::minmax_element(image.data.begin(), image.data.end());
  if (image.data.empty() || *low == *high) {
    throw Error(ExitCode::input, "the image is constant: it shows nothing");
  }
}

}  // namespace

RigidAlignment register_rigid(const Image& fixed, const Image& moving, Progress& progress) {
  require_contrast(fixed);
  require_contrast(moving);
  const Image fixed_8 = coarsened(fixed, coarse.spacing_mm);
  const Image moving_8 = coarsened(moving, coarse.spacing_mm);
  const Vector3 centre = centre_of_head(fixed_8);
  const Vector3 there = centre_of_head(moving_8);
  const Vector3 by_mass{there[0] - centre[0], there[1] - centre[1], there[2] - centre[2]};
  const Start as_filed = start_from(fixed_8, moving_8, centre, {0, 0, 0}, progress);
  const Start massed = start_from(fixed_8, moving_8, centre, by_mass, progress);
  if (std::max(as_filed.fit, massed.fit) == 0) {
    throw Error(ExitCode::input, "the scans do not lie on each other anywhere");
  }
  const Transform::Pointer transform =
      massed.fit > as_filed.fit ? massed.transform : as_filed.transform;

  RigidAlignment found;
  for (const Level& level : finer) {
    const auto f = to_itk(coarsened(fixed, level.spacing_mm));
    const auto m = to_itk(coarsened(moving, level.spacing_mm));
    climb(f, m, level, transform, progress);
    const auto unmoved = Transform::New();
    found.metric_before = mutual_information(f, m, unmoved);
    found.metric_after = mutual_information(f, m, transform);
  }
  found.fixed_to_moving = affine_of(*transform);
  found.overlap = overlap_of(fixed_8, moving_8, found.fixed_to_moving);
  const volume::Matrix3& r = found.fixed_to_moving.matrix;
  const double cosine = std::clamp((r[0][0] + r[1][1] + r[2][2] - 1) / 2, -1.0, 1.0);
  found.turn_degrees = std::acos(cosine) * 57.29577951308232;
  return found;
}

void require_plausible(const RigidAlignment& alignment) {
  constexpr double least_overlap = 0.5;
  constexpr double most_degrees = 45;
  constexpr double metric_noise = 0.01;  // it is improved over a part of the voxels it is judged by
  if (alignment.overlap < least_overlap) {
    throw Error(ExitCode::input, "cannot be brought to the FLAIR: the heads hardly overlap");
  }
  if (alignment.metric_after < alignment.metric_before - metric_noise) {
    throw Error(ExitCode::input, "cannot be brought to the FLAIR: no position fits better");
  }
  if (alignment.turn_degrees > most_degrees) {
    throw Error(ExitCode::input, "cannot be brought to the FLAIR: it would have to turn too far");
  }
}

}  // namespace dawson::imaging
