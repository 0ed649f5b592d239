#include "dawson/dataset/dicom_scans.h"

#include "dawson/core/error.h"
#include "dawson/dicom/sequence.h"
#include "dawson/dicom/stack.h"

namespace dawson::dataset {

namespace fs = std::filesystem;

std::optional<DicomFlairs> find_flairs(const fs::path& folder, Progress& progress) {
  dicom::Found found = dicom::find_series(folder, progress);
  if (found.images == 0 && found.problems.empty()) return {};
  DicomFlairs result;
  result.problems = std::move(found.problems);
  std::string others;
  for (dicom::Series& series : found.series) {
    const dicom::Guess guess = dicom::guess_sequence(series.facts);
    std::string why = guess.why;
    if (guess.sequence == dicom::Sequence::flair) {
      try {
        (void)dicom::stack_slices(series);
        result.flairs.push_back({std::move(series), guess.why});
        continue;
      } catch (const Error& e) {
        result.problems.emplace_back(e.what());
        why = "a FLAIR, but no volume: " + e.fact();
      }
    }
    others += (others.empty() ? "" : "; ") + series.name() + ": " + dicom::name_of(guess.sequence) +
              ", " + why;
  }
  if (!result.flairs.empty()) return result;
  if (others.empty() && !result.problems.empty()) others = result.problems.front();
  throw Error(ExitCode::input, "holds DICOM images but no FLAIR that can be read (" + others + ")",
              folder.string());
}

volume::NiftiImage read_series(const dicom::Series& series, Progress& progress) {
  volume::NiftiImage read;
  read.image = dicom::read_volume(series, progress);
  read.header.geometry = volume::geometry_of(read.image.grid);
  return read;
}

}  // namespace dawson::dataset
