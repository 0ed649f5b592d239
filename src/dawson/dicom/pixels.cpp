#include "dawson/dicom/pixels.h"

#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "dawson/core/error.h"
#include "dawson/dicom/jpeg2000.h"
#include "dawson/dicom/loaded_file.h"

namespace dawson::dicom {
namespace {

/// `bits` of them are used, above none or below planes of an overlay.
template <typename T>
std::vector<float> as_float(const std::uint8_t* bytes, std::size_t count, unsigned bits) {
  std::vector<float> values(count);
  const unsigned above = 8 * sizeof(T) - bits;
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
    if (above > 0) value = static_cast<T>(static_cast<T>(value << above) >> above);
    values[i] = static_cast<float>(value);
  }
  return values;
}

std::vector<float> as_float(const std::uint8_t* bytes, std::size_t count, const PixelLayout& p) {
  switch (p.bits_allocated) {
    case 8:
      return p.is_signed ? as_float<std::int8_t>(bytes, count, p.bits_used)
                         : as_float<std::uint8_t>(bytes, count, p.bits_used);
    case 16:
      return p.is_signed ? as_float<std::int16_t>(bytes, count, p.bits_used)
                         : as_float<std::uint16_t>(bytes, count, p.bits_used);
    default:
      return p.is_signed ? as_float<std::int32_t>(bytes, count, p.bits_used)
                         : as_float<std::uint32_t>(bytes, count, p.bits_used);
  }
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
  // Old files have overlays in the bits above.
  const unsigned stored = number_of(d, DCM_BitsStored, 0);
  if (d.tagExists(DCM_OverlayBitPosition) && !d.tagExists(DCM_OverlayData) && stored > 0 &&
      stored < layout.bits_allocated) {
    layout.bits_used = stored;
  }
  return layout;
}

}  // namespace

std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames) {
  const std::unique_ptr<DcmFileFormat> format = load_file(file);
  DcmDataset& d = *format->getDataset();
  const PixelLayout layout = layout_of(d, columns, rows, frames, file);
  const std::size_t count = std::size_t(columns) * std::size_t(rows) * std::size_t(frames);
  const E_TransferSyntax syntax = d.getOriginalXfer();
  if (DcmXfer(syntax).isEncapsulated() && syntax != EXS_RLELossless) require_fit(d, layout, file);
  if (syntax == EXS_JPEG2000 || syntax == EXS_JPEG2000LosslessOnly) {
    return as_float(unpack_jpeg2000(d, layout, file).data(), count, layout);
  }
  register_decoders();
  const OFCondition unpacked = d.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
  if (unpacked.bad()) {
    refuse(file, std::string("the pixels cannot be unpacked (") + unpacked.text() + ")");
  }
  const Uint8* bytes = nullptr;
  unsigned long size = 0;
  if (d.findAndGetUint8Array(DCM_PixelData, bytes, &size).bad() || bytes == nullptr ||
      size / (layout.bits_allocated / 8) < count) {
    refuse(file, "the pixels are not as many as the header says");
  }
  return as_float(bytes, count, layout);
}

}  // namespace dawson::dicom
