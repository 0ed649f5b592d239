#include "dawson/dicom/series.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "dawson/core/error.h"
#include "dawson/core/walk.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

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

/// A series that shows two persons is a mistake of whoever made it: whose slices are whose cannot
/// be trusted.
void leave_out_shared(std::map<std::string, Series>& by_key, std::vector<std::string>& problems) {
  std::map<std::string, std::set<std::string>> persons;
  for (const auto& [key, series] : by_key) {
    persons[series.facts.series_uid].insert(series.facts.person.id + '|' +
                                            series.facts.person.name);
  }
  std::set<std::string> told;
  std::erase_if(by_key, [&](const auto& item) {
    const Series& series = item.second;
    if (series.facts.series_uid.empty() || persons[series.facts.series_uid].size() < 2) {
      return false;
    }
    if (told.insert(series.facts.series_uid).second) {
      problems.push_back("series " + series.name() + " has images of " +
                         std::to_string(persons[series.facts.series_uid].size()) +
                         " persons and is left out");
    }
    return true;
  });
}

/// Files of which the same is to be said.
struct Alike {
  std::size_t count = 0;
  fs::path first;

  void add(const fs::path& file) {
    if (count++ == 0) first = file;
  }
  void tell(const std::string& what, std::vector<std::string>& problems) const {
    if (count == 0) return;
    problems.push_back(first.string() +
                       (count > 1 ? " and " + std::to_string(count - 1) + " more" : "") + ": " +
                       what);
  }
};

}  // namespace

std::string Series::name() const {
  const std::string& words = facts.description.empty() ? facts.protocol : facts.description;
  return std::to_string(facts.series_number) + (words.empty() ? "" : " (" + words + ")");
}

Found find_series(const fs::path& folder, Progress& progress) {
  Found found;
  const std::vector<fs::path> files = core::files_below(folder, found.problems);
  std::map<std::string, Series> by_key;
  std::set<std::string> seen;
  Alike placeless, repeated;  // an export may hold thousands: one sentence for all
  for (const fs::path& file : files) {
    progress.check();
    std::optional<Header> header;
    try {
      header = read_header(file);
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
      found.problems.emplace_back(e.what());
    }
    if (!header) {
      if (is_dicom(file)) ++found.others;
      continue;
    }
    ++found.images;
    if (header->slices.empty()) {
      ++found.placeless;
      placeless.add(file);
      continue;
    }
    const std::string& uid = header->slices.front().sop_uid;
    if (!uid.empty() && !seen.insert(uid).second) {
      ++found.repeated;
      repeated.add(file);
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
  placeless.tell("say nowhere where they lie", found.problems);
  repeated.tell("are there more than once, and count once", found.problems);
  leave_out_shared(by_key, found.problems);
  for (auto& [key, series] : by_key) found.series.push_back(std::move(series));
  std::stable_sort(found.series.begin(), found.series.end(), [](const Series& a, const Series& b) {
    return std::tie(a.facts.series_number, a.facts.description) <
           std::tie(b.facts.series_number, b.facts.description);
  });
  return found;
}

}  // namespace dawson::dicom
