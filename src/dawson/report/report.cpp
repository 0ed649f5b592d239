#include "dawson/report/report.h"

#include <array>
#include <ctime>
#include <future>
#include <stdexcept>
#include <utility>

#include "dawson/core/atomic_file.h"
#include "dawson/core/json.h"
#include "dawson/report/content.h"
#include "dawson/report/heat.h"
#include "dawson/report/overlay.h"
#include "dawson/report/zoom.h"

namespace dawson::report {
namespace {

constexpr int overlay_width = 1600;

std::string overlay_title(const CaseReport& r) {
  std::string title = r.stem;
  if (r.image_name.rfind(r.stem, 0) != 0) title += "  ·  " + r.image_name;
  return title;
}

std::future<std::string> encoded_beside(Picture picture) {
  return std::async(std::launch::async, [kept = std::move(picture)] { return encode_png(kept); });
}

}  // namespace

std::vector<std::string> file_names(const std::string& stem) {
  std::vector<std::string> names;
  for (const char* ending :
       {"_lesions.tsv", "_lesions.json", "_overlay.png", "_zooms.png", "_confidence.png",
        "_report.pdf", "_report.json", "_report.txt", "_report.html"}) {
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
  OverlayInput shown = shown_in(r);
  shown.title = overlay_title(r);

  const Content content = content_of(r);
  const auto place = [&](const char* ending) { return folder / (given.stem + ending); };
  write_lesion_table(r, place("_lesions.tsv"));
  core::write_json(place("_report.json"), report_json(r, content));
  core::write_text(place("_report.txt"), report_text(r, content));
  // Compression takes longer than drawing: it goes on beside it, and the pages beside each other.
  auto overlay = encoded_beside(draw_overlay(shown, *r.words, overlay_width));
  auto zooms = encoded_beside(draw_zoom_sheet(shown, found.lesions, *r.words));
  std::optional<std::future<std::string>> confidence;
  if (shown.probabilities != nullptr) confidence = encoded_beside(draw_heat(shown, *r.words));
  const std::string overlay_png = overlay.get();
  auto page = std::async(std::launch::async, [&] { return report_html(r, content, overlay_png); });
  write_pdf(r, content, shown, place("_report.pdf"));
  core::write_text(place("_report.html"), page.get());
  core::write_text(place("_overlay.png"), overlay_png);
  core::write_text(place("_zooms.png"), zooms.get());
  if (confidence) core::write_text(place("_confidence.png"), confidence->get());
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
