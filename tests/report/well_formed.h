// Whether tags open and close as XML wants it.
#pragma once

#include <string>
#include <vector>

namespace dawson::report::made {

/// The first fault, or empty. Knows elements, attributes in double quotes, comments and the
/// declaration: what the drawings and pages here are made of. `unclosed` are tags that HTML leaves
/// open.
inline std::string fault_of_markup(const std::string& text,
                                   const std::vector<std::string>& unclosed = {}) {
  std::vector<std::string> open;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t tag = text.find('<', at);
    const std::string between = text.substr(at, tag == std::string::npos ? tag : tag - at);
    for (std::size_t n = between.find('&'); n != std::string::npos; n = between.find('&', n + 1)) {
      const std::size_t end = between.find(';', n);
      if (end == std::string::npos || end - n > 8) return "bare & in: " + between.substr(n, 40);
    }
    if (between.find('>') != std::string::npos && (open.empty() || open.back() != "style")) {
      return "bare > in: " + between;
    }
    if (tag == std::string::npos) break;
    std::size_t end = tag + 1;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != '>'); ++end) {
      if (text[end] == '"') quoted = !quoted;
      if (text[end] == '<') return "< within a tag: " + text.substr(tag, 60);
    }
    if (end >= text.size()) return "a tag without end: " + text.substr(tag, 60);
    const std::string inside = text.substr(tag + 1, end - tag - 1);
    at = end + 1;
    if (inside[0] == '?' || inside[0] == '!' || inside.back() == '/') continue;
    const std::string name = inside.substr(0, inside.find_first_of(" \n"));
    if (name[0] == '/') {
      if (open.empty() || open.back() != name.substr(1)) return "closes what is not open: " + name;
      open.pop_back();
      continue;
    }
    bool stays_open = false;
    for (const std::string& tag_name : unclosed) stays_open = stays_open || tag_name == name;
    if (!stays_open) open.push_back(name);
  }
  return open.empty() ? "" : "left open: " + open.back();
}

}  // namespace dawson::report::made
