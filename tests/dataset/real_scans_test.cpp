#include <gtest/gtest.h>

#include <map>

#include "dawson/dataset/bids.h"
#include "dawson/dataset/folds.h"
#include "dawson/dataset/participants.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/volume/nifti.h"

namespace dawson::dataset {
namespace {

const std::filesystem::path data = DAWSON_TEST_DATA;

// The numbers are those of the data's own README: 9 + 2 + 4 scans with masks, 4 without.
TEST(RealScans, AreAllFoundWithTheirMasks) {
  std::map<std::string, int> scans;
  std::map<std::string, int> with_lesions;
  std::map<std::string, int> with_brain;
  for (const Scan& scan : find_scans(data)) {
    ++scans[scan.source];
    with_lesions[scan.source] += scan.lesion_mask ? 1 : 0;
    with_brain[scan.source] += scan.brain_mask && scan.ventricle_mask ? 1 : 0;
    EXPECT_EQ(scan.t1w.has_value(), scan.source != "ljubljana_unlabelled") << scan.name();
  }
  using Counts = std::map<std::string, int>;
  EXPECT_EQ(
      scans,
      (Counts{{"ljubljana", 2}, {"ljubljana_unlabelled", 4}, {"mslesseg", 4}, {"tabriz", 9}}));
  EXPECT_EQ(
      with_lesions,
      (Counts{{"ljubljana", 2}, {"ljubljana_unlabelled", 0}, {"mslesseg", 4}, {"tabriz", 9}}));
  EXPECT_EQ(with_brain["tabriz"], 9);
  EXPECT_EQ(with_brain["ljubljana"], 0);
}

TEST(RealScans, HaveAFoldEachAndPatientsShareNone) {
  const Folds folds = read_folds(data / "folds.tsv");
  EXPECT_EQ(folds.count, 4);
  EXPECT_EQ(folds.rows.size(), 15U);
  EXPECT_EQ(folds.fold_of("mslesseg", "sub-P14"), 0);
  std::vector<Scan> labelled;
  for (const Scan& scan : find_scans(data)) {
    if (scan.lesion_mask) labelled.push_back(scan);
  }
  EXPECT_NO_THROW(require_all(folds, labelled));
  EXPECT_EQ(read_participants(data / "tabriz").size(), 9U);
}

// The table's millilitres were made by others from the same masks.
TEST(RealScans, HaveTheLesionVolumesOfTheTable) {
  const Folds folds = read_folds(data / "folds.tsv");
  for (const FoldRow& row : folds.rows) {
    if (row.participant != "sub-107130" && row.participant != "sub-26") continue;
    for (const Scan& scan : find_scans(data / row.source)) {
      if (scan.participant != row.participant) continue;
      const volume::Mask mask = volume::read_nifti_mask(*scan.lesion_mask);
      std::size_t voxels = 0;
      for (const auto v : mask.data) voxels += v;
      const double ml = static_cast<double>(voxels) * mask.grid.voxel_volume_mm3() / 1000;
      EXPECT_NEAR(ml, row.lesion_ml, 0.006) << scan.name();
      EXPECT_TRUE(volume::same_grid(mask.grid, read_scan(scan.flair).image.grid));
    }
  }
}

}  // namespace
}  // namespace dawson::dataset
