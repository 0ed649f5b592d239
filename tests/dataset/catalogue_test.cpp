// Public sets, rebuilt in their documented layouts and brought into BIDS.
#include "dawson/dataset/catalogue.h"

#include <algorithm>
#include <set>

#include "dawson/core/error.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/import.h"
#include "dawson/dataset/participants.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

struct Layout {
  const char* set;
  std::vector<std::string> images, masks, ignored;
  std::size_t scans, lesion_masks, persons;
};

void PrintTo(const Layout& layout, std::ostream* out) {
  *out << layout.set;
}

class PublicSets : public made::FolderTest, public testing::WithParamInterface<Layout> {
 protected:
  /// A volume of which a mask has voxels of 1 and 2.
  void make(const std::string& name, bool is_mask) {
    volume::Grid grid;
    grid.size = {4, 3, 2};
    grid.spacing = {1, 1, 3};
    volume::Image image(grid, is_mask ? 0.0F : 100.0F);
    image.data[0] = 1;
    image.data[1] = 2;
    const fs::path file = folder() / "download" / name;
    fs::create_directories(file.parent_path());
    if (file.extension() != ".nhdr") return volume::write_nifti(file, image);
    std::string raw = file.filename().string();
    raw.replace(raw.size() - 4, 4, "raw");
    std::ofstream(file) << "NRRD0004\ntype: float\ndimension: 3\nspace: left-posterior-superior\n"
                           "sizes: 4 3 2\nspace directions: (1,0,0) (0,1,0) (0,0,3)\n"
                           "kinds: domain domain domain\nendian: little\nencoding: raw\n"
                           "space origin: (0,0,0)\ndata file: "
                        << raw << "\n";
    std::ofstream(file.parent_path() / raw, std::ios::binary)
        .write(reinterpret_cast<const char*>(image.data.data()),
               static_cast<std::streamsize>(image.data.size() * sizeof(float)));
  }
};

TEST_P(PublicSets, ComeIntoBids) {
  for (const std::string& file : GetParam().images) make(file, false);
  for (const std::string& file : GetParam().masks) make(file, true);
  for (const std::string& file : GetParam().ignored) make(file, false);
  const Survey survey = survey_public(public_set(GetParam().set), folder() / "download");
  for (const FoundImage& image : survey.images) {
    const bool ignored = std::find(GetParam().ignored.begin(), GetParam().ignored.end(),
                                   image.name) != GetParam().ignored.end();
    EXPECT_EQ(!image.kind, ignored) << image.name << ": " << image.why;
    EXPECT_NE(image.why, "not of the set's layout") << image.name;
  }
  Progress progress;
  const fs::path tree = folder() / GetParam().set;
  const Imported done = import_to_bids(survey, place_images(survey, {}), tree, progress);
  EXPECT_TRUE(done.failures.empty()) << done.failures.front();
  EXPECT_EQ(done.participants, GetParam().persons);
  const std::vector<Scan> scans = find_scans(tree);
  EXPECT_EQ(scans.size(), GetParam().scans);
  EXPECT_EQ(
      static_cast<std::size_t>(std::count_if(
          scans.begin(), scans.end(), [](const Scan& s) { return s.lesion_mask.has_value(); })),
      GetParam().lesion_masks);
  EXPECT_TRUE(participants_of(scans).front().site);
  const core::Json description = core::read_json(tree / "dataset_description.json");
  EXPECT_EQ(description["License"], public_set(GetParam().set).licence);
  EXPECT_EQ(description["Name"], public_set(GetParam().set).title);
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, PublicSets,
    testing::Values(
        Layout{"miccai2008",
               {"CHB_train_Part1/CHB_train_Case01/CHB_train_Case01_FLAIR.nhdr",
                "CHB_train_Part1/CHB_train_Case01/CHB_train_Case01_T1.nhdr",
                "UNC_train_Part1/UNC_train_Case01/UNC_train_Case01_FLAIR.nhdr",
                "UNC_train_Part1/UNC_train_Case01/UNC_train_Case01_T2.nhdr",
                "CHB_test1_Part1/CHB_test1_Case01/CHB_test1_Case01_FLAIR.nhdr"},
               {"CHB_train_Part1/CHB_train_Case01/CHB_train_Case01_lesion.nhdr",
                "UNC_train_Part1/UNC_train_Case01/UNC_train_Case01_lesion.nhdr"},
               {"UNC_train_lesion_byCHB/UNC_train_Case01/UNC_train_Case01_lesion_byCHB.nhdr"},
               3,
               2,
               3},
        Layout{"isbi2015",
               {"training/training01/preprocessed/training01_01_flair_pp.nii",
                "training/training01/preprocessed/training01_01_mprage_pp.nii",
                "training/training01/preprocessed/training01_02_flair_pp.nii",
                "testdata_website/test01/preprocessed/test01_01_flair_pp.nii"},
               {"training/training01/masks/training01_01_mask1.nii",
                "training/training01/masks/training01_02_mask1.nii"},
               {"training/training01/masks/training01_01_mask2.nii",
                "training/training01/preprocessed/training01_01_pd_pp.nii",
                "training/training01/orig/training01_01_flair.nii.gz"},
               3,
               2,
               2},
        Layout{"msseg2016",
               {"Training/Center_01/Patient_01/Raw_Data/FLAIR.nii.gz",
                "Training/Center_01/Patient_01/Raw_Data/T1.nii.gz",
                "Training/Center_01/Patient_01/Raw_Data/GADO.nii.gz",
                "Testing/Center_01/Patient_01/Raw_Data/FLAIR.nii.gz"},
               {"Training/Center_01/Patient_01/Masks/Consensus.nii.gz",
                "Training/Center_01/Patient_01/Masks/Brain_Mask.nii.gz",
                "Testing/Center_01/Patient_01/Masks/Consensus.nii.gz"},
               {"Training/Center_01/Patient_01/Masks/ManualSegmentation_3.nii.gz",
                "Training/Center_01/Patient_01/Raw_Data/DP.nii.gz",
                "Training/Center_01/Patient_01/Preprocessed_Data/FLAIR_preprocessed.nii.gz"},
               2,
               2,
               2},
        Layout{"msseg2016",
               {"MSSEG-1/01016SACH/3DFLAIR.nii", "MSSEG-1/01016SACH/3DT1GADO.nii",
                "test/01045BRPO_1/3DFLAIR.nii.gz", "test/01045BRPO_1/3DT1.nii.gz"},
               {"MSSEG-1/01016SACH/Consensus.nii", "test/01045BRPO_1/Consensus.nii.gz"},
               {"test/01045BRPO_1/ManualSegmentation_1.nii.gz", "test/01045BRPO_1/DP.nii.gz"},
               2,
               2,
               2},
        Layout{"wmh2017",
               {"dataverse_files/training/Utrecht/0/orig/FLAIR.nii.gz",
                "dataverse_files/training/Utrecht/0/orig/T1.nii.gz",
                "dataverse_files/training/Amsterdam/GE3T/100/orig/FLAIR.nii.gz",
                "dataverse_files/test/Utrecht/1/orig/FLAIR.nii.gz"},
               {"dataverse_files/training/Utrecht/0/wmh.nii.gz",
                "dataverse_files/training/Amsterdam/GE3T/100/wmh.nii.gz",
                "dataverse_files/test/Utrecht/1/wmh.nii.gz"},
               {"dataverse_files/training/Utrecht/0/pre/FLAIR.nii.gz",
                "dataverse_files/training/Utrecht/0/orig/3DT1.nii.gz",
                "dataverse_files/additional_annotations/observer_o3/training/Utrecht/0/"
                "result.nii.gz"},
               3,
               3,
               3},
        Layout{"ljubljana",
               {"patient01/patient01_FLAIR.nii.gz", "patient01/patient01_T1W.nii.gz",
                "patient01/patient01_T1WKS.nii.gz", "patient02/patient02_FLAIR.nii.gz"},
               {"patient01/patient01_consensus_gt.nii.gz", "patient01/patient01_brainmask.nii.gz"},
               {"patient01/raw/patient01_FLAIR.nii.gz"},
               2,
               1,
               2},
        Layout{"ljubljana",
               {"cross_sectional/coregistered/patient01/FLAIR.nii.gz",
                "cross_sectional/coregistered/patient01/T2W.nii.gz"},
               {"cross_sectional/coregistered/patient01/consensus_gt.nii.gz",
                "cross_sectional/coregistered/patient01/brainmask.nii.gz"},
               {"cross_sectional/raw/patient01/FLAIR.nii.gz",
                "cross_sectional/raw/patient01/consensus_gt.nii.gz",
                "cross_sectional/MNI/patient07/"
                "FLAIR_N4_noneck_reduced_winsor_regtoFLAIR_brain_N4_regtoMNI.nii.gz"},
               1,
               1,
               1},
        Layout{"ljubljana-longitudinal",
               {"longitudinal/coregistered/patient01/study1_FLAIR.nii.gz",
                "longitudinal/coregistered/patient01/study2_FLAIR.nii.gz",
                "patient02/patient02_study1_FLAIRreg.nii.gz",
                "patient02/patient02_study1_T1Wreg.nii.gz"},
               {},
               {"longitudinal/coregistered/patient01/gt.nii.gz",
                "longitudinal/coregistered/patient01/brainmask.nii.gz",
                "longitudinal/raw/patient01/study1_FLAIR.nii.gz"},
               3,
               0,
               2},
        Layout{"mendeley-8bctsm8jz7",
               {"Patient-1/1-Flair.nii", "Patient-1/1-T1.nii", "Patient-60/60-Flair.nii"},
               {"Patient-1/1-LesionSeg-Flair.nii", "Patient-60/60-LesionSeg-Flair.nii"},
               {"Patient-1/1-LesionSeg-T1.nii", "Patient-1/1-LesionSeg-T2.nii"},
               2,
               2,
               2},
        Layout{"shifts",
               {"shifts_ms_pt1/msseg/train/flair/1_FLAIR_isovox.nii.gz",
                "shifts_ms_pt2/best/train/flair/1_FLAIR_isovox.nii.gz",
                "shifts_ms_pt2/best/train/t1/1_T1_isovox.nii.gz",
                "shifts_ms_pt2/best/dev_in/flair/1_FLAIR_isovox.nii.gz"},
               {"shifts_ms_pt1/msseg/train/gt/1_gt_isovox.nii.gz",
                "shifts_ms_pt2/best/train/gt/1_gt_isovox.nii.gz",
                "shifts_ms_pt2/best/train/fg_mask/1_isovox_fg_mask.nii.gz"},
               {"shifts_ms_pt2/best/train/pd/1_PD_isovox.nii.gz"},
               3,
               2,
               3},
        Layout{"mslesseg",
               {"MSLesSeg Dataset/train/P1/T1/P1_T1_FLAIR.nii.gz",
                "MSLesSeg Dataset/train/P1/T1/P1_T1_T1.nii.gz",
                "MSLesSeg Dataset/train/P1/T2/P1_T2_FLAIR.nii.gz",
                "MSLesSeg Dataset/test/P54/P54_FLAIR.nii.gz"},
               {"MSLesSeg Dataset/train/P1/T1/P1_T1_MASK.nii.gz",
                "MSLesSeg Dataset/train/P1/T2/P1_T2_MASK.nii.gz",
                "MSLesSeg Dataset/test/P54/P54_MASK.nii.gz"},
               {},
               3,
               3,
               2},
        Layout{"ms3seg",
               {"MS_100_patient_preprocessed/101228/101228_FLAIR.nii.gz",
                "MS_100_patient_preprocessed/101228/101228_T1WI_reg.nii.gz",
                "MS_100_patient_preprocessed/107130/107130_FLAIR.nii.gz"},
               {"MS_100_patient_masks/abWMH_Masks/101228/101228_abWMH_Mask.nii.gz",
                "MS_100_patient_masks/Vent_Masks/101228/101228_Vent_Mask.nii.gz",
                "MS_100_patient_masks/abWMH_Masks/107130/107130_abWMH_Mask.nii.gz"},
               {"MS_100_patient_preprocessed/102313/102313_FLAIR.nii.gz"},
               2,
               2,
               2}));

class OnePublicSet : public made::FolderTest {};

TEST_F(OnePublicSet, TakesTheLabelThatIsMeant) {
  volume::Image label(volume::Grid{{3, 1, 1}, {1, 1, 1}});
  label.data = {0, 1, 2};
  for (const char* name :
       {"training/Utrecht/0/orig/FLAIR.nii.gz", "training/Utrecht/0/wmh.nii.gz"}) {
    fs::create_directories((folder() / name).parent_path());
    volume::write_nifti(folder() / name, label);
  }
  Progress progress;
  const Survey survey = survey_public(public_set("wmh2017"), folder());
  for (const FoundImage& image : survey.images) {
    if (image.kind != Kind::lesion_mask) continue;
    EXPECT_EQ(image.read(progress).image.data, (std::vector<float>{0, 1, 0}));
  }
}

TEST_F(OnePublicSet, IsRefusedInAnotherLayoutAndCountedInItsOwn) {
  touch("P1/flair.nii.gz");
  try {
    (void)survey_public(public_set("mslesseg"), folder());
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_NE(std::string(e.what()).find("train/P1/T1/P1_T1_FLAIR.nii.gz"), std::string::npos);
  }
  touch("train/P1/T1/P1_T1_FLAIR.nii.gz");
  const Survey survey = survey_public(public_set("mslesseg"), folder());
  EXPECT_EQ(survey.problems,
            (std::vector<std::string>{"1 of the 75 persons of mslesseg are there",
                                      "1 of the 115 FLAIR scans of mslesseg are there",
                                      "0 of the 115 lesion masks of mslesseg are there"}));
  EXPECT_THROW((void)public_set("braintumours"), Error);
}

TEST(Catalogue, SaysOfEverySetWhatAUserMustKnow) {
  std::set<std::string> names;
  const std::string page = catalogue_page();
  for (const PublicSet& set : public_sets()) {
    EXPECT_TRUE(names.insert(set.name).second) << set.name;
    for (const std::string& text : {set.title, set.content, set.licence, set.citation, set.source,
                                    set.cautions, set.tested, set.example}) {
      EXPECT_FALSE(text.empty()) << set.name;
      EXPECT_NE(page.find(text), std::string::npos) << set.name;
    }
  }
  EXPECT_EQ(names.size(), 10U);
}

TEST(Catalogue, IsThePageOfTheDocs) {
  std::ifstream file(DAWSON_SOURCE_DIR "/docs/catalogue.md");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), catalogue_page())
      << "dawson import --catalogue > docs/catalogue.md";
}

}  // namespace
}  // namespace dawson::dataset
