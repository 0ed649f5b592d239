#include "dawson/dataset/review.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::dataset {

Review read_review(const std::filesystem::path& file) {
  const core::Table table = core::Table::read(file);
  for (const char* name : {"case", "verdict"}) {
    if (!table.has_column(name)) {
      throw Error(ExitCode::input, std::string("has no column '") + name + "'", file.string());
    }
  }
  Review review;
  for (const auto& row : table.rows()) {
    const std::string& verdict = row[table.column("verdict")];
    if (verdict != "accept" && verdict != "reject") continue;
    Reviewed reviewed{verdict == "accept", {}};
    for (const char* name : {"reason", "reasons"}) {
      if (!table.has_column(name)) continue;
      const std::string& reason = row[table.column(name)];
      if (reason != "n/a") reviewed.reason = reason;
    }
    const auto [place, is_new] = review.emplace(row[table.column("case")], reviewed);
    if (!is_new && place->second.accepted != reviewed.accepted) {
      throw Error(ExitCode::input, "accepts and rejects " + place->first, file.string());
    }
  }
  return review;
}

std::vector<std::string> leave_out_rejected(std::vector<Scan>& scans, const Review& review) {
  std::vector<std::string> left_out;
  scans.erase(
      std::remove_if(scans.begin(), scans.end(),
                     [&](const Scan& scan) {
                       const auto known = review.find(scan.name());
                       if (known == review.end() || known->second.accepted) return false;
                       const std::string& reason = known->second.reason;
                       left_out.push_back(scan.name() + (reason.empty() ? "" : ": " + reason));
                       return true;
                     }),
      scans.end());
  return left_out;
}

}  // namespace dawson::dataset
