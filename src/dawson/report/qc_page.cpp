#include "dawson/report/qc_page.h"

#include <array>

#include "dawson/core/atomic_file.h"
#include "dawson/report/evaluation_style.h"
#include "dawson/report/markup.h"
#include "dawson/report/picture.h"

namespace dawson::report {
namespace {

constexpr const char* style = R"(
.scans{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(24rem,100%),1fr));gap:1rem}
.scans figure{background:var(--wash);border-radius:.6rem;padding:.6rem;break-inside:avoid}
.scans img{border:0;border-radius:.3rem;background:#000;max-width:none}
.scans figcaption{color:inherit;font-size:.95rem;overflow-wrap:anywhere}
.scans ul{margin:.2rem 0 0;padding-left:1.2rem}
.reject li{color:var(--bad)}
)";

struct Section {
  const char* verdict;
  const char* title;
  const char* about;
};
constexpr std::array<Section, 3> sections{
    {{"reject", "Rejected", "Not to be used as they are."},
     {"look", "To look at", "Something about them is unlike the scans that dawson was tested on."},
     {"accept", "Accepted", "Nothing was found against them."}}};

std::string card_html(const QcCard& card) {
  std::string html = "<figure>";
  if (!card.png.empty()) {
    html += "<img loading=\"lazy\" src=\"data:image/png;base64," + base64(card.png) +
            "\" alt=\"Axial, coronal and sagittal slice of " + escaped(card.name) + "\">";
  }
  html += "<figcaption><b>" + escaped(card.name) + "</b>" +
          (card.by_person ? " · a person's verdict" : "");
  if (!card.reasons.empty()) {
    html += "<ul>";
    for (const std::string& reason : card.reasons) html += "<li>" + escaped(reason) + "</li>";
    html += "</ul>";
  }
  return html + "</figcaption></figure>\n";
}

}  // namespace

void write_qc_page(const std::vector<QcCard>& cards, const std::filesystem::path& file) {
  std::string body;
  std::string contents;
  for (const Section& section : sections) {
    std::string html;
    std::size_t count = 0;
    for (const QcCard& card : cards) {
      if (card.verdict != section.verdict) continue;
      html += card_html(card);
      ++count;
    }
    const std::string number = std::to_string(count);
    contents += "<li><a href=\"#" + std::string(section.verdict) + "\">" + section.title + "</a> " +
                number + "</li>";
    if (count == 0) continue;
    body += "<section id=\"" + std::string(section.verdict) + "\" class=\"" + section.verdict +
            "\"><h2>" + section.title + ": " + number + "</h2>\n<p class=\"note\">" +
            section.about + "</p>\n<div class=\"scans\">\n" + html + "</div></section>\n";
  }
  core::write_text(
      file,
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<title>Scan quality</title>\n<style>" +
          std::string(evaluation_style()) + style +
          "</style></head>\n<body><h1>Scan quality: " + std::to_string(cards.size()) +
          " scans</h1>\n<p class=\"disclaimer\">Research software, not a medical device.</p>\n"
          "<p class=\"note\">Axial slices as seen from the feet: the patient's left is on the "
          "right. "
          "Your own verdict goes into a table with the columns case, verdict (accept or reject) "
          "and reason: give it as --review to qc and to prepare.</p>\n<nav><ul>" +
          contents + "</ul></nav>\n" + body + "</body></html>\n");
}

}  // namespace dawson::report
