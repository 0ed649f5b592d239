#include "dawson/report/report.h"

#include <array>
#include <ctime>
#include <stdexcept>

#include "dawson/core/atomic_file.h"
#include "dawson/core/json.h"
#include "dawson/report/content.h"
#include "dawson/report/overlay.h"

namespace dawson::report {
namespace {

// Wide enough to read the numbers on a screen's whole width; the page of the case fits 2 MB.
constexpr int overlay_width = 1600;

std::string overlay_title(const CaseReport& r) {
  std::string title = r.stem;
  if (r.image_name.rfind(r.stem, 0) != 0) title += "  ·  " + r.image_name;
  return title;
}

}  // namespace

std::vector<std::string> file_names(const std::string& stem) {
  std::vector<std::string> names;
  for (const char* ending : {"_lesions.tsv", "_lesions.json", "_overlay.png", "_report.pdf",
                             "_report.json", "_report.txt", "_report.html"}) {
    names.push_back(stem + ending);
  }
  return names;
}

void write(const CaseReport& given, const std::filesystem::path& folder) {
  if (given.scan == nullptr || given.segmentation == nullptr || given.words == nullptr) {
    throw std::invalid_argument("a report needs a scan, its segmentation and words");
  }
  check_bands(given.bands);
  const CaseReport r = cleaned(given);
  const segmentation::Segmentation& found = *r.segmentation;
  OverlayInput shown;
  shown.scan = r.scan;
  shown.lesions = &found.lesion_mask;
  if (!found.brain_mask.data.empty()) shown.brain = &found.brain_mask;
  if (!found.probabilities.data.empty()) shown.probabilities = &found.probabilities;
  shown.title = overlay_title(r);
  const Picture overlay = draw_overlay(shown, *r.words, overlay_width);
  const std::string png = encode_png(overlay);

  const Content content = content_of(r);
  const auto place = [&](const char* ending) { return folder / (given.stem + ending); };
  write_lesion_table(r, place("_lesions.tsv"));
  core::write_text(place("_overlay.png"), png);
  core::write_json(place("_report.json"), report_json(r, content));
  core::write_text(place("_report.txt"), report_text(r, content));
  core::write_text(place("_report.html"), report_html(r, content, png));
  write_pdf(r, content, shown, place("_report.pdf"));
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc);
  return text.data();
}

}  // namespace dawson::report
