#include <gtest/gtest.h>

#include <map>

#include "dawson/dataset/bids.h"
#include "dawson/dataset/catalogue.h"
#include "dawson/dataset/folds.h"
#include "dawson/dataset/import.h"
#include "dawson/dataset/participants.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/volume/nifti.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

const fs::path data = DAWSON_TEST_DATA;

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

/// The real scans of two public sets, put back where their archives have them.
class RealPublicSets : public made::FolderTest {
 protected:
  void place(const fs::path& file, const std::string& name) {
    fs::create_directories((download() / name).parent_path());
    fs::create_symlink(file, download() / name);
  }
  [[nodiscard]] fs::path download() const { return folder() / "download"; }

  /// The tree that import makes holds the scans that the data's own tree has, voxel by voxel.
  void expect_same(const std::string& set, const std::string& source) {
    Progress progress;
    const Survey survey = survey_public(public_set(set), download());
    const Imported done =
        import_to_bids(survey, place_images(survey, {}), folder() / source, progress);
    EXPECT_TRUE(done.failures.empty()) << done.failures.front();
    const std::vector<Scan> theirs = find_scans(data / source),
                            ours = find_scans(folder() / source);
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_EQ(ours[i].name(), theirs[i].name());
      const volume::Image a = read_scan(ours[i].flair).image, b = read_scan(theirs[i].flair).image;
      EXPECT_TRUE(volume::same_grid(a.grid, b.grid)) << ours[i].name();
      EXPECT_EQ(a.data, b.data) << ours[i].name();
      ASSERT_TRUE(ours[i].lesion_mask);
      EXPECT_EQ(volume::read_nifti_mask(*ours[i].lesion_mask).data,
                volume::read_nifti_mask(*theirs[i].lesion_mask).data);
      EXPECT_EQ(ours[i].t1w.has_value(), theirs[i].t1w.has_value());
      EXPECT_EQ(ours[i].ventricle_mask.has_value(), theirs[i].ventricle_mask.has_value());
    }
  }
};

TEST_F(RealPublicSets, MSLesSeg) {
  for (const Scan& scan : find_scans(data / "mslesseg")) {
    const std::string person = scan.participant.substr(4);
    const std::string visit = "T" + (scan.session.empty() ? "" : scan.session.substr(4));
    const std::string stem =
        scan.session.empty() ? "test/" + person + "/" + person + "_"
                             : "train/" + person + "/" + visit + "/" + person + "_" + visit + "_";
    place(scan.flair, stem + "FLAIR.nii.gz");
    place(*scan.t1w, stem + "T1.nii.gz");
    place(*scan.lesion_mask, stem + "MASK.nii.gz");
  }
  expect_same("mslesseg", "mslesseg");
}

TEST_F(RealPublicSets, MS3SEG) {
  for (const Scan& scan : find_scans(data / "tabriz")) {
    const std::string id = scan.participant.substr(4);
    const std::string images = "MS_100_patient_preprocessed/" + id + "/" + id;
    place(scan.flair, images + "_FLAIR.nii.gz");
    place(*scan.t1w, images + "_T1WI_reg.nii.gz");
    place(*scan.lesion_mask,
          "MS_100_patient_masks/abWMH_Masks/" + id + "/" + id + "_abWMH_Mask.nii.gz");
    place(*scan.ventricle_mask,
          "MS_100_patient_masks/Vent_Masks/" + id + "/" + id + "_Vent_Mask.nii.gz");
  }
  expect_same("ms3seg", "tabriz");
}

}  // namespace
}  // namespace dawson::dataset
