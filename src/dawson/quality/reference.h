// What the shipped models were tested on, and whether a scan is like that.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/quality/measures.h"

namespace dawson::quality {

/// Lowest and highest of the reference scans.
struct Range {
  std::string measure;  ///< Measure::name
  double low = 0, high = 0;
};

struct Reference {
  int scans = 0;
  /// A range is widened by this share of its width to both sides before a scan is judged by it.
  double margin = 0;
  std::vector<Range> judged;      ///< what `dawson segment` warns by: what tells where models break
  std::vector<Range> looked_at;   ///< what `dawson qc` looks at scans by: those and others
  std::vector<double> histogram;  ///< mean of the reference scans
};

/// models/quality/reference.json. Throws Error{model}: unreadable, of another version, or naming a
/// measure that is not known.
Reference read_reference(const std::filesystem::path& file);

/// A measure that lies outside the widened range.
struct Finding {
  const Measure* measure;
  double value;
  Range range;
};
/// By `ranges`, each widened by the share `margin`.
std::vector<Finding> unusual(const Looked& looked, const std::vector<Range>& ranges, double margin);

/// What the intensities say it is if not a FLAIR: "a T1w", "a T2w"; empty: nothing against it. The
/// two cuts of depth_contrast and skewness take none of the 19 FLAIR scans of docs/quality.md for
/// another, and 12 of 13 T1w and all 11 T2w of the same people for what they are.
std::string other_sequence(const Looked& looked);

/// "noise (0.12, tested up to 0.05) and …": what is unusual, or "" for nothing.
std::string words_of(const std::vector<Finding>& findings);

/// Values by the measures' names, null where there are none, and the histogram.
core::Json to_json(const Looked& looked);

}  // namespace dawson::quality
