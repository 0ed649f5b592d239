#include "dawson/report/case_page_relevance.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/volume/nifti.h"

namespace dawson::report {

volume::Image read_relevance(const std::filesystem::path& file, const volume::Grid& grid) {
  std::vector<volume::Image> volumes = volume::read_nifti_series(file);
  if (!volume::same_grid(grid, volumes.back().grid)) {
    throw Error(ExitCode::input, "does not lie on the scan's grid", file.string(),
                "make it again with dawson explain, or take it out of the folder");
  }
  return std::move(volumes.back());
}

double relevance_scale(const volume::Image& relevance) {
  std::vector<float> magnitudes;
  for (const float r : relevance.data) {
    if (r != 0) magnitudes.push_back(std::abs(r));
  }
  if (magnitudes.empty()) return 0;
  const auto nth = magnitudes.begin() +
                   static_cast<std::ptrdiff_t>(0.999 * static_cast<double>(magnitudes.size() - 1));
  std::nth_element(magnitudes.begin(), nth, magnitudes.end());
  return *nth;
}

}  // namespace dawson::report
