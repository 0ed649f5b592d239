// The page on which a person looks a cohort's scans over.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dawson::report {

struct QcCard {
  std::string name;
  std::string verdict;  ///< "reject", "look" or "accept"
  bool by_person = false;
  std::vector<std::string> reasons;
  std::string png;  ///< thumbnail; empty: there is none
};

/// One HTML file that needs nothing beside it: the scans that are rejected first, then those to
/// look at, then the others. Throws Error{output}.
void write_qc_page(const std::vector<QcCard>& cards, const std::filesystem::path& file);

}  // namespace dawson::report
