#include "dawson/dicom/loaded_file.h"

#include <dcmtk/oflog/oflog.h>

#include "dawson/core/error.h"
#include "dawson/dicom/bounds.h"

namespace dawson::dicom {
namespace {

constexpr Uint32 longest_value_in_memory = 64 * 1024;
constexpr std::size_t longest_text = 1024;

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

std::string text_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFStringArray(tag, value).bad()) return {};
  std::string text = std::string(value.c_str()).substr(0, longest_text);
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  text.resize(end == std::string::npos ? 0 : end + 1);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

}  // namespace dawson::dicom
