#include "dawson/dicom/jpeg2000.h"

#include <dcmtk/dcmdata/dcostrmb.h>
#include <gdcmImageReader.h>
#include <gdcmTrace.h>

#include <array>
#include <sstream>
#include <string>

#include "dawson/core/error.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error(ExitCode::input, why, file.string());
}

/// The image alone, written anew: GDCM trusts the lengths that a file gives, and reads sequences,
/// overlays, palettes and icons that nothing here asks for.
std::string image_alone(DcmDataset& whole, const fs::path& file) {
  DcmFileFormat format;
  DcmDataset& d = *format.getDataset();
  for (const DcmTagKey& tag :
       {DCM_SamplesPerPixel, DCM_PhotometricInterpretation, DCM_NumberOfFrames, DCM_Rows,
        DCM_Columns, DCM_BitsAllocated, DCM_BitsStored, DCM_HighBit, DCM_PixelRepresentation,
        DCM_PixelData}) {
    if (DcmElement* element = whole.remove(tag)) d.insert(element);
  }
  d.putAndInsertString(DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
  d.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");  // a file has to have one
  std::string bytes;
  std::array<char, 65536> block{};
  DcmOutputBufferStream out(block.data(), block.size());
  format.transferInit();
  OFCondition state = EC_StreamNotifyClient;
  while (state == EC_StreamNotifyClient) {
    state = format.write(out, whole.getOriginalXfer(), EET_ExplicitLength, nullptr);
    void* written = nullptr;
    offile_off_t count = 0;
    out.flushBuffer(written, count);
    bytes.append(static_cast<const char*>(written), static_cast<std::size_t>(count));
  }
  format.transferEnd();
  if (state.bad()) {
    refuse(file, std::string("the pixels cannot be read (") + state.text() + ")");
  }
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> unpack_jpeg2000(DcmDataset& dataset, const PixelLayout& layout,
                                          const fs::path& file) {
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  std::istringstream stream(image_alone(dataset, file));
  gdcm::ImageReader reader;
  reader.SetStream(stream);
  if (!reader.Read()) refuse(file, "the pixels cannot be read");
  const gdcm::Image& image = reader.GetImage();
  const std::size_t count =
      std::size_t(layout.columns) * std::size_t(layout.rows) * std::size_t(layout.frames);
  std::vector<std::uint8_t> bytes(image.GetBufferLength());
  if (bytes.size() != count * layout.bits_allocated / 8 ||
      !image.GetBuffer(reinterpret_cast<char*>(bytes.data()))) {
    refuse(file, "the pixels cannot be unpacked");
  }
  return bytes;
}

}  // namespace dawson::dicom
