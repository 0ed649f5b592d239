#include "dawson/dicom/loaded_file.h"

#include <dcmtk/oflog/oflog.h>

#include "dawson/core/error.h"
#include "dawson/dicom/bounds.h"

namespace dawson::dicom {
namespace {

constexpr Uint32 longest_value_in_memory = 64 * 1024;

/// DCMTK says what it meets on standard error, where a room has nothing to say.
void silence_dcmtk() {
  static const bool once = [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    return true;
  }();
  (void)once;
}

}  // namespace

std::unique_ptr<DcmFileFormat> load_file(const std::filesystem::path& file) {
  silence_dcmtk();
  require_bounded(file);
  auto format = std::make_unique<DcmFileFormat>();
  const OFCondition read = format->loadFile(file.c_str(), EXS_Unknown, EGL_noChange,
                                            longest_value_in_memory, ERM_autoDetect);
  if (read.bad()) {
    throw Error(ExitCode::input, std::string("is a damaged DICOM file (") + read.text() + ")",
                file.string());
  }
  return format;
}

}  // namespace dawson::dicom
