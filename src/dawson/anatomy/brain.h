// Where the brain is: parenchyma and ventricles inside the pial hull.
#pragma once

#include <filesystem>
#include <memory>

#include "dawson/bundle/bundle.h"
#include "dawson/core/progress.h"
#include "dawson/volume/volume.h"

namespace dawson::anatomy {

/// The brain of one scan, on the scan's own grid.
struct Brain {
  volume::Mask mask;
  bool was_stripped = false;  ///< the scan shows nothing but brain: its outline is the mask
  [[nodiscard]] double volume_ml() const noexcept;
};

/// A head as the brain network sees it.
struct HeadStack {
  volume::Grid grid;    ///< network space: 2 mm in plane, 3 mm slices where the scan is isotropic
  bundle::Stack stack;  ///< one channel, intensities in deviations of the head, clipped
};

/// How head_stack stores intensities: value = low + byte · (high − low) / 255.
inline constexpr double lowest_intensity = -5;
inline constexpr double highest_intensity = 11;

/// The scan resampled to brain-network space, intensities centred on the median of the head and
/// divided by its robust deviation. Throws Error{input} for a constant image.
HeadStack head_stack(const volume::Image& scan);

/// What `dawson prepare --target brain` seals into its cache: the recipe of head_stack.
core::Json head_recipe();

/// Whether everything but the brain was already removed: most of the volume holds one exact value
/// and the rest is of a brain's size.
bool is_stripped(const volume::Image& scan);

/// The brain of a scan that is_stripped: its outline, holes filled.
volume::Mask stripped_outline(const volume::Image& scan);

/// Finds brains with a network trained on heads (a bundle of target "brain").
class BrainFinder {
 public:
  /// Throws Error{model} when the bundle is not of a brain network.
  explicit BrainFinder(bundle::Bundle model);

  /// The brain of a FLAIR scan. Throws Error{input} when there is none of a plausible size
  /// (200 – 2,600 ml) or nothing but noise in it: the scan is plainly not a head, or shows too
  /// little of one.
  [[nodiscard]] Brain find(const volume::Image& scan, Progress& progress) const;
  [[nodiscard]] const bundle::Bundle& model() const noexcept { return model_; }

 private:
  bundle::Bundle model_;
};

/// Median of the image inside the mask and its robust deviation (1.4826 · median absolute
/// deviation). Throws Error{input} when the mask is empty or the deviation is 0.
struct RobustScale {
  double median = 0;
  double deviation = 1;
};
RobustScale robust_scale(const volume::Image& image, const volume::Mask& mask);

}  // namespace dawson::anatomy
