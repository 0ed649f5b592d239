#include "dawson/report/evaluation_page.h"

#include <set>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/report/evaluation_style.h"
#include "dawson/report/evaluation_tables.h"
#include "dawson/report/markup.h"
#include "dawson/report/plots.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;
using core::Json;
using evaluation::CohortResult;

constexpr std::size_t largest_svg = 200 * 1024;  // bytes; above, the page holds the PNG
constexpr std::size_t most_open_cases = 40;      // more rows wait behind a button

const EvaluationWords& words() {
  return english().evaluation;
}

std::string paragraph(const std::string& text, const std::string& css_class = "note") {
  return "<p class=\"" + css_class + "\">" + escaped(text) + "</p>\n";
}

struct Section {
  std::string id, title, html;
};

std::string about(const CohortResult& cohort, const Json& summary) {
  const Json& overall = summary["overall"];
  std::string html = paragraph(filled(
      words().measured, {counted(overall.value("patients", std::size_t{0}), cohort.cases.size())}));
  const Json draws = summary.value("bootstrap", Json::object()).value("draws", Json());
  html += paragraph(filled(words().rule, {std::string(evaluation::name_of(cohort.rule))}) + " " +
                    filled(words().means, {draws.is_number() ? draws.dump() : "n/a"}) + " " +
                    words().not_applicable);
  if (summary.contains("command_line")) {
    html += "<p class=\"note\">" + escaped(words().command) + ": <code>" +
            escaped(summary["command_line"].get<std::string>()) + "</code></p>\n";
  }
  return html;
}

std::string cards(const Json& summary) {
  const std::vector<std::pair<std::string, std::string>> shown{
      {"dice", words().dice},
      {"lesion_f1", words().lesion_f1},
      {"lesion_sensitivity", words().lesion_sensitivity},
      {"lesion_ppv", words().lesion_ppv},
      {"false_lesions", words().false_lesions}};
  std::string html = "<dl class=\"cards\">";
  for (const auto& [measure, name] : shown) {
    const std::string value = mean_with_interval(summary["overall"], measure);
    const std::size_t end = std::min(value.find(' '), value.size());
    html += "<div><dt>" + escaped(name) + "</dt><dd><b>" + escaped(value.substr(0, end)) + "</b>" +
            escaped(value.substr(end)) + "</dd></div>\n";
  }
  return html + "</dl>\n";
}

std::string figure_of(const Plot& plot, const std::string& svg, const std::string& png) {
  const bool as_svg = svg.size() <= largest_svg;
  const std::string file = "plots/" + plot.name;
  return "<figure><img src=\"data:image/" + std::string(as_svg ? "svg+xml" : "png") + ";base64," +
         base64(as_svg ? svg : png) + "\" alt=\"" +
         escaped(plot.chart->title + ". " + plot.chart->description) + "\">\n<figcaption>" +
         escaped(words().plot_files) + ": <a href=\"" + file + ".png\">PNG</a>, <a href=\"" + file +
         ".svg\">SVG</a></figcaption></figure>\n";
}

/// Writes the files of the plots; the part of the page that shows them.
std::string plots_section(const CohortResult& cohort, const Json& summary, const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder / "plots", failure);
  if (failure) {
    throw Error(ExitCode::output, "the folder for plots cannot be made",
                (folder / "plots").string());
  }
  std::string html = "<div class=\"plots\">\n";
  std::string left_out;
  for (const Plot& plot : plots_of(cohort, summary)) {
    if (!plot.chart) {
      left_out += "<li>" + escaped(plot.title + " (" + plot.left_out + ")") + "</li>\n";
      continue;
    }
    const std::string svg = svg_of(*plot.chart, english().language);
    const std::string png = encode_png(picture_of(*plot.chart));
    core::write_text(folder / "plots" / (plot.name + ".svg"), svg);
    core::write_text(folder / "plots" / (plot.name + ".png"), png);
    html += figure_of(plot, svg, png);
  }
  html += "</div>\n";
  if (left_out.empty()) return html;
  return html + "<p class=\"note\">" + escaped(words().not_drawn) + ":</p><ul class=\"note\">" +
         left_out + "</ul>\n";
}

std::string failed_section(const CohortResult& cohort) {
  if (cohort.failed.empty() && cohort.predictions_without_reference.empty()) return "";
  std::string html;
  if (!cohort.failed.empty()) {
    html += paragraph(words().failed_note) + "<ul class=\"failed\">";
    for (const evaluation::FailedCase& f : cohort.failed) {
      html += "<li><b>" + escaped(f.name) + "</b>: " + escaped(f.reason) + "</li>\n";
    }
    html += "</ul>\n";
  }
  if (!cohort.predictions_without_reference.empty()) {
    html += paragraph(words().without_reference) + "<ul class=\"note\">";
    for (const std::string& name : cohort.predictions_without_reference) {
      html += "<li>" + escaped(name) + "</li>\n";
    }
    html += "</ul>\n";
  }
  return html;
}

std::string cases_section(const CohortResult& cohort) {
  const std::string table = paragraph(words().cases_note) + case_table(cohort);
  if (cohort.cases.size() <= most_open_cases) return table;
  return "<details><summary>" +
         escaped(filled(words().show_cases, {std::to_string(cohort.cases.size())})) +
         "</summary>\n" + table + "</details>\n";
}

std::string page_of(const std::vector<Section>& sections, const std::string& head) {
  std::string html = "<!DOCTYPE html>\n<html lang=\"" + escaped(english().language) +
                     "\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "img-src data:; style-src 'unsafe-inline'\">\n<title>" +
                     escaped(words().title) + "</title>\n<style>" + evaluation_style() +
                     "</style></head>\n<body>\n<header><h1>" + escaped(words().title) + "</h1>\n" +
                     paragraph(words().disclaimer, "disclaimer") + head + "<nav aria-label=\"" +
                     escaped(words().contents) + "\"><ul>";
  for (const Section& s : sections) {
    html += "<li><a href=\"#" + s.id + "\">" + escaped(s.title) + "</a></li>";
  }
  html += "</ul></nav></header>\n<main>\n";
  for (const Section& s : sections) {
    html += "<section id=\"" + s.id + "\"><h2>" + escaped(s.title) + "</h2>\n" + s.html +
            "</section>\n";
  }
  return html + "</main>\n<footer>" + paragraph(words().files) +
         paragraph(words().disclaimer, "disclaimer") + "</footer>\n</body></html>\n";
}

}  // namespace

void write_evaluation_page(const CohortResult& cohort, const Json& summary,
                           const fs::path& folder) {
  std::vector<Section> sections;
  const auto add = [&](const std::string& id, const std::string& title, const std::string& html) {
    if (!html.empty()) sections.push_back({id, title, html});
  };
  add("failed", words().failed_title, failed_section(cohort));
  add("short", words().in_short, cards(summary));
  add("plots", words().plots, plots_section(cohort, summary, folder));
  add("overall", words().overall_title, overall_table(summary));
  add("comparison", words().comparison_title, comparison_table(summary));
  add("groups", words().groups_title, group_tables(summary));
  add("scans", words().scan_title, scan_table(summary));
  add("cases", words().cases_title, cases_section(cohort));
  add("measures", words().measures_title, measure_list());
  core::write_text(folder / "index.html", page_of(sections, about(cohort, summary)));
}

std::vector<std::string> evaluation_page_names() {
  return {"index.html", "plots"};
}

}  // namespace dawson::report
