#include "dawson/dicom/packed_pictures.h"

#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error(ExitCode::input, why, file.string());
}

/// What each picture is decoded from: a fragment, or all of them where there is one picture.
std::vector<std::string> pictures_of(DcmDataset& d, int frames, const fs::path& file) {
  DcmElement* element = nullptr;
  DcmPixelSequence* sequence = nullptr;
  if (d.findAndGetElement(DCM_PixelData, element).good()) {
    if (auto* pixels = dynamic_cast<DcmPixelData*>(element)) {
      (void)pixels->getEncapsulatedRepresentation(d.getOriginalXfer(), nullptr, sequence);
    }
  }
  if (sequence == nullptr) refuse(file, "the pixels cannot be read");
  std::vector<std::string> pictures;
  DcmObject* table = sequence->nextInContainer(nullptr);  // where each picture begins
  for (DcmObject* f = table; f && (f = sequence->nextInContainer(f));) {
    auto* item = dynamic_cast<DcmPixelItem*>(f);
    Uint8* bytes = nullptr;
    if (item == nullptr || item->getUint8Array(bytes).bad()) {
      refuse(file, "the pixels cannot be read");
    }
    const std::string fragment(reinterpret_cast<const char*>(bytes), bytes ? item->getLength() : 0);
    if (frames > 1 || pictures.empty()) pictures.emplace_back();
    pictures.back() += fragment;
  }
  return pictures;
}

struct Picture {
  std::uint64_t columns = 0, rows = 0, components = 0, bits = 0;
};

/// Big-endian; the bytes are there.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    value = value << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

/// Whether each segment before the first tile's data ends within the picture (ISO/IEC 15444-1, A.1):
/// GDCM goes by their lengths.
bool has_whole_segments(std::string_view picture) {
  constexpr std::uint64_t start = 0xFF4F, start_of_data = 0xFF93;
  for (std::size_t at = 0; at + 2 <= picture.size();) {
    const std::uint64_t marker = number(picture, at, 2);
    if (marker == start_of_data) return true;
    if (marker < 0xFF00) return false;
    at += 2;
    if (marker == start || (marker >= 0xFF30 && marker <= 0xFF3F)) continue;  // without a length
    if (at + 2 > picture.size()) return false;
    const std::uint64_t length = number(picture, at, 2);
    if (length < 2 || length > picture.size() - at) return false;
    at += length;
  }
  return false;
}

/// SIZ, the first segment of a codestream: ISO/IEC 15444-1, A.5.1. Nothing where it is not plain.
std::optional<Picture> size_of_jpeg2000(std::string_view picture) {
  constexpr std::string_view start_and_size("\xFF\x4F\xFF\x51", 4);
  if (picture.size() < 45 || picture.substr(0, 4) != start_and_size) return {};
  const bool every_pixel = number(picture, 43, 1) == 1 && number(picture, 44, 1) == 1;
  if (!every_pixel || !has_whole_segments(picture)) return {};
  return Picture{number(picture, 8, 4) - number(picture, 16, 4),
                 number(picture, 12, 4) - number(picture, 20, 4), number(picture, 40, 2),
                 (number(picture, 42, 1) & 0x7FU) + 1};
}

/// The frame header of JPEG (ITU-T T.81, B.2.2) or JPEG-LS (T.87, C.2.2).
std::optional<Picture> size_of_jpeg(std::string_view picture) {
  if (picture.substr(0, 2) != "\xFF\xD8") return {};
  for (std::size_t at = 2; at + 10 <= picture.size();) {
    if (number(picture, at, 1) != 0xFF) return {};
    const std::uint64_t marker = number(picture, at + 1, 1);
    if (marker == 0xFF) {  // fills
      ++at;
      continue;
    }
    const bool is_frame = marker == 0xF7 || (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 &&
                                             marker != 0xC8 && marker != 0xCC);
    if (is_frame) {
      return Picture{number(picture, at + 7, 2), number(picture, at + 5, 2),
                     number(picture, at + 9, 1), number(picture, at + 4, 1)};
    }
    at += 2 + number(picture, at + 2, 2);
  }
  return {};
}

}  // namespace

void require_fit(DcmDataset& dataset, const PixelLayout& layout, const fs::path& file) {
  const E_TransferSyntax syntax = dataset.getOriginalXfer();
  const bool jpeg2000 = syntax == EXS_JPEG2000 || syntax == EXS_JPEG2000LosslessOnly;
  const std::vector<std::string> pictures = pictures_of(dataset, layout.frames, file);
  if (pictures.size() != static_cast<std::size_t>(layout.frames)) {
    refuse(file, "has another number of pictures than the header says");
  }
  for (const std::string& picture : pictures) {
    const std::optional<Picture> p = jpeg2000 ? size_of_jpeg2000(picture) : size_of_jpeg(picture);
    if (!p) refuse(file, "has a damaged picture");
    if (p->columns != static_cast<std::uint64_t>(layout.columns) ||
        p->rows != static_cast<std::uint64_t>(layout.rows) || p->components != 1 ||
        p->bits > layout.bits_allocated) {
      refuse(file, "has pictures of another size than the header says");
    }
  }
}

}  // namespace dawson::dicom
