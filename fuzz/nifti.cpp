// NIfTI headers and data, plain and compressed: the first byte says which name the file gets.
#include "dawson/volume/nifti.h"
#include "scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const dawson::fuzz::Scratch scratch;
  if (size < 1) return 0;
  const auto file =
      scratch.write((data[0] & 1U) != 0 ? "scan.nii.gz" : "scan.nii", data + 1, size - 1);
  dawson::fuzz::refuse_or([&] { (void)dawson::volume::read_nifti(file); });
  dawson::fuzz::refuse_or([&] { (void)dawson::volume::read_nifti_mask(file); });
  return 0;
}
