#include "dawson/dicom/pixels.h"

#include <gdcmImageReader.h>
#include <gdcmTrace.h>

#include <cstdint>
#include <cstring>

#include "dawson/core/error.h"

namespace dawson::dicom {
namespace {

template <typename T>
std::vector<float> as_float(const std::vector<char>& bytes) {
  std::vector<float> values(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<float>(value);
  }
  return values;
}

}  // namespace

std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames) {
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  const auto refuse = [&file](const char* why) {
    throw Error(ExitCode::input, why, file.string());
  };
  gdcm::ImageReader reader;
  reader.SetFileName(file.c_str());
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
  const std::size_t count = std::size_t(columns) * std::size_t(rows) * std::size_t(frames);
  std::vector<char> bytes(image.GetBufferLength());
  if (bytes.size() != count * format.GetPixelSize() || !image.GetBuffer(bytes.data())) {
    refuse("the pixels cannot be unpacked");
  }
  switch (format.GetScalarType()) {
    case gdcm::PixelFormat::UINT8:
      return as_float<std::uint8_t>(bytes);
    case gdcm::PixelFormat::INT8:
      return as_float<std::int8_t>(bytes);
    case gdcm::PixelFormat::UINT16:
      return as_float<std::uint16_t>(bytes);
    case gdcm::PixelFormat::INT16:
      return as_float<std::int16_t>(bytes);
    case gdcm::PixelFormat::UINT32:
      return as_float<std::uint32_t>(bytes);
    case gdcm::PixelFormat::INT32:
      return as_float<std::int32_t>(bytes);
    case gdcm::PixelFormat::FLOAT32:
      return as_float<float>(bytes);
    case gdcm::PixelFormat::FLOAT64:
      return as_float<double>(bytes);
    default:
      refuse("the pixels are of a type that no MR image has");
  }
  return {};
}

}  // namespace dawson::dicom
