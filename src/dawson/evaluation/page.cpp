#include "dawson/evaluation/page.h"

#include <algorithm>

#include "dawson/core/atomic_file.h"
#include "dawson/core/table.h"

namespace dawson::evaluation {
namespace {

using core::Json;

constexpr const char* style = R"(
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem;
       color: #1c2430; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #dde3ea; text-align: right;
         white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 2px solid #8a97a6; }
.note { color: #56606c; } .failed { color: #a02318; }
)";

std::string escape(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string row(const std::vector<std::string>& cells, const std::string& tag) {
  std::string html = "<tr>";
  for (const std::string& cell : cells) {
    html.append("<").append(tag).append(">").append(cell).append("</").append(tag).append(">");
  }
  return html + "</tr>\n";
}

std::string table(const std::vector<std::string>& header,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<div class=\"scroll\"><table><thead>" + row(header, "th") + "</thead><tbody>";
  for (const auto& cells : rows) html += row(cells, "td");
  return html + "</tbody></table></div>\n";
}

const MeasureColumn& column(const std::string& name) {
  const auto& all = measure_columns();
  return *std::find_if(all.begin(), all.end(),
                       [&](const MeasureColumn& m) { return m.name == name; });
}

std::string figure(const Json& value, int decimals) {
  return value.is_number() ? core::number(value.get<double>(), decimals) : "n/a";
}

/// "0.71 (0.62 – 0.79)", or the mean with each patient's value where there is no interval; with the
/// number of patients where the figure is not defined for all of the group's.
std::string mean_with_interval(const Json& group, const std::string& name, int decimals) {
  const Json& measure = group["measures"][name];
  std::string text = figure(measure["mean"], decimals);
  if (measure["interval"].is_array()) {
    text += " (" + figure(measure["interval"][0], decimals) + " – " +
            figure(measure["interval"][1], decimals) + ")";
  } else if (measure["by_patient"].size() > 1) {
    std::string each;
    for (const auto& [patient, value] : measure["by_patient"].items()) {
      each += (each.empty() ? "" : ", ") + figure(value, decimals);
    }
    text += " [" + each + "]";
  }
  const int patients = measure["patients"].get<int>();
  if (patients > 0 && patients < group["patients"].get<int>()) {
    text += ", n = " + std::to_string(patients);
  }
  return text;
}

std::string group_table(const Json& summary) {
  std::vector<std::string> header{"measure", "overall"};
  std::vector<const Json*> groups{&summary["overall"]};
  for (const auto& [site, group] : summary["sites"].items()) {
    header.push_back(escape(site));
    groups.push_back(&group);
  }
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> counts{"patients (cases)"};
  std::vector<std::string> pooled{"Dice pooled over all voxels"};
  for (const Json* group : groups) {
    counts.push_back(std::to_string((*group)["patients"].get<int>()) + " (" +
                     std::to_string((*group)["cases"].get<int>()) + ")");
    pooled.push_back(figure((*group)["pooled_dice"], 3));
  }
  rows.push_back(counts);
  for (const MeasureColumn& m : measure_columns()) {
    if (!m.in_summary) continue;
    std::vector<std::string> cells{"<span title=\"" + escape(m.description) + "\">" +
                                   escape(m.name) + "</span>"};
    for (const Json* group : groups) {
      cells.push_back(
          mean_with_interval(*group, m.name, m.decimals == 0 ? 1 : std::min(m.decimals, 3)));
    }
    rows.push_back(cells);
  }
  rows.push_back(pooled);
  return table(header, rows);
}

std::string case_rows(const CohortResult& cohort) {
  const std::vector<std::string> names{"dice",
                                       "sensitivity",
                                       "ppv",
                                       "ndsc",
                                       "reference_ml",
                                       "predicted_ml",
                                       "hd95_mm",
                                       "assd_mm",
                                       "reference_lesions",
                                       "lesion_f1",
                                       "lesion_sensitivity",
                                       "lesion_ppv",
                                       "false_lesions"};
  std::vector<std::string> header{"case"};
  header.insert(header.end(), names.begin(), names.end());
  std::vector<std::vector<std::string>> rows;
  for (const CaseResult& c : cohort.cases) {
    std::vector<std::string> cells{escape(c.name)};
    for (const std::string& name : names) {
      const MeasureColumn& m = column(name);
      cells.push_back(core::number(m.value(c.measures), std::min(m.decimals, 3)));
    }
    rows.push_back(cells);
  }
  return table(header, rows);
}

}  // namespace

void write_page(const std::filesystem::path& file, const CohortResult& cohort,
                const Json& summary) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>Evaluation</title><style>" +
      std::string(style) + "</style></head><body>\n<h1>Evaluation</h1>\n";
  if (summary.contains("command_line")) {
    html += "<p class=\"note\"><code>" + escape(summary["command_line"].get<std::string>()) +
            "</code></p>\n";
  }
  html += "<p class=\"note\">Lesion rule: " + std::string(name_of(cohort.rule)) +
          ". Means of each patient's visits, then over patients; 95 % intervals from " +
          std::to_string(summary["bootstrap"]["draws"].get<std::size_t>()) +
          " bootstrap draws over patients. A group of fewer than five patients is listed value by "
          "value. n/a: undefined, and left out of the means; n: the patients that remain.</p>\n";
  for (const FailedCase& f : cohort.failed) {
    html +=
        "<p class=\"failed\">Not measured: " + escape(f.name) + ", " + escape(f.reason) + "</p>\n";
  }
  html += "<h2>Overall and per site</h2>\n" + group_table(summary);
  html += "<h2>Cases</h2>\n" + case_rows(cohort);
  html += "<p class=\"note\">More: cases.tsv, lesions.tsv, summary.json.</p>\n</body></html>\n";
  core::write_text(file, html);
}

}  // namespace dawson::evaluation
