#include <sstream>

#include "dawson/dicom/profile_tables.h"

namespace dawson::dicom::tables {

std::vector<std::vector<std::string>> rows_of(std::string_view table) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in{std::string(table)};
  bool headed = false;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (!headed) {
      headed = true;
      continue;
    }
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) rows.back().push_back(cell);
  }
  return rows;
}

}  // namespace dawson::dicom::tables
