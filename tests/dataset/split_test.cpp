#include "dawson/dataset/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "dawson/core/error.h"
#include "dawson/core/random.h"
#include "dawson/volume/nifti.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

PatientTraits patient(int number, const std::string& site, const std::string& sex, double ml) {
  PatientTraits p;
  p.source = "tree";
  p.participant = "sub-" + std::to_string(number);
  p.site = site;
  p.sex = sex;
  p.lesion_ml = ml;
  p.scans = 1;
  return p;
}

/// How many patients of each fold are such.
template <typename Such>
std::vector<int> spread(const std::vector<PatientTraits>& patients, const std::vector<int>& folds,
                        int count, Such such) {
  std::vector<int> n(static_cast<std::size_t>(count), 0);
  for (std::size_t i = 0; i < patients.size(); ++i) {
    if (such(patients[i])) ++n[static_cast<std::size_t>(folds[i])];
  }
  return n;
}

TEST(Stratify, SpreadsSitesSexesAndLesionVolumes) {
  std::vector<PatientTraits> patients;
  for (int i = 0; i < 60; ++i) {
    patients.push_back(
        patient(i, i % 6 == 0 ? "rare" : "common", i % 3 == 0 ? "M" : "F", 0.5 * (i * 37 % 60)));
  }
  const std::vector<int> folds = stratify(patients, 5, 1);
  const auto expect_even = [&](const char* what, auto such, int most) {
    const std::vector<int> n = spread(patients, folds, 5, such);
    const auto [least, greatest] = std::minmax_element(n.begin(), n.end());
    EXPECT_LE(*greatest - *least, most) << what;
  };
  expect_even(
      "size", [](const PatientTraits&) { return true; }, 0);
  expect_even(
      "site", [](const PatientTraits& p) { return p.site == "rare"; }, 0);
  expect_even(
      "sex", [](const PatientTraits& p) { return p.sex == "M"; }, 0);
  expect_even(
      "heavy", [](const PatientTraits& p) { return *p.lesion_ml >= 20; }, 1);
  EXPECT_EQ(folds, stratify(patients, 5, 1)) << "the same seed";
}

TEST(Stratify, GivesEveryPatientAFoldOfEqualSizeWhateverIsKnown) {
  core::Random random(3);
  for (int trial = 0; trial < 50; ++trial) {
    const int count = 2 + static_cast<int>(random.below(4));
    const int many = count + static_cast<int>(random.below(24));
    std::vector<PatientTraits> patients;
    for (int i = 0; i < many; ++i) {
      PatientTraits p = patient(i, std::string(1, static_cast<char>('a' + random.below(3))), "F",
                                5.0 * static_cast<double>(random.below(4)));
      if (random.chance(0.5)) p.sex.reset();
      if (random.chance(0.3)) p.lesion_ml.reset();
      if (random.chance(0.5)) p.age_years = 20.0 * static_cast<double>(random.below(4));
      patients.push_back(p);
    }
    const std::vector<int> folds = stratify(patients, count, 7);
    ASSERT_EQ(std::count(folds.begin(), folds.end(), -1), 0);
    const std::vector<int> n = spread(patients, folds, count, [](const auto&) { return true; });
    const auto [least, greatest] = std::minmax_element(n.begin(), n.end());
    EXPECT_LE(*greatest - *least, 1) << many << " patients, " << count << " folds";
  }
}

TEST(Stratify, RefusesMoreFoldsThanPatients) {
  try {
    stratify({patient(1, "a", "F", 1)}, 2, 1);
    FAIL() << "was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::usage);
    EXPECT_NE(std::string(e.what()).find("2 folds cannot be made of 1 patients"), std::string::npos)
        << e.what();
  }
}

using SplitTree = made::FolderTest;

TEST_F(SplitTree, TakesVolumesFromMasksAndPeopleFromTables) {
  volume::Grid grid;
  grid.size = {10, 10, 10};
  volume::Mask mask(grid);
  for (int i = 0; i < 500; ++i) mask.data[static_cast<std::size_t>(i)] = 1;
  std::vector<Scan> scans;
  for (const char* session : {"ses-1", "ses-2"}) {
    Scan s;
    s.source = "site";
    s.participant = "sub-01";
    s.session = session;
    s.flair = folder() / "site/sub-01" / session / "anat" /
              ("sub-01_" + std::string(session) + "_FLAIR.nii.gz");
    touch(s.flair.lexically_relative(folder()));
    scans.push_back(s);
  }
  scans[0].lesion_mask = folder() / "mask.nii.gz";
  volume::write_nifti(*scans[0].lesion_mask, mask);
  write("site/participants.tsv", "participant_id\tage\tsex\nsub-01\t41\tF\n");
  const Volumes volumes = lesion_volumes_ml(scans);
  const std::vector<PatientTraits> patients = traits_of(scans, volumes);
  ASSERT_EQ(patients.size(), 1U);
  EXPECT_EQ(patients[0].scans, 2U);
  EXPECT_DOUBLE_EQ(*patients[0].lesion_ml, 0.5);  // of the one scan that has a mask
  EXPECT_EQ(*patients[0].age_years, 41);
  EXPECT_EQ(*patients[0].sex, "F");
  EXPECT_EQ(patients[0].site, "site");
}

}  // namespace
}  // namespace dawson::dataset
