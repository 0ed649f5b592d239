#include "dawson/dicom/series.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "dawson/core/error.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

/// Regular files, in the order of their paths, so that the same folder gives the same result.
std::vector<fs::path> files_below(const fs::path& folder, std::vector<std::string>& problems) {
  std::vector<fs::path> files;
  std::error_code error;
  auto at = fs::recursive_directory_iterator(folder, fs::directory_options::none, error);
  if (error) throw Error(ExitCode::input, "the folder cannot be read", folder.string());
  for (const auto end = fs::recursive_directory_iterator(); at != end;) {
    if (at->is_regular_file(error) && !error) files.push_back(at->path());
    const fs::path here = at->path();
    at.increment(error);
    if (error) {
      problems.push_back(here.string() + ": what is below cannot be read");
      break;
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// What the slices of one volume have in common. Directions to 1e-3, about 0.06°.
std::string key_of(const Header& header, const Slice& slice) {
  std::ostringstream key;
  key << header.facts.study_uid << '|' << header.facts.series_uid << '|' << header.facts.person.id
      << '|' << header.rows << 'x' << header.columns << '|';
  for (const double v : slice.along_row) key << std::lround(v * 1e3) << ' ';
  for (const double v : slice.along_column) key << std::lround(v * 1e3) << ' ';
  for (const double v : slice.spacing) key << std::lround(v * 1e4) << ' ';
  key << '|' << slice.part;
  return key.str();
}

}  // namespace

std::string Series::name() const {
  const std::string& words = facts.description.empty() ? facts.protocol : facts.description;
  return std::to_string(facts.series_number) + (words.empty() ? "" : " (" + words + ")");
}

Found find_series(const fs::path& folder, Progress& progress) {
  Found found;
  const std::vector<fs::path> files = files_below(folder, found.problems);
  std::map<std::string, Series> by_key;
  std::set<std::string> seen;
  for (const fs::path& file : files) {
    progress.check();
    std::optional<Header> header;
    try {
      header = read_header(file);
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
      found.problems.emplace_back(e.what());
    }
    if (!header) continue;
    ++found.images;
    if (header->slices.empty()) {
      found.problems.push_back(file.string() + ": says nowhere where it lies");
      continue;
    }
    const std::string& uid = header->slices.front().sop_uid;
    if (!uid.empty() && !seen.insert(uid).second) {
      found.problems.push_back(file.string() + ": is there twice, and counts once");
      continue;
    }
    for (const Slice& slice : header->slices) {
      Series& series = by_key[key_of(*header, slice)];
      if (series.slices.empty()) {
        series.facts = header->facts;
        series.rows = header->rows;
        series.columns = header->columns;
        series.part = slice.part;
      }
      series.slices.push_back(slice);
    }
  }
  for (auto& [key, series] : by_key) found.series.push_back(std::move(series));
  std::stable_sort(found.series.begin(), found.series.end(), [](const Series& a, const Series& b) {
    return std::tie(a.facts.series_number, a.facts.description) <
           std::tie(b.facts.series_number, b.facts.description);
  });
  return found;
}

}  // namespace dawson::dicom
