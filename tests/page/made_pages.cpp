// Writes the case pages that tests/page/case_page_test.py opens in a browser:
//
//   made_pages FOLDER
//
// head: thick oblique slices, three lesions, relevance of two of them, texts that try to be markup.
// none: without lesions. many: ten thousand lesions of one voxel.
// head.json says where the first case's lesions are, so that the tests need not trust the page.
#include <cmath>
#include <filesystem>
#include <string>

#include "dawson/core/json.h"
#include "dawson/report/report.h"
#include "dawson/volume/nifti.h"
#include "report/made_case.h"
#include "support/made_head.h"

namespace {

namespace fs = std::filesystem;
using namespace dawson;

report::made::Case case_of(const made::Head& head) {
  report::made::Case c(head.scan.grid);
  c.scan = head.scan;
  c.segmentation.brain_mask = head.brain;
  c.segmentation.lesion_mask = head.lesions;
  for (std::size_t v = 0; v < head.lesions.data.size(); ++v) {
    c.segmentation.probabilities.data[v] = head.lesions.data[v] != 0 ? 0.9F : 0.0F;
  }
  c.recount();
  return c;
}

/// LPS, 1.5 × 1.5 × 5 mm, tilted by 10° about the left–right axis.
volume::Grid tilted() {
  volume::Grid g = report::made::grid("LPS", {128, 152, 34}, {1.5, 1.5, 5});
  const double c = std::cos(0.1745), s = std::sin(0.1745);
  using volume::operator*;
  const volume::Matrix3 turn{{{1, 0, 0}, {0, c, -s}, {0, s, c}}};
  g.direction = turn * g.direction;
  g.origin = turn * g.origin;
  return g;
}

/// For a lesion: the decision rests on its right half, and what lies 6 mm in front speaks against.
void write_relevance(const report::made::Case& c, int id, const fs::path& file) {
  const volume::Vector3 centre =
      c.segmentation.lesions[static_cast<std::size_t>(id - 1)].centroid_mm;
  volume::Image sum(c.scan.grid);
  c.for_each_voxel([&](std::size_t v, const volume::Vector3& at) {
    const auto ball = [&](double x, double y) {
      return std::exp(-(std::pow(at[0] - centre[0] - x, 2) + std::pow(at[1] - centre[1] - y, 2) +
                        std::pow(at[2] - centre[2], 2)) /
                      40);
    };
    const double r = ball(2, 0) - 0.7 * ball(0, 12);
    sum.data[v] = std::abs(r) > 0.02 ? static_cast<float>(r) : 0.0F;
  });
  volume::write_nifti_series(file, {volume::Image(c.scan.grid), sum});
}

void write_head(const fs::path& folder) {
  const report::made::Case c = case_of(made::head(tilted()));
  report::CaseReport r = c.report();
  r.stem = "head";
  r.patient.name = "<script>window.ran = 1</script><img src=x onerror=\"window.ran = 1\">";
  r.image_name = "head\"><b>.nii";
  r.warnings = {"<b>bold</b>"};
  for (const int id : {1, 2}) {
    const fs::path file = folder / ("head_lesion-" + std::to_string(id) + "_relevance.nii.gz");
    write_relevance(c, id, file);
    r.relevance.push_back({id, file});
  }
  report::write(r, folder);
  core::Json lesions = core::Json::array();
  for (const auto& l : c.segmentation.lesions) {
    const volume::Vector3 index = c.scan.grid.to_index(l.centroid_mm);
    lesions.push_back({{"id", l.id},
                       {"voxels", l.voxels},
                       {"slice", std::lround(index[2]) + 1},
                       {"centroid_mm", l.centroid_mm}});
  }
  core::write_json(folder / "head.json", {{"lesions", lesions}, {"slices", c.scan.grid.size[2]}});
}

void write_none(const fs::path& folder) {
  const report::made::Case c = case_of(made::head(made::coarse_grid(), {}));
  report::CaseReport r = c.report();
  r.stem = "none";
  report::write(r, folder);
}

void write_many(const fs::path& folder) {
  report::made::Case c =
      case_of(made::head(report::made::grid("RAS", {96, 112, 80}, {2, 2, 2}), {}));
  const volume::Index3& n = c.scan.grid.size;
  for (int k = 0, lesions = 0; k < n[2]; k += 2) {
    for (int j = 0; j < n[1]; j += 2) {
      for (int i = 0; i < n[0] && lesions < 10000; i += 2) {
        const std::size_t v = c.scan.grid.offset(i, j, k);
        if (c.segmentation.brain_mask.data[v] == 0) continue;
        c.segmentation.lesion_mask.data[v] = 1;
        c.segmentation.probabilities.data[v] = 0.6F;
        ++lesions;
      }
    }
  }
  c.recount();
  report::CaseReport r = c.report();
  r.stem = "many";
  report::write(r, folder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const fs::path folder = argv[1];
  fs::create_directories(folder);
  write_head(folder);
  write_none(folder);
  write_many(folder);
  return 0;
}
