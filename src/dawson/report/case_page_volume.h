// Scan, lesions, probabilities and relevance as the case page holds them. Private to this room.
#pragma once

#include <string>
#include <vector>

#include "dawson/report/case_page_grid.h"
#include "dawson/report/report.h"

namespace dawson::report {

/// Where the viewer shows a lesion: its voxel nearest to its centre of mass, within the slice (as
/// the lesion table names it) where that lies.
struct PageLesion {
  int id = 0;
  volume::Index3 voxel{};  ///< x, y, z of the page's grid
};

/// A relevance volume of a lesion: 128 is none, 1 and 255 are −`scale` and +`scale`.
struct PageRelevance {
  int lesion_id = 0;
  double scale = 0;  ///< 99.9th percentile of its magnitude, where it is not 0
  std::string png;
};

/// Layers are PNGs of one byte a voxel, x fastest; their own width and height mean nothing.
struct PageVolume {
  PageGrid grid;
  std::string scan_png;
  int black = 0, white = 255;   ///< of the bytes, as they are to be shown first (window_of)
  std::string probability_png;  ///< 255 is 1; 0 below heat_from. Empty: not known
  /// Components of the mask as runs: for each, as base 128 numbers (least first, the high bit says
  /// that more follows), voxels since the last run's end, its length, and its component, which is
  /// the lesion's id where the component counts as one.
  std::string labels;
  std::vector<PageLesion> lesions;
  std::vector<PageRelevance> relevance;
  std::vector<int> relevance_left_out;  ///< lesions whose relevance found no place
};

/// The most that all layers together take, as PNG.
inline constexpr std::size_t page_layer_bytes = 4'300'000;

/// Packs a case's volumes into at most about `most_bytes`; what does not fit in the scan's own
/// voxels is shown in blocks. Throws Error{input} when a relevance file cannot be read or lies on
/// another grid.
PageVolume page_volume(const CaseReport& report, std::size_t most_bytes = page_layer_bytes);

}  // namespace dawson::report
