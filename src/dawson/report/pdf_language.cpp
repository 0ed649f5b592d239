// Smart pointers of the standard in qpdf's interface, without its notice about the change.
#define POINTERHOLDER_TRANSITION 4
#include <exception>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>

#include "dawson/core/error.h"
#include "dawson/report/content.h"

namespace dawson::report {

void finish_pdf(const std::filesystem::path& file, const std::string& language, bool dated) {
  const std::filesystem::path beside = file.string() + ".part";
  try {
    QPDF pdf;
    pdf.setSuppressWarnings(true);
    pdf.processFile(file.c_str());
    QPDFObjectHandle catalog = pdf.getRoot();
    catalog.replaceKey("/Lang", QPDFObjectHandle::newUnicodeString(language));
    catalog.replaceKey("/ViewerPreferences",
                       QPDFObjectHandle::parse("<< /DisplayDocTitle true >>"));
    QPDFObjectHandle info = pdf.getTrailer().getKey("/Info");
    if (!dated && info.isDictionary()) info.removeKey("/CreationDate");
    QPDFWriter writer(pdf, beside.c_str());
    writer.setDeterministicID(true);
    writer.write();
  } catch (const std::exception& e) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    throw Error(ExitCode::output, std::string("the page cannot be completed (") + e.what() + ")",
                file.string());
  }
  std::error_code failed;
  std::filesystem::rename(beside, file, failed);
  if (failed) throw Error(ExitCode::output, "cannot be written", file.string());
}

}  // namespace dawson::report
