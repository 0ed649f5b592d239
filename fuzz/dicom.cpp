// A DICOM file: its series, what they are guessed to be, their volumes; and what is left of it when it
// is de-identified, which must be a file that holds nothing to be taken out.
#include "dawson/dicom/deidentify.h"
#include "dawson/dicom/sequence.h"
#include "dawson/dicom/series.h"
#include "dawson/dicom/stack.h"
#include "scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const dawson::fuzz::Scratch scratch, clean;
  static const dawson::dicom::Pseudonyms pseudonyms(dawson::core::SecretKey::random());
  const auto file = scratch.write("IM", data, size);
  dawson::Progress progress;
  dawson::fuzz::refuse_or([&] {
    for (const auto& series : dawson::dicom::find_series(scratch.folder(), progress).series) {
      (void)dawson::dicom::guess_sequence(series.facts);
      (void)dawson::dicom::age_in_years(series.facts);
      dawson::fuzz::refuse_or([&] { (void)dawson::dicom::read_volume(series, progress); });
    }
  });
  dawson::fuzz::refuse_or([&] {
    const auto output = clean.folder() / "IM";
    (void)dawson::dicom::deidentify(file, output, {}, pseudonyms);
    if (!dawson::dicom::remaining_identifiers(output).lines().empty()) std::abort();
  });
  return 0;
}
