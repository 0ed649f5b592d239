#include "dawson/report/markup.h"

namespace dawson::report {

std::string escaped(const std::string& text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    const bool forbidden = (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') ||
                           static_cast<unsigned char>(c) == 0x7F;
    if (forbidden) {
      safe += "\uFFFD";
    } else if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else if (c == '\'') {
      safe += "&#39;";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace dawson::report
