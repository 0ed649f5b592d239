#include "dawson/workflow/deidentify.h"

#include <algorithm>
#include <memory>

#include "dawson/core/error.h"
#include "dawson/dataset/deidentify.h"
#include "dawson/dicom/burned_in.h"
#include "dawson/volume/whole_file.h"
#include "dawson/workflow/deidentify_record.h"
#include "dawson/workflow/faces.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// Text in the slices of a volume: counted, and covered where the profile says so.
std::size_t text_in(volume::Image& scan, bool covered) {
  const int columns = scan.grid.size[0];
  const std::size_t area = std::size_t(columns) * std::size_t(scan.grid.size[1]);
  std::size_t lines = 0;
  for (int k = 0; k < scan.grid.size[2]; ++k) {
    const auto from = scan.data.begin() + static_cast<std::ptrdiff_t>(std::size_t(k) * area);
    std::vector<float> slice(from, from + static_cast<std::ptrdiff_t>(area));
    const std::vector<dicom::TextBox> boxes = dicom::find_text(slice, columns);
    lines += boxes.size();
    if (!covered || boxes.empty()) continue;
    dicom::cover(slice, columns, boxes);
    std::copy(slice.begin(), slice.end(), from);
  }
  return lines;
}

}  // namespace

Deidentified deidentify_to_bids(const dataset::Survey& survey, const fs::path& tree,
                                const DeidentifySettings& settings, Progress& progress) {
  require_free(settings.crosswalk);
  const dicom::Pseudonyms pseudonyms(*settings.key);
  DeidentifyRecord record(settings.profile);
  Deidentified done;
  for (const dataset::FoundImage& image : survey.images) {
    if (!image.kind) continue;
    record.add_person(image.person, pseudonyms);
    if (!image.says_text_in_pixels) continue;
    record.add_text(1, false);  // said, wherever it stands: nobody can say that it was covered
    ++done.text_lines;
  }
  const dataset::Survey clean =
      dataset::deidentified(survey, settings.profile, pseudonyms, record.audit());
  const auto begin_visit = [&]() -> dataset::ScanChange {
    const auto face = settings.brains == nullptr
                          ? nullptr
                          : std::make_shared<VisitFace>(*settings.brains, progress);
    return [&, face](dataset::Kind kind, volume::NiftiImage& scan) {
      const std::size_t lines = text_in(scan.image, settings.profile.pixels);
      if (!settings.profile.pixels) done.text_lines += lines;
      record.add_text(lines, settings.profile.pixels);
      if (!face) return;
      if (kind == dataset::Kind::flair) face->find(scan.image);
      if (!face->is_known()) {
        throw Error(ExitCode::input, "has no FLAIR in its visit by which its face could be found");
      }
      face->remove_from(scan.image, record.audit());
    };
  };
  const auto audit = [&]() -> core::Json {
    if (settings.strict && done.text_lines > 0) refuse_text(done.text_lines);
    record.write_crosswalk(settings.crosswalk, *settings.key);
    return record.to_json();
  };
  const dataset::Imported imported = dataset::import_to_bids(
      clean, dataset::place_images(clean, {}), tree, progress, {begin_visit, audit});
  done.images = imported.scans + imported.masks;
  done.persons = imported.participants;
  done.failures = imported.failures;
  return done;
}

std::string open_crosswalk(const fs::path& file, const core::SecretKey& key) {
  try {
    return key.open(volume::read_whole_file(file));
  } catch (Error& e) {
    if (e.where().empty()) throw Error(e.code(), e.fact(), file.string());
    throw;
  }
}

}  // namespace dawson::workflow
