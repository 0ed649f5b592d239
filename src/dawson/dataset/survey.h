// What a folder of scans holds, before any of it is written elsewhere.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/dataset/participants.h"
#include "dawson/dicom/sequence.h"
#include "dawson/volume/nifti.h"

namespace dawson::dataset {

/// What an image can be in the trees that dawson reads.
enum class Kind { flair, t1w, t1w_contrast, t2w, lesion_mask, brain_mask, ventricle_mask };

/// "FLAIR", "T1w", "T1w with contrast agent", "T2w", "lesion mask", "brain mask", "ventricle mask".
std::string name_of(Kind kind);
bool is_mask(Kind kind);
/// Nothing for a sequence that is not taken.
std::optional<Kind> kind_of(dicom::Sequence sequence);

/// One image of a folder.
struct FoundImage {
  std::string name;    ///< as its owner finds it: "01/FLAIR.nii.gz", "series 5 (t2_flair_tra)"
  std::string person;  ///< as the source names it
  std::vector<std::string> known_as = {};  ///< what else the source calls the person
  bool says_text_in_pixels = false;        ///< the source says that text was drawn over it
  /// Tells a person's visits apart, and sorts them; empty where there is one.
  std::string visit;
  std::string session;       ///< what the source calls the visit: "ses-1"; empty: nothing
  std::string entities;      ///< between session and suffix, where the source says: "acq-3D_run-1"
  std::optional<Kind> kind;  ///< nothing: to be left where it is
  std::string why;           ///< it is taken for this, or left
  bool unfit = false;        ///< left although it was wanted: `why` says what is wrong with it
  core::Json facts = core::Json::object();  ///< for the sidecar, in BIDS's terms and units
  std::function<volume::NiftiImage(Progress&)> read;  ///< masks come as 0 and 1
};

struct Survey {
  std::string form;  ///< "DICOM", "NIfTI", "nnU-Net", "BIDS"
  std::vector<FoundImage> images;
  std::vector<std::string> problems;  ///< of files that cannot be used, each a sentence
  std::vector<Participant> people;    ///< what is known of them, by their names in the source
  /// For dataset_description.json: Name, License, HowToAcknowledge, ReferencesAndLinks.
  core::Json description = core::Json::object();
};

/// Series of DICOM files, nested and mixed: one image a volume. A person is PatientID, else
/// PatientName, else the study; a visit is a study. What is no FLAIR, T1w or T2w is left.
Survey survey_dicom(const std::filesystem::path& folder, Progress& progress);

/// The scans of BIDS trees with what lies beside them; sessions and entities stay.
Survey survey_bids(const std::filesystem::path& folder);

/// nnU-Net's raw data, versions 1 and 2: images and labels of training and test, by dataset.json. A
/// case is a person. The label that counts is the one called lesion (or MS, WMH), else the only
/// one. Throws Error{input} where dataset.json is wrong or names no FLAIR among its channels.
Survey survey_nnunet(const std::filesystem::path& folder);

/// Image files (NIfTI, NRRD, MetaImage) in any order of folders. A dcm2niix sidecar says what an
/// image is, else the last word of its name that does, else the folder's name. What is left of the
/// name, or the folder, is the person; "ses-2", "tp02", "2020-01-31" and the like are visits.
Survey survey_files(const std::filesystem::path& folder, Progress& progress);

/// How an image file is read: what is a mask's is above 0.5.
std::function<volume::NiftiImage(Progress&)> reader_of(const std::filesystem::path& file,
                                                       Kind kind);

/// How a label image is read as the mask of one value.
std::function<volume::NiftiImage(Progress&)> reader_of_label(const std::filesystem::path& file,
                                                             int value);

/// The table of the .json beside an image; empty where there is none, or where it is no table,
/// which is added to `problems`. BIDS's inheritance from folders above is not followed.
core::Json sidecar_of(const std::filesystem::path& image, std::vector<std::string>& problems);

/// The form that the folder has: nnU-Net (a dataset.json with channels), BIDS (sub-*/), else DICOM
/// or image files. Where it holds both of the last, the one with a FLAIR, DICOM first; the other is
/// named among the problems. Throws Error{input} when `folder` is none.
Survey survey_folder(const std::filesystem::path& folder, Progress& progress);

}  // namespace dawson::dataset
