// A person's verdict on scans.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "dawson/dataset/bids.h"

namespace dawson::dataset {

struct Reviewed {
  bool accepted = false;
  std::string reason;  ///< empty where the table has none
};

/// By scan name (source/sub[/ses]).
using Review = std::map<std::string, Reviewed>;

/// Reads the columns case, verdict (accept or reject; others, such as look, are no verdict) and,
/// where there, reason or reasons: a table of one's own, or the qc.tsv of `dawson qc`. Throws
/// Error{input}: a column is missing, or a case has two verdicts.
Review read_review(const std::filesystem::path& file);

/// Takes the rejected scans out of `scans`; returns "name: reason" for each.
std::vector<std::string> leave_out_rejected(std::vector<Scan>& scans, const Review& review);

}  // namespace dawson::dataset
