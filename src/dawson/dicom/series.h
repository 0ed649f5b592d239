// The series of a folder of DICOM files, and what is wrong with them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/dicom/header.h"

namespace dawson::dicom {

/// Slices that belong to one volume: the same series, person, size, orientation and part (echo,
/// time, b-value, frame type). A SeriesInstanceUID may hold several, such as a localiser's planes.
struct Series {
  Facts facts;
  int rows = 0, columns = 0;
  std::vector<Slice> slices;               ///< as found
  std::string part;                        ///< of its slices; tells volumes of one series apart
  [[nodiscard]] std::string name() const;  ///< "5 (t2_flair_tra)": number and description
};

struct Found {
  std::vector<Series> series;         ///< by number, then description
  std::vector<std::string> problems;  ///< of files that could not be used, each a sentence
  std::size_t images = 0;             ///< files that hold an image
  std::size_t others = 0;             ///< DICOM files that hold none: reports, documents
  std::size_t placeless = 0;          ///< images that say nowhere where they lie
  std::size_t repeated = 0;           ///< images that were there already
};

/// Every DICOM image below `folder`, with any extension or none. Links to folders are not followed.
/// Files that are not DICOM are passed over; damaged and unreadable ones are problems, and so is a
/// series with images of two persons, which is left out. A file that is there twice (the same SOP
/// Instance UID) counts once.
Found find_series(const std::filesystem::path& folder, Progress& progress);

}  // namespace dawson::dicom
