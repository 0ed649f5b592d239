// The case page: one file that needs nothing else, with a viewer of the scan's slices, readable by
// people, screen readers and printers. Its sources are in report/page.
#include <map>

#include "dawson/core/hash.h"
#include "dawson/core/table.h"
#include "dawson/report/case_page_data.h"
#include "dawson/report/case_page_files.h"
#include "dawson/report/case_page_volume.h"
#include "dawson/report/content.h"
#include "dawson/report/markup.h"
#include "dawson/report/mosaic.h"
#include "dawson/report/picture.h"
#include "dawson/report/zoom.h"

namespace dawson::report {
namespace {

/// Of the whole file, a little below 8 MB.
constexpr std::size_t most_page_bytes = 7'900'000;
/// What a lesion's line takes in the page's data, at most, and all else there.
constexpr std::size_t bytes_per_lesion = 160, bytes_of_other_data = 80'000;
constexpr int zoomed_lesions = 3, zoom_pixels = 300;
constexpr std::size_t rows_without_scripts = 50;

using Parts = std::map<std::string, std::string, std::less<>>;

std::string element(const std::string& tag, const std::string& text) {
  return "<" + tag + ">" + escaped(text) + "</" + tag.substr(0, tag.find(' ')) + ">\n";
}

// dir=auto lets each value run in the direction of its own script.
std::string fields(const std::vector<Row>& rows, const std::string& css_class) {
  std::string out = "<dl class=\"" + css_class + "\">\n";
  for (const Row& row : rows) {
    out += "<div>" + element("dt", row.label) + element("dd dir=\"auto\"", row.value) + "</div>\n";
  }
  return out + "</dl>\n";
}

std::string list(const std::vector<std::string>& texts) {
  std::string out = "<ul>\n";
  for (const std::string& text : texts) out += element("li", text);
  return out + "</ul>\n";
}

std::string table(const LesionTable& t, const std::string& name, std::size_t most_rows) {
  std::string out =
      "<div class=\"scroll\"><table aria-label=\"" + escaped(name) + "\">\n<thead><tr>";
  for (const std::string& cell : t.head) out += element("th scope=\"col\"", cell);
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t row = 0; row < std::min(most_rows, t.rows.size()); ++row) {
    out += "<tr>";
    for (const std::string& cell : t.rows[row]) out += element("td", cell);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

/// A heading with what stands under it; nothing where that is empty.
std::string part(const std::string& heading, const std::string& body) {
  return body.empty() ? "" : element("h3", heading) + body;
}

/// The severity bands side by side, the case's own marked.
std::string severity_scale(const CaseReport& r, const Content& c) {
  const Words& w = *r.words;
  const auto limit = [](double percent) {
    std::string text = core::number(percent, 4);
    if (text.find('.') != std::string::npos) {
      text.erase(text.find_last_not_of('0') + 1);
      if (text.back() == '.') text.pop_back();
    }
    return text + " %";
  };
  const std::vector<std::pair<Severity, std::string>> bands{
      {Severity::none, "0"},
      {Severity::minimal, "< " + limit(r.bands.minimal_below)},
      {Severity::mild, "< " + limit(r.bands.mild_below)},
      {Severity::moderate, "< " + limit(r.bands.moderate_below)},
      {Severity::severe, "≥ " + limit(r.bands.moderate_below)}};
  std::string out = "<ol class=\"scale\" aria-label=\"" + escaped(w.severity_scale) + "\">\n";
  for (const auto& [severity, range] : bands) {
    out += std::string("<li") + (severity == c.severity ? " aria-current=\"true\"" : "") + ">" +
           escaped(w.of(severity)) + "<span>" + escaped(range) + "</span></li>\n";
  }
  return out + "</ol>\n" +
         element("p class=\"quiet small\"", w.severity_scale + " · " + w.short_severity);
}

std::string zooms(const CaseReport& r) {
  const Words& w = *r.words;
  if (r.segmentation->lesions.empty()) return "";
  std::string out = "<section aria-labelledby=\"zooms-title\">\n" +
                    element("h2 id=\"zooms-title\"", w.zooms_title) +
                    element("p class=\"quiet small\"",
                            filled(w.zooms_note, {core::number(zoom_window_mm, 0), "10"}));
  for (const Zoom& zoom :
       draw_zooms(shown_in(r), r.segmentation->lesions, w, zoomed_lesions, zoom_pixels)) {
    const std::string name = filled(w.zoom_lesion, {std::to_string(zoom.lesion_id)});
    out += "<div class=\"zoom\">" + element("h3", name) + "<div class=\"three\">\n";
    for (const ZoomPlane& plane : zoom.planes) {
      const std::string text = caption(plane, w);
      out += "<figure><img alt=\"" + escaped(name + ", " + text) +
             "\" src=\"data:image/png;base64," + base64(encode_png(plane.picture)) + "\">" +
             element("figcaption", text) + "</figure>\n";
    }
    out += "</div></div>\n";
  }
  return out + "</section>\n";
}

std::string further_sections(const CaseReport& r, const Content& c) {
  const Words& w = *r.words;
  std::string out;
  if (!c.sizes.rows.empty()) {
    out += part(w.sizes_title, table(c.sizes, w.sizes_title, c.sizes.rows.size()));
  }
  if (!c.cohort_rows.empty()) {
    out += part(w.cohort, fields(c.cohort_rows, "lines") + list(c.cohort_notes));
  }
  out += part(w.quality, fields(c.quality, "lines"));
  out += part(w.about, fields(c.about, "lines"));
  out += part(w.notes, list(c.notes));
  if (!c.limits.empty()) out += part(w.limits_title, list(c.limits));
  if (!c.run.empty()) {
    out += "<details>" + element("summary", w.run) + fields(c.run, "lines") + "</details>\n";
  }
  return out;
}

std::string blocks_sentence(const CaseReport& r, const PageVolume& volume) {
  if (!volume.grid.reduced()) return "";
  std::string voxels, sizes;
  for (std::size_t a = 0; a < 3; ++a) {
    voxels += (a > 0 ? " × " : "") + std::to_string(volume.grid.step[a]);
    sizes += (a > 0 ? " × " : "") + core::number(volume.grid.grid.spacing[a], 2);
  }
  return filled(r.words->case_page.reduced, {voxels, sizes});
}

std::string left_out_sentence(const CaseReport& r, const PageVolume& volume) {
  std::string ids;
  for (const int id : volume.relevance_left_out) {
    ids += (ids.empty() ? "" : ", ") + std::to_string(id);
  }
  return ids.empty() ? "" : filled(r.words->case_page.relevance_left_out, {ids});
}

std::string layer(const std::string& name, const std::string& bytes) {
  return "<script type=\"text/plain\" id=\"layer-" + name + "\">" + base64(bytes) + "</script>\n";
}

std::string layers(const PageVolume& volume) {
  std::string out = layer("scan", volume.scan_png) + layer("labels", volume.labels);
  if (!volume.probability_png.empty()) out += layer("probability", volume.probability_png);
  for (const PageRelevance& r : volume.relevance) {
    out += layer("relevance-" + std::to_string(r.lesion_id), r.png);
  }
  return out;
}

/// For the Content-Security-Policy: only the style and the script that were built in may act, so
/// that nothing runs and nothing is fetched, whatever a field may hold.
std::string csp_hash(std::string_view text) {
  const std::string hex = core::sha256(text);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return base64(bytes);
}

/// As it stands between quotes in a style sheet.
std::string css_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '<') {
      out += c == '<' ? "\\3c " : std::string("\\") + c;
    } else {
      out += c;
    }
  }
  return "\"" + out + "\"";
}

/// The style, and what stands at the foot of every printed page.
std::string style(const CaseReport& r, const Content& c) {
  const Words& w = *r.words;
  return std::string(page_files::css) +
         "@page{margin:15mm 12mm 18mm;@bottom-left{content:" + css_text(w.disclaimer) +
         ";font:8pt sans-serif}@bottom-right{content:" + css_text(w.report_id + " " + c.id) +
         "\" · \"counter(page);font:8pt sans-serif}}\n";
}

void add_words(Parts& parts, const Words& w) {
  const CasePageWords& p = w.case_page;
  const std::vector<std::pair<const char*, const std::string&>> words{
      {"language", w.language},
      {"title", w.title},
      {"subtitle", w.subtitle},
      {"disclaimer", w.disclaimer},
      {"follow_up", w.follow_up},
      {"skip", p.skip},
      {"patient_title", p.patient},
      {"findings_title", p.findings},
      {"viewer", p.viewer},
      {"loading", p.loading},
      {"plane", p.plane},
      {"axial", w.plane_axial},
      {"coronal", w.plane_coronal},
      {"sagittal", w.plane_sagittal},
      {"zoom", p.zoom},
      {"zoom_in", p.zoom_in},
      {"zoom_out", p.zoom_out},
      {"slice", p.slice},
      {"overlay", p.overlay},
      {"colours", p.colours},
      {"opacity", p.opacity},
      {"brightness", p.brightness},
      {"contrast", p.contrast},
      {"reset", p.reset},
      {"help_title", p.help_title},
      {"all_lesions", w.all_lesions},
      {"table_hint", p.table_hint},
      {"table_region", p.table_region},
      {"picture", w.picture},
      {"picture_region", p.picture_region},
      {"further", p.further}};
  for (const auto& [name, text] : words) parts[name] = escaped(text);
}

/// The template with its {{name}}s replaced. Throws Error{defect} for one that is not known.
std::string filled_page(std::string_view page, const Parts& parts) {
  std::string out;
  for (;;) {
    const std::size_t open = page.find("{{");
    out += page.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = page.find("}}", open);
    const auto found = parts.find(page.substr(open + 2, close - open - 2));
    if (found == parts.end()) throw Error(ExitCode::defect, "a part of the case page is missing");
    out += found->second;
    page.remove_prefix(close + 2);
  }
}

}  // namespace

std::string report_html(const CaseReport& r, const Content& c, const std::string& picture_png) {
  const Words& w = *r.words;
  Parts parts;
  add_words(parts, w);
  parts["stem"] = escaped(r.stem);
  parts["style"] = style(r, c);
  parts["style_hash"] = csp_hash(parts["style"]);
  parts["script"] = page_files::js;
  parts["script_hash"] = csp_hash(page_files::js);
  parts["patient"] = fields(c.patient, "box");
  parts["findings"] = fields(c.findings, "box figures");
  parts["scale"] = severity_scale(r, c);
  parts["uncertainty"] = escaped(c.uncertainty);
  parts["warnings"] = c.warnings.empty() ? ""
                                         : "<div class=\"warn\">" + element("h3", w.warnings) +
                                               list(c.warnings) + "</div>";
  parts["no_script"] = escaped(filled(w.case_page.no_script, {r.stem + "_lesions.tsv"}));
  parts["static_table"] = c.lesions.rows.empty()
                              ? element("p", w.no_lesions)
                              : table(c.lesions, w.all_lesions, rows_without_scripts);
  parts["help"] = list(w.case_page.help);
  parts["picture_png"] = base64(picture_png);
  parts["picture_description"] =
      escaped(filled(w.picture_description, {r.image_name, std::to_string(c.counts.total)}));
  parts["zooms"] = zooms(r);
  parts["sections"] = further_sections(r, c);
  parts["report_id"] = escaped(w.report_id + " " + c.id);

  std::size_t used = page_files::html.size() + bytes_of_other_data +
                     bytes_per_lesion * r.segmentation->lesions.size();
  for (const auto& [name, text] : parts) used += text.size();
  const std::size_t left = most_page_bytes - std::min(most_page_bytes, used);
  const PageVolume volume = page_volume(r, std::min(page_layer_bytes, left / 4 * 3));
  parts["reduced"] = escaped(blocks_sentence(r, volume));
  const std::string left_out = left_out_sentence(r, volume);
  if (!left_out.empty()) parts["reduced"] += " " + escaped(left_out);
  parts["data"] = page_data(r, volume);
  parts["layers"] = layers(volume);
  return filled_page(page_files::html, parts);
}

}  // namespace dawson::report
