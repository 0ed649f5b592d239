#include "dawson/dicom/overlays.h"

#include <algorithm>
#include <vector>

#include "dawson/dicom/burned_in.h"

namespace dawson::dicom {
namespace {

constexpr Uint16 first_group = 0x6000, last_group = 0x601E;

/// The overlay's bits as a picture, its frames one below the other.
struct Picture {
  std::vector<float> values;  ///< empty where it has no data of its own, or not enough
  int columns = 1;
};

Picture picture_of(DcmItem& dataset, Uint16 group) {
  Uint16 rows = 0, columns = 0;
  Sint32 frames = 1;
  dataset.findAndGetUint16({group, 0x0010}, rows);
  dataset.findAndGetUint16({group, 0x0011}, columns);
  dataset.findAndGetSint32({group, 0x0015}, frames);
  frames = std::max(frames, 1);
  DcmElement* element = nullptr;
  if (dataset.findAndGetElement({group, 0x3000}, element).bad()) return {};
  const std::size_t count = std::size_t(rows) * columns * std::size_t(frames);
  Uint8* bytes = nullptr;
  Uint16* words = nullptr;
  const bool in_words = element->getUint8Array(bytes).bad();
  if (in_words && element->getUint16Array(words).bad()) return {};
  if (count == 0 || (count + 7) / 8 > element->getLength()) return {};
  Picture picture{std::vector<float>(count), columns};
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned bits = in_words ? words[i / 16] >> (i % 16) : unsigned(bytes[i / 8]) >> (i % 8);
    picture.values[i] = (bits & 1U) != 0 ? 1 : 0;
  }
  return picture;
}

bool has_group(DcmItem& dataset, Uint16 group) {
  for (unsigned long i = 0; i < dataset.card(); ++i) {
    if (dataset.getElement(i)->getGTag() == group) return true;
  }
  return false;
}

void remove_group(DcmItem& dataset, Uint16 group) {
  for (unsigned long i = 0; i < dataset.card();) {
    if (dataset.getElement(i)->getGTag() == group) {
      delete dataset.remove(i);
    } else {
      ++i;
    }
  }
}

}  // namespace

void remove_overlays(DcmItem& dataset, const Profile& profile, Audit& audit) {
  for (Uint16 group = first_group; group <= last_group; group = Uint16(group + 2)) {
    if (!has_group(dataset, group)) continue;
    const Picture picture = picture_of(dataset, group);
    if (profile.graphics && !picture.values.empty() &&
        find_text(picture.values, picture.columns).empty()) {
      audit.add("(60xx,xxxx) Overlay", "kept", "no text in it");
      continue;
    }
    remove_group(dataset, group);
    audit.add("(60xx,xxxx) Overlay", "removed", profile.graphics ? "may hold text" : "PS3.15");
  }
}

}  // namespace dawson::dicom
