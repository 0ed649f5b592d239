// A close look at single lesions, in three planes.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "dawson/report/mosaic.h"
#include "dawson/segmentation/result.h"

namespace dawson::report {

/// Width and height of what each zoom shows, the same for every lesion, plane and scan.
inline constexpr double zoom_window_mm = 60;

/// One plane through the lesion: a square picture, zoom_window_mm wide, the lesion's voxel in its
/// middle. Drawn on it: the lesion's outline (bold) and its neighbours' (thin), the patient's sides
/// at the four edges, ticks where the other two planes cut, a bar of 10 mm. Cubic between voxels
/// in the slices, linear across thick slices; outlines follow the voxels. Black beyond the scan.
struct ZoomPlane {
  Picture picture;
  Plane plane = Plane::axial;
  int slice = 0;           ///< along the voxel axis, counted from 0
  double position_mm = 0;  ///< slice_position_mm
};

struct Zoom {
  int lesion_id = 0;
  volume::Index3 voxel{};           ///< the lesion's voxel nearest to its centre of mass
  std::array<ZoomPlane, 3> planes;  ///< axial, coronal, sagittal
};

/// The first `count` of `lesions` (all of them, when there are fewer), which are those of
/// `input.lesions` as segmentation::find_lesions gives them. Pictures are `width` pixels wide and
/// high. Throws as `check`.
std::vector<Zoom> draw_zooms(const OverlayInput& input,
                             const std::vector<segmentation::Lesion>& lesions, const Words& words,
                             int count = 4, int width = 480);

/// "Axial · slice 12 · z +34 mm".
std::string caption(const ZoomPlane& plane, const Words& words);

/// One picture: a row a lesion with its number, volume and centre, its three planes, legend,
/// convention. Without lesions it says so.
Picture draw_zoom_sheet(const OverlayInput& input, const std::vector<segmentation::Lesion>& lesions,
                        const Words& words, int count = 4, int width = 1600);

}  // namespace dawson::report
