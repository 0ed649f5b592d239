#include "dawson/dicom/pixels.h"

#include <dcmtk/dcmdata/dcostrmb.h>
#include <gdcmImageReader.h>
#include <gdcmTrace.h>

#include <array>
#include <cmath>
#include <cstring>
#include <sstream>
#include <string>

#include "dawson/core/error.h"
#include "dawson/dicom/loaded_file.h"

namespace dawson::dicom {
namespace {

/// Calls `use` with a value of the type that the pixels are stored in.
template <typename Use>
void with_type_of(const StoredPixels& pixels, const Use& use) {
  switch (pixels.bits_allocated) {
    case 8:
      return pixels.is_signed ? use(std::int8_t{}) : use(std::uint8_t{});
    case 16:
      return pixels.is_signed ? use(std::int16_t{}) : use(std::uint16_t{});
    case 32:
      if (pixels.is_float) return use(float{});
      return pixels.is_signed ? use(std::int32_t{}) : use(std::uint32_t{});
    default:
      return use(double{});
  }
}

template <typename T>
void append_as_float(const std::uint8_t* bytes, std::size_t count, std::vector<float>& values) {
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
    values.push_back(static_cast<float>(value));
  }
}

/// The image alone, written anew. GDCM trusts the lengths that a file gives, and reads sequences,
/// overlays, palettes and icons that nothing here asks for.
std::string image_alone(const std::filesystem::path& file) {
  const std::unique_ptr<DcmFileFormat> whole = load_file(file);
  DcmFileFormat format;
  DcmDataset& d = *format.getDataset();
  for (const DcmTagKey& tag :
       {DCM_SamplesPerPixel, DCM_PhotometricInterpretation, DCM_NumberOfFrames, DCM_Rows,
        DCM_Columns, DCM_BitsAllocated, DCM_BitsStored, DCM_HighBit, DCM_PixelRepresentation,
        DCM_PixelData}) {
    if (DcmElement* element = whole->getDataset()->remove(tag)) d.insert(element);
  }
  d.putAndInsertString(DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
  d.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");  // a file has to have one
  const DcmXfer original(whole->getDataset()->getOriginalXfer());
  const E_TransferSyntax syntax =
      original.isEncapsulated() ? original.getXfer() : EXS_LittleEndianExplicit;
  std::string bytes;
  std::array<char, 65536> block{};
  DcmOutputBufferStream out(block.data(), block.size());
  format.transferInit();
  OFCondition state = EC_StreamNotifyClient;
  while (state == EC_StreamNotifyClient) {
    state = format.write(out, syntax, EET_ExplicitLength, nullptr);
    void* written = nullptr;
    offile_off_t count = 0;
    out.flushBuffer(written, count);
    bytes.append(static_cast<const char*>(written), static_cast<std::size_t>(count));
  }
  format.transferEnd();
  if (state.bad()) {
    throw Error(ExitCode::input, std::string("the pixels cannot be read (") + state.text() + ")",
                file.string());
  }
  return bytes;
}

}  // namespace

std::vector<float> StoredPixels::values(int frame) const {
  std::vector<float> values;
  values.reserve(area());
  with_type_of(*this, [&](auto type) {
    using T = decltype(type);
    append_as_float<T>(bytes.data() + std::size_t(frame) * area() * sizeof(T), area(), values);
  });
  return values;
}

void StoredPixels::set(int frame, std::size_t index, float value) {
  with_type_of(*this, [&](auto type) {
    using T = decltype(type);
    const T stored = static_cast<T>(is_float ? value : std::round(value));
    std::memcpy(bytes.data() + (std::size_t(frame) * area() + index) * sizeof(T), &stored,
                sizeof(T));
  });
}

StoredPixels read_stored_pixels(const std::filesystem::path& file, int columns, int rows,
                                int frames) {
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  const auto refuse = [&file](const char* why) {
    throw Error(ExitCode::input, why, file.string());
  };
  std::istringstream stream(image_alone(file));
  gdcm::ImageReader reader;
  reader.SetStream(stream);
  if (!reader.Read()) refuse("the pixels cannot be read");
  const gdcm::Image& image = reader.GetImage();
  const gdcm::PixelFormat& format = image.GetPixelFormat();
  if (format.GetSamplesPerPixel() != 1) refuse("the image is in colour");
  const unsigned int depth = image.GetNumberOfDimensions() > 2 ? image.GetDimension(2) : 1;
  if (image.GetDimension(0) != static_cast<unsigned int>(columns) ||
      image.GetDimension(1) != static_cast<unsigned int>(rows) ||
      depth != static_cast<unsigned int>(frames)) {
    refuse("the pixels are not as many as the header says");
  }
  StoredPixels pixels{.columns = columns,
                      .rows = rows,
                      .frames = frames,
                      .bits_allocated = format.GetBitsAllocated(),
                      .bits_stored = format.GetBitsStored(),
                      .high_bit = format.GetHighBit(),
                      .is_signed = format.GetPixelRepresentation() == 1,
                      .bytes = {}};
  switch (format.GetScalarType()) {
    case gdcm::PixelFormat::UINT8:
    case gdcm::PixelFormat::INT8:
    case gdcm::PixelFormat::UINT16:
    case gdcm::PixelFormat::INT16:
    case gdcm::PixelFormat::UINT32:
    case gdcm::PixelFormat::INT32:
      break;
    case gdcm::PixelFormat::FLOAT32:
    case gdcm::PixelFormat::FLOAT64:
      pixels.is_float = true;
      break;
    default:
      refuse("the pixels are of a type that no MR image has");
  }
  const std::size_t count = pixels.area() * std::size_t(frames);
  pixels.bytes.resize(image.GetBufferLength());
  if (pixels.bytes.size() != count * format.GetPixelSize() ||
      !image.GetBuffer(reinterpret_cast<char*>(pixels.bytes.data()))) {
    refuse("the pixels cannot be unpacked");
  }
  return pixels;
}

std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames) {
  const StoredPixels pixels = read_stored_pixels(file, columns, rows, frames);
  std::vector<float> values;
  values.reserve(pixels.area() * std::size_t(frames));
  with_type_of(pixels, [&](auto type) {
    using T = decltype(type);
    append_as_float<T>(pixels.bytes.data(), pixels.area() * std::size_t(frames), values);
  });
  return values;
}

}  // namespace dawson::dicom
