// nnU-Net's dataset.json beside files that it may name.
#include "dawson/dataset/import.h"
#include "scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const dawson::fuzz::Scratch scratch;
  static const bool made = [] {
    for (const char* folder : {"imagesTr", "imagesTs", "labelsTr"}) {
      std::filesystem::create_directories(scratch.folder() / folder);
    }
    for (const char* file : {"imagesTr/a_0000.nii.gz", "imagesTr/a_0001.nii.gz",
                             "imagesTr/b.nii.gz", "imagesTs/c_0000.nrrd", "labelsTr/a.nii.gz"}) {
      std::ofstream(scratch.folder() / file) << "none";
    }
    return true;
  }();
  (void)made;
  scratch.write("dataset.json", data, size);
  dawson::fuzz::refuse_or([] {
    const auto survey = dawson::dataset::survey_nnunet(scratch.folder());
    (void)dawson::dataset::place_images(survey, {});
  });
  return 0;
}
