#include "dawson/workflow/faces.h"

#include <cmath>
#include <utility>

namespace dawson::workflow {

void VisitFace::find(const volume::Image& flair) {
  anatomy::Brain brain = brains_.find(flair, progress_);
  brain_ = std::move(brain.mask);
  // A scan of nothing but brain shows no face, and its outline is no place to cut at.
  face_ = brain.was_stripped ? anatomy::Face{} : anatomy::fit_face(brain_);
}

bool VisitFace::contains(const volume::Vector3& place) const {
  if (!face_->contains(place)) return false;
  const volume::Vector3 at = brain_.grid.to_index(place);
  const int i = static_cast<int>(std::lround(at[0])), j = static_cast<int>(std::lround(at[1])),
            k = static_cast<int>(std::lround(at[2]));
  return !brain_.grid.contains(i, j, k) || brain_.at(i, j, k) == 0;
}

void VisitFace::remove_from(volume::Image& scan, dicom::Audit& audit) const {
  const std::size_t changed = anatomy::deface(scan, *face_, brain_);
  audit.add("image: face", changed > 0 ? "removed" : "none there", "beyond planes at the brain");
}

}  // namespace dawson::workflow
