// What the report says, in words and figures, before any format: the formats cannot disagree.
// Private to this room.
#pragma once

#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/report/overlay.h"
#include "dawson/report/report.h"

namespace dawson::report {

struct Row {
  std::string label, value;
};

struct LesionTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;  ///< largest first
};

struct Content {
  std::vector<Row> patient;   ///< name, participant, age, sex, image, sequences, date
  std::vector<Row> findings;  ///< counts, volumes, percentage, severity
  std::vector<Row> about;     ///< scan, model, program
  std::vector<std::string> warnings, notes;
  LesionTable lesions;

  LesionCounts counts;
  double percent = 0;  ///< NaN when not determined
  Severity severity = Severity::none;
};

Content content_of(const CaseReport& report);

/// The report with texts that can be drawn: valid UTF-8 on one line.
CaseReport cleaned(CaseReport report);

/// Sensible digits: "2.37 %", "< 0.01 %", "0.0 %" for exactly nothing.
std::string percent_text(double percent);
/// Two decimals from 0.1 on, three below.
std::string millilitres(double volume_ml);

// The formats.
core::Json report_json(const CaseReport& report, const Content& content);
std::string report_text(const CaseReport& report, const Content& content);
std::string report_html(const CaseReport& report, const Content& content,
                        const std::string& picture_png);
void write_lesion_table(const CaseReport& report, const std::filesystem::path& file);
/// One page with tiles of what `shown` shows. Throws Error{output}.
void write_pdf(const CaseReport& report, const Content& content, const OverlayInput& shown,
               const std::filesystem::path& file);

/// Says the document's language in a PDF's catalog and asks viewers to show its title. Undated:
/// the time of writing is taken out again, so that the same report gives the same bytes.
void finish_pdf(const std::filesystem::path& file, const std::string& language, bool dated);

}  // namespace dawson::report
