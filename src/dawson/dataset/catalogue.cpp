#include "dawson/dataset/catalogue.h"

#include <algorithm>

#include "dawson/core/error.h"

namespace dawson::dataset {
namespace {

const std::string nii = R"(\.nii(?:\.gz)?)";

LayoutRule taken(const std::string& path, Kind kind, const std::string& person,
                 const std::string& visit = "", const std::string& site = "") {
  return {path, kind, person, visit, site, "", 0};
}

LayoutRule left(const std::string& path, const std::string& why) {
  return {path, {}, "", "", "", why, 0};
}

PublicSet miccai2008() {
  const std::string at = R"(((CHB|UNC)_(?:train|test1)_Case\d+)/\1_)", end = R"(\.(?:nhdr|nrrd))";
  return {.name = "miccai2008",
          .title = "MS Lesion Segmentation Challenge, MICCAI 2008",
          .content =
              "Multiple sclerosis. Boston (CHB) and Chapel Hill (UNC, 3 T Siemens Allegra); "
              "FLAIR, T1w, T2w resampled to 0.5 mm; one rater from each site.",
          .licence = "Registration with the organisers; ask them before any use but research.",
          .citation =
              "Styner et al., 3D segmentation in the clinic: a grand challenge II: MS lesion "
              "segmentation. MIDAS Journal 2008.",
          .source = "http://www.ia.unc.edu/MSseg/",
          .cautions =
              "UNC scans have masks of two raters: the one without 'byCHB' is taken. CHB and "
              "UNC masks differ in style. The test part has no masks.",
          .tested = "Made scans in the layout that others describe; not on the download.",
          .example = "CHB_train_Part1/CHB_train_Case01/CHB_train_Case01_FLAIR.nhdr",
          .persons = 51,
          .scans = 51,
          .masks = 20,
          .rules = {taken(at + "FLAIR" + end, Kind::flair, "$1", "", "$2"),
                    taken(at + "T1" + end, Kind::t1w, "$1", "", "$2"),
                    taken(at + "T2" + end, Kind::t2w, "$1", "", "$2"),
                    taken(at + "lesion" + end, Kind::lesion_mask, "$1", "", "$2"),
                    left(at + "lesion_byCHB" + end, "the second rater's mask")}};
}

PublicSet isbi2015() {
  const std::string at = R"((?:training|test)\d+/preprocessed/((?:training|test)\d+)_(\d+)_)";
  const std::string masks = R"((?:training|test)\d+/masks/((?:training|test)\d+)_(\d+)_)";
  return {
      .name = "isbi2015",
      .title = "Longitudinal MS Lesion Segmentation Challenge, ISBI 2015",
      .content =
          "Multiple sclerosis, four to six visits a person. 3 T Philips; FLAIR, T1w, T2w, "
          "PDw, skull-stripped, in MNI152 at 1 mm; two raters.",
      .licence = "Registration with the organisers; for research.",
      .citation =
          "Carass et al., Longitudinal multiple sclerosis lesion segmentation: resource "
          "and challenge. NeuroImage 2017.",
      .source = "https://smart-stats-tools.org/lesion-challenge",
      .cautions =
          "The first rater's masks (mask1) are taken; masks of the test part are not "
          "public. Shifts contains these scans ('best').",
      .tested = "Made scans in the layout that others describe; not on the download.",
      .example = "training/training01/preprocessed/training01_01_flair_pp.nii",
      .persons = 19,
      .scans = 82,
      .masks = 21,
      .rules = {taken(at + "flair_pp" + nii, Kind::flair, "$1", "$2"),
                taken(at + "mprage_pp" + nii, Kind::t1w, "$1", "$2"),
                taken(at + "t2_pp" + nii, Kind::t2w, "$1", "$2"), left(at + "pd_pp" + nii, "a PDw"),
                taken(masks + "mask1" + nii, Kind::lesion_mask, "$1", "$2"),
                left(masks + "mask2" + nii, "the second rater's mask"),
                left(R"(orig/[^/]+)" + nii, "before the set's own preprocessing")}};
}

PublicSet msseg2016() {
  const std::string person = R"((Training|Testing)/(Center_\d+)/(Patient_\d+)/)";
  const std::string raw = person + "Raw_Data/", masks = person + "Masks/";
  const std::string old = R"((\d{5}[A-Z]{4}(?:_\d+)?)/)", name = "$1-$2-$3";
  return {.name = "msseg2016",
          .title = "MSSEG, MICCAI 2016",
          .content =
              "Multiple sclerosis. Four scanners of 1.5 and 3 T (Siemens, Philips, GE); 3D "
              "FLAIR, T1w, T1w with contrast agent, T2w, PDw; consensus of seven raters.",
          .licence = "Data use agreement of OFSEP; for research.",
          .citation =
              "Commowick et al., Multiple sclerosis lesions segmentation from multiple "
              "experts: the MICCAI 2016 challenge dataset. NeuroImage 2021.",
          .source = "https://shanoir.irisa.fr/shanoir-ng/challenge-request",
          .cautions =
              "Raw_Data is taken, not Preprocessed_Data; masks lie on the FLAIR's grid. Shifts "
              "contains these scans ('msseg').",
          .tested = "Made scans in both layouts that others describe; not on the download.",
          .example = "Training/Center_01/Patient_01/Raw_Data/FLAIR.nii.gz",
          .persons = 53,
          .scans = 53,
          .masks = 53,
          .rules = {taken(raw + "(?:3D)?FLAIR" + nii, Kind::flair, name, "", "$2"),
                    taken(raw + "(?:3D)?T1" + nii, Kind::t1w, name, "", "$2"),
                    taken(raw + "(?:3DT1)?GADO" + nii, Kind::t1w_contrast, name, "", "$2"),
                    taken(raw + "T2" + nii, Kind::t2w, name, "", "$2"),
                    taken(masks + "Consensus" + nii, Kind::lesion_mask, name, "", "$2"),
                    taken(masks + "Brain_Mask" + nii, Kind::brain_mask, name, "", "$2"),
                    left(R"(ManualSegmentation_\d)" + nii, "one of seven raters' masks"),
                    left(R"(Preprocessed_Data/[^/]+)" + nii, "after the set's own preprocessing"),
                    left("DP" + nii, "a PDw"), taken(old + "3DFLAIR" + nii, Kind::flair, "$1"),
                    taken(old + "3DT1" + nii, Kind::t1w, "$1"),
                    taken(old + "3DT1GADO" + nii, Kind::t1w_contrast, "$1"),
                    taken(old + "T2" + nii, Kind::t2w, "$1"),
                    taken(old + "Consensus" + nii, Kind::lesion_mask, "$1")}};
}

PublicSet wmh2017() {
  const std::string at = R"((training|test)/([^/]+(?:/[^/]+)?)/(\d+)/)", name = "$1-$2-$3";
  LayoutRule mask = taken(at + "wmh" + nii, Kind::lesion_mask, name, "", "$2");
  mask.label = 1;
  return {.name = "wmh2017",
          .title = "WMH Segmentation Challenge, MICCAI 2017",
          .content =
              "Not multiple sclerosis: white matter hyperintensities of presumed vascular "
              "origin. Five scanners in Utrecht, Singapore and Amsterdam; FLAIR, T1w.",
          .licence = "CC BY-NC 4.0.",
          .citation =
              "Kuijf et al., Standardized assessment of automatic segmentation of white matter "
              "hyperintensities. IEEE Trans Med Imaging 2019.",
          .source = "https://doi.org/10.34894/AECRSD",
          .cautions =
              "Look-alikes of MS lesions: for tests of what a model does with them, not as MS. "
              "The label 2 (other pathology) is no lesion here. orig is taken, not pre; T1w is "
              "the one in the FLAIR's space. Further observers' masks are left.",
          .tested = "Made scans in the layout that others describe; not on the download.",
          .example = "training/Utrecht/0/orig/FLAIR.nii.gz",
          .persons = 170,
          .scans = 170,
          .masks = 170,
          .rules = {left(R"(additional_annotations/.*)" + nii, "a further observer's mask"),
                    taken(at + "orig/FLAIR" + nii, Kind::flair, name, "", "$2"),
                    taken(at + "orig/T1" + nii, Kind::t1w, name, "", "$2"), std::move(mask),
                    left("orig/3DT1" + nii, "the T1w in its own space"),
                    left(R"(orig/[^/]*(?:mask|reg)[^/]*)" + nii, "of the set's own preprocessing"),
                    left(R"(pre/[^/]+)" + nii, "after the set's own preprocessing")}};
}

PublicSet ljubljana() {
  const std::string at = R"((patient\d+)/(?:\1_)?)";
  return {.name = "ljubljana",
          .title = "3D MR image database of multiple sclerosis patients (3D-MR-MS), Ljubljana",
          .content =
              "Multiple sclerosis. 3 T Siemens Magnetom Trio; 2D and 3D FLAIR, T1w, T1w with "
              "contrast agent, T2w; consensus of three raters.",
          .licence = "CC BY.",
          .citation =
              "Lesjak et al., A novel public MR image dataset of multiple sclerosis patients "
              "with lesion segmentations based on multi-rater consensus. Neuroinformatics 2018.",
          .source = "https://lit.fe.uni-lj.si/en/research/resources/3D-MR-MS/",
          .cautions =
              "The co-registered images are taken, those below raw and MNI left. Shifts "
              "contains these scans ('ljubljana'). Two of its patients trained the shipped "
              "models, and its lesions' shapes were painted into others.",
          .tested =
              "Made scans in the layouts of the archive and of github muschellij2/open_ms_data; "
              "not on the download.",
          .example = "patient01/patient01_FLAIR.nii.gz",
          .persons = 30,
          .scans = 30,
          .masks = 30,
          .rules = {left(R"(raw/(?:patient\d+/)?[^/]+)" + nii, "in its own space"),
                    left(R"(MNI/patient\d+/[^/]+)" + nii, "in MNI152"),
                    taken(at + "FLAIR" + nii, Kind::flair, "$1"),
                    taken(at + "T1W" + nii, Kind::t1w, "$1"),
                    taken(at + "T1WKS" + nii, Kind::t1w_contrast, "$1"),
                    taken(at + "T2W" + nii, Kind::t2w, "$1"),
                    taken(at + "consensus_gt" + nii, Kind::lesion_mask, "$1"),
                    taken(at + "brainmask" + nii, Kind::brain_mask, "$1")}};
}

PublicSet ljubljana_longitudinal() {
  const std::string at = R"((patient\d+)/(?:\1_)?)", visit = "study(\\d)_", end = "(?:reg)?" + nii;
  return {.name = "ljubljana-longitudinal",
          .title =
              "Longitudinal MR image database of multiple sclerosis patients (Long-MR-MS), "
              "Ljubljana",
          .content = "Multiple sclerosis, two visits a person. 1.5 T Philips; FLAIR, T1w, T2w.",
          .licence = "CC BY.",
          .citation =
              "Lesjak et al., Validation of white-matter lesion change detection methods on a "
              "novel publicly available MRI image database. Neuroinformatics 2016.",
          .source = "https://lit.fe.uni-lj.si/en/research/resources/",
          .cautions =
              "Its masks are of lesions that changed between the visits, not of lesions: they "
              "are left.",
          .tested =
              "Made scans in the layout of github muschellij2/open_ms_data; four of its scans "
              "as scanned, read from BIDS; not on the download.",
          .example = "patient01/patient01_study1_FLAIR.nii.gz",
          .persons = 20,
          .scans = 40,
          .masks = 0,
          .rules = {left(R"(raw/(?:patient\d+/)?[^/]+)" + nii, "in its own space"),
                    taken(at + visit + "FLAIR" + end, Kind::flair, "$1", "$2"),
                    taken(at + visit + "T1W" + end, Kind::t1w, "$1", "$2"),
                    taken(at + visit + "T2W" + end, Kind::t2w, "$1", "$2"),
                    left(R"(patient\d+/[^/]*gt)" + nii, "a mask of changes, not of lesions"),
                    left(R"(patient\d+/[^/]*brainmask)" + nii, "a mask for both visits")}};
}

PublicSet mendeley() {
  const std::string at = R"(Patient-\d+/(\d+)-)";
  return {.name = "mendeley-8bctsm8jz7",
          .title =
              "Brain MRI dataset of multiple sclerosis with consensus manual lesion segmentation "
              "and patient meta information, Baghdad",
          .content =
              "Multiple sclerosis. 20 centres, 1.5 T, thick slices; FLAIR, T1w, T2w, each with "
              "a mask of its own; consensus of three raters.",
          .licence = "CC BY 4.0.",
          .citation =
              "Muslim et al., Brain MRI dataset of multiple sclerosis with consensus manual "
              "lesion segmentation and patient meta information. Data in Brief 2022.",
          .source = "https://data.mendeley.com/datasets/8bctsm8jz7/1",
          .cautions =
              "Age, sex and scores are in a spreadsheet beside the scans, which is not read. "
              "T1w and T2w lie in spaces of their own.",
          .tested = "Made scans in the layout that others describe; not on the download.",
          .example = "Patient-1/1-Flair.nii",
          .persons = 60,
          .scans = 60,
          .masks = 60,
          .rules = {taken(at + "Flair" + nii, Kind::flair, "Patient-$1"),
                    taken(at + "T1" + nii, Kind::t1w, "Patient-$1"),
                    taken(at + "T2" + nii, Kind::t2w, "Patient-$1"),
                    taken(at + "LesionSeg-Flair" + nii, Kind::lesion_mask, "Patient-$1"),
                    left(at + "LesionSeg-T[12]" + nii, "a mask for another image than the FLAIR")}};
}

PublicSet shifts() {
  const std::string at = R"((best|ljubljana|msseg)/(\w+)/)", name = "$1-$2-$3";
  return {.name = "shifts",
          .title = "Shifts 2.0, white matter multiple sclerosis lesions",
          .content =
              "Multiple sclerosis. MSSEG 2016 ('msseg'), ISBI 2015 ('best') and Ljubljana "
              "denoised, skull-stripped, at 1 mm; FLAIR, T1w, T2w.",
          .licence = "CC BY-NC-SA 4.0; the part of MSSEG needs the data use agreement of OFSEP.",
          .citation =
              "Malinin et al., Shifts 2.0: extending the dataset of real distributional "
              "shifts. arXiv 2206.15407, 2022.",
          .source = "https://zenodo.org/records/7051658 and https://zenodo.org/records/7051692",
          .cautions =
              "Contains MSSEG 2016, ISBI 2015 and Ljubljana: never train on one and test on "
              "the other. 'best' has several visits of one person under several numbers, and "
              "nothing says whose: keep all of it in one fold.",
          .tested = "Made scans in the layout that others describe; not on the download.",
          .example = "shifts_ms_pt2/best/train/flair/1_FLAIR_isovox.nii.gz",
          .persons = 0,
          .scans = 0,
          .masks = 0,
          .rules = {
              taken(at + R"(flair/(\d+)_FLAIR_isovox)" + nii, Kind::flair, name, "", "$1"),
              taken(at + R"(t1/(\d+)_T1_isovox)" + nii, Kind::t1w, name, "", "$1"),
              taken(at + R"(t2/(\d+)_T2_isovox)" + nii, Kind::t2w, name, "", "$1"),
              taken(at + R"(gt/(\d+)_gt_isovox)" + nii, Kind::lesion_mask, name, "", "$1"),
              taken(at + R"(fg_mask/(\d+)_isovox_fg_mask)" + nii, Kind::brain_mask, name, "", "$1"),
              left(R"(\d+_(?:PD|T1_gado|T1ce|GADO)_isovox)" + nii, "another sequence")}};
}

PublicSet mslesseg() {
  const std::string visit = R"(train/(P\d+)/(T\d+)/\1_\2_)", one = R"(test/(P\d+)/\1_)";
  return {
      .name = "mslesseg",
      .title = "MSLesSeg",
      .content =
          "Multiple sclerosis, one to four visits a person. 1.5 T; FLAIR, T1w, T2w, "
          "skull-stripped, in MNI152 at 1 mm.",
      .licence = "CC BY 4.0.",
      .citation =
          "Guarnera et al., MSLesSeg: baseline and benchmarking of a new multiple "
          "sclerosis lesion segmentation dataset. Scientific Data 2025, 12:920.",
      .source = "https://doi.org/10.6084/m9.figshare.27919209",
      .cautions =
          "Millilitres are the template's, not the patient's. Two of its patients (P14, "
          "P39) trained the shipped models. P14's first visit differs much from the other "
          "two.",
      .tested = "Four real scans of two patients, put back into its layout; not on the download.",
      .example = "train/P1/T1/P1_T1_FLAIR.nii.gz",
      .persons = 75,
      .scans = 115,
      .masks = 115,
      .rules = {taken(visit + "FLAIR" + nii, Kind::flair, "$1", "$2"),
                taken(visit + "T1" + nii, Kind::t1w, "$1", "$2"),
                taken(visit + "T2" + nii, Kind::t2w, "$1", "$2"),
                taken(visit + "MASK" + nii, Kind::lesion_mask, "$1", "$2"),
                taken(one + "FLAIR" + nii, Kind::flair, "$1"),
                taken(one + "T1" + nii, Kind::t1w, "$1"), taken(one + "T2" + nii, Kind::t2w, "$1"),
                taken(one + "MASK" + nii, Kind::lesion_mask, "$1")}};
}

PublicSet ms3seg() {
  return {.name = "ms3seg",
          .title = "MS3SEG, Tabriz",
          .content =
              "Multiple sclerosis. 1.5 T Toshiba, axial 2D FLAIR of 6 to 8 mm, T1w and T2w "
              "registered to it; masks of lesions, of normal hyperintensities, of ventricles.",
          .licence = "CC BY 4.0.",
          .citation = "MS3SEG, figshare 2025; code at github Mahdi-Bashiri/MRI_MS_Insights.",
          .source = "https://doi.org/10.6084/m9.figshare.30393475",
          .cautions =
              "102313 is a copy of 107130, and left. In 101228, 101627 and 112776 masks were "
              "mirrored against the image when their github copies were looked at: look at "
              "left and right. Nine of its patients trained the shipped models. Ages below 18 "
              "occur.",
          .tested =
              "Nine real scans, put back into the layout of the github copy; not on the download.",
          .example = "MS_100_patient_preprocessed/101228/101228_FLAIR.nii.gz",
          .persons = 100,
          .scans = 100,
          .masks = 100,
          .rules = {left("102313/102313_[^/]+" + nii, "a copy of 107130"),
                    taken(R"((\d{6})/\1_FLAIR)" + nii, Kind::flair, "$1"),
                    taken(R"((\d{6})/\1_T1WI_reg)" + nii, Kind::t1w, "$1"),
                    taken(R"((\d{6})/\1_T2WI_reg)" + nii, Kind::t2w, "$1"),
                    taken(R"((\d{6})/\1_abWMH_Mask)" + nii, Kind::lesion_mask, "$1"),
                    taken(R"((\d{6})/\1_Vent_Mask)" + nii, Kind::ventricle_mask, "$1"),
                    taken(R"((\d{6})/\1_[Bb]rain_[Mm]ask)" + nii, Kind::brain_mask, "$1"),
                    left(R"(\d{6}_nWMH_Mask)" + nii, "a mask of what is no lesion")}};
}

}  // namespace

const std::vector<PublicSet>& public_sets() {
  static const std::vector<PublicSet> sets{
      miccai2008(), isbi2015(), msseg2016(), wmh2017(), ljubljana(), ljubljana_longitudinal(),
      mendeley(),   shifts(),   mslesseg(),  ms3seg()};
  return sets;
}

const PublicSet& public_set(const std::string& name) {
  std::string known;
  for (const PublicSet& set : public_sets()) {
    if (set.name == name) return set;
    known += (known.empty() ? "" : ", ") + set.name;
  }
  throw Error(ExitCode::usage, "'" + name + "' is none of the sets that are known (" + known + ")",
              "--dataset");
}

std::string catalogue_page() {
  std::string page =
      "# Public sets\n\nWhat `dawson import --dataset NAME -i DOWNLOAD -o TREE` brings into BIDS, "
      "masks included. dawson downloads nothing: get a set where its owners offer it, and keep to "
      "their terms. Licences, counts and layouts are as their owners or users describe them; the "
      "line \"tried on\" says what of it was seen.\n\nMade by `dawson import --catalogue`.\n\n"
      "| name | persons | FLAIR scans | lesion masks | licence |\n|---|---|---|---|---|\n";
  const auto count = [](int n) { return n > 0 ? std::to_string(n) : std::string("–"); };
  for (const PublicSet& set : public_sets()) {
    page += "| [" + set.name + "](#" + set.name + ") | " + count(set.persons) + " | " +
            count(set.scans) + " | " + count(set.masks) + " | " + set.licence + " |\n";
  }
  for (const PublicSet& set : public_sets()) {
    page += "\n## " + set.name + "\n\n" + set.title + ". " + set.content +
            "\n\n- **Terms**: " + set.licence + "\n- **Cite**: " + set.citation +
            "\n- **Get it**: <" + set.source + ">\n- **Beware**: " + set.cautions +
            "\n- **Layout**: `" + set.example + "`\n- **Tried on**: " + set.tested + "\n";
  }
  return page;
}

}  // namespace dawson::dataset
