// What the report says, in words and figures, before any format: the formats cannot disagree.
// Private to this room.
#pragma once

#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/report/histogram.h"
#include "dawson/report/overlay.h"
#include "dawson/report/report.h"
#include "dawson/report/uncertainty.h"

namespace dawson::report {

struct Row {
  std::string label, value;
};

struct LesionTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;  ///< largest first
};

/// A measure and its place in the reference cohort.
struct CohortRow {
  std::string label;  ///< "Lesion volume (ml)"
  std::string key;    ///< "lesion_ml", as the JSON has it
  CohortPlace place;
};

struct Content {
  std::string id;             ///< of the report: 12 hexadecimal digits
  std::vector<Row> patient;   ///< name, participant, age, sex, image, sequences, date
  std::vector<Row> findings;  ///< counts, volumes, percentage, severity
  std::vector<Row> quality;   ///< of the scan, as far as it is looked at
  std::vector<Row> about;     ///< scan, model, program
  std::vector<Row> run;       ///< how it was made, and what makes it again
  std::vector<std::string> warnings, notes, limits;
  LesionTable lesions;
  LesionTable sizes;  ///< a row a size class

  /// Empty without a reference cohort.
  std::vector<CohortRow> cohort;
  std::vector<Row> cohort_rows;           ///< the same in words
  std::vector<std::string> cohort_notes;  ///< how it is to be read

  LesionCounts counts;
  SizeHistogram histogram;
  double percent = 0;  ///< NaN when not determined
  Severity severity = Severity::none;
  std::optional<PercentRange> range;  ///< of the percentage, from the brain's measured error
  std::string range_text;             ///< "1.63 – 2.21 %"; empty without a range
  std::string uncertainty;            ///< one or two sentences about it; never empty
};

Content content_of(const CaseReport& report);

// Parts of it.
void add_uncertainty(const CaseReport& report, Content& content);
void add_cohort(const CaseReport& report, Content& content);
LesionTable size_table(const SizeHistogram& sizes, double lesion_volume_ml, const Words& words);
/// How the range of the brain volume's error was measured.
std::string measured_range(const VolumeErrors& errors, const Words& words);

/// The report with texts that can be drawn: valid UTF-8 on one line.
CaseReport cleaned(CaseReport report);
/// What its pictures show, without a title. Points into the report.
OverlayInput shown_in(const CaseReport& report);

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
/// Pages with tiles of what `shown` shows on the first, then the details. Throws Error{output}.
void write_pdf(const CaseReport& report, const Content& content, const OverlayInput& shown,
               const std::filesystem::path& file);

/// Says the document's language in a PDF's catalog and asks viewers to show its title. Undated:
/// the time of writing is taken out again, so that the same report gives the same bytes.
void finish_pdf(const std::filesystem::path& file, const std::string& language, bool dated);

}  // namespace dawson::report
