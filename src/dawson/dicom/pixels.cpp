#include "dawson/dicom/pixels.h"

#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <cmath>
#include <cstring>
#include <string>

#include "dawson/core/error.h"
#include "dawson/dicom/jpeg2000.h"
#include "dawson/dicom/loaded_file.h"

namespace dawson::dicom {
namespace {

/// Calls `use` with a value of the type that the pixels are stored in.
template <typename Use>
void with_type_of(const PixelLayout& layout, const Use& use) {
  switch (layout.bits_allocated) {
    case 8:
      return layout.is_signed ? use(std::int8_t{}) : use(std::uint8_t{});
    case 16:
      return layout.is_signed ? use(std::int16_t{}) : use(std::uint16_t{});
    default:
      return layout.is_signed ? use(std::int32_t{}) : use(std::uint32_t{});
  }
}

template <typename T>
T value_at(const std::vector<std::uint8_t>& bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
void put_at(std::vector<std::uint8_t>& bytes, std::size_t index, T value) {
  std::memcpy(bytes.data() + index * sizeof(T), &value, sizeof(T));
}

/// Old files have planes of an overlay in the bits above those that are used.
void clear_unused_bits(StoredPixels& pixels) {
  const unsigned above = pixels.layout.bits_allocated - pixels.layout.bits_used;
  if (above == 0) return;
  with_type_of(pixels.layout, [&](auto type) {
    using T = decltype(type);
    for (std::size_t i = 0; i < pixels.bytes.size() / sizeof(T); ++i) {
      const T value = value_at<T>(pixels.bytes, i);
      put_at(pixels.bytes, i, static_cast<T>(static_cast<T>(value << above) >> above));
    }
  });
}

unsigned number_of(DcmItem& d, const DcmTagKey& tag, unsigned otherwise) {
  Uint16 value = 0;
  return d.findAndGetUint16(tag, value).good() ? value : otherwise;
}

void register_decoders() {
  static const bool once = [] {
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
    return true;
  }();
  (void)once;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(ExitCode::input, why, file.string());
}

PixelLayout layout_of(DcmDataset& d, int columns, int rows, int frames,
                      const std::filesystem::path& file) {
  if (number_of(d, DCM_SamplesPerPixel, 1) != 1) refuse(file, "the image is in colour");
  Sint32 described = 1;  // decoders take memory for so many
  if (d.tagExists(DCM_NumberOfFrames) &&
      (d.findAndGetSint32(DCM_NumberOfFrames, described).bad() || described != frames)) {
    refuse(file, "describes another number of frames than it has");
  }
  PixelLayout layout{columns, rows, frames};
  layout.bits_allocated = number_of(d, DCM_BitsAllocated, 0);
  layout.bits_used = layout.bits_allocated;
  layout.is_signed = number_of(d, DCM_PixelRepresentation, 0) != 0;
  if (layout.bits_allocated != 8 && layout.bits_allocated != 16 && layout.bits_allocated != 32) {
    refuse(file, "the pixels are of a type that no MR image has");
  }
  const unsigned stored = number_of(d, DCM_BitsStored, 0);
  if (d.tagExists(DCM_OverlayBitPosition) && !d.tagExists(DCM_OverlayData) && stored > 0 &&
      stored < layout.bits_allocated) {
    layout.bits_used = stored;
  }
  return layout;
}

}  // namespace

std::vector<float> StoredPixels::values(int frame) const {
  std::vector<float> values(layout.area());
  with_type_of(layout, [&](auto type) {
    using T = decltype(type);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(value_at<T>(bytes, std::size_t(frame) * values.size() + i));
    }
  });
  return values;
}

void StoredPixels::set(int frame, std::size_t index, float value) {
  with_type_of(layout, [&](auto type) {
    using T = decltype(type);
    put_at(bytes, std::size_t(frame) * layout.area() + index, static_cast<T>(std::round(value)));
  });
}

StoredPixels read_stored_pixels(const std::filesystem::path& file, int columns, int rows,
                                int frames) {
  const std::unique_ptr<DcmFileFormat> format = load_file(file);
  DcmDataset& d = *format->getDataset();
  StoredPixels pixels{layout_of(d, columns, rows, frames, file), {}};
  const PixelLayout& layout = pixels.layout;
  const std::size_t size =
      layout.area() * std::size_t(frames) * (std::size_t(layout.bits_allocated) / 8);
  const E_TransferSyntax syntax = d.getOriginalXfer();
  if (DcmXfer(syntax).isEncapsulated() && syntax != EXS_RLELossless) require_fit(d, layout, file);
  if (syntax == EXS_JPEG2000 || syntax == EXS_JPEG2000LosslessOnly) {
    pixels.bytes = unpack_jpeg2000(d, layout, file);
  } else {
    register_decoders();
    const OFCondition unpacked = d.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
    if (unpacked.bad()) {
      refuse(file, std::string("the pixels cannot be unpacked (") + unpacked.text() + ")");
    }
    const Uint8* bytes = nullptr;
    unsigned long count = 0;
    if (d.findAndGetUint8Array(DCM_PixelData, bytes, &count).bad() || bytes == nullptr ||
        count < size) {
      refuse(file, "the pixels are not as many as the header says");
    }
    pixels.bytes.assign(bytes, bytes + size);
  }
  pixels.bytes.resize(size);
  clear_unused_bits(pixels);
  return pixels;
}

std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames) {
  const StoredPixels pixels = read_stored_pixels(file, columns, rows, frames);
  std::vector<float> values;
  values.reserve(pixels.layout.area() * std::size_t(frames));
  for (int frame = 0; frame < frames; ++frame) {
    const std::vector<float> one = pixels.values(frame);
    values.insert(values.end(), one.begin(), one.end());
  }
  return values;
}

}  // namespace dawson::dicom
