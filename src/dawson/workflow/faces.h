// Takes faces out of the scans of a visit. Private to this room.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "dawson/anatomy/brain.h"
#include "dawson/anatomy/face.h"
#include "dawson/core/progress.h"
#include "dawson/dicom/audit.h"
#include "dawson/volume/volume.h"

namespace dawson::workflow {

/// The face of one head, found once by its FLAIR and taken out of all scans of the visit.
class VisitFace {
 public:
  VisitFace(const anatomy::BrainFinder& brains, Progress& progress)
      : brains_(brains), progress_(progress) {}

  /// Throws Error{input} when the scan shows no brain.
  void find(const volume::Image& flair);
  [[nodiscard]] bool is_known() const noexcept { return face_.has_value(); }

  /// Whether a place (RAS+ mm) is beyond the face's planes and in no voxel of the brain.
  [[nodiscard]] bool contains(const volume::Vector3& place) const;
  /// Takes the face out and counts it. The brain is left whole.
  void remove_from(volume::Image& scan, dicom::Audit& audit) const;

 private:
  const anatomy::BrainFinder& brains_;
  Progress& progress_;
  std::optional<anatomy::Face> face_;
  volume::Mask brain_;
};

}  // namespace dawson::workflow
