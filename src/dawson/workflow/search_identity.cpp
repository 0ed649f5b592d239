#include "dawson/workflow/search_identity.h"

#include <algorithm>
#include <map>
#include <set>

#include "dawson/core/hash.h"
#include "dawson/core/version.h"
#include "dawson/workflow/crossval.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::Json;

std::string line_of(const std::optional<fs::path>& file) {
  if (!file) return "-\t";
  std::error_code unknown;  // what cannot be read is said where it is read
  return file->filename().string() + " " + std::to_string(fs::file_size(*file, unknown)) + "\t";
}

/// A split is the same in whatever order its file has it.
std::string split_hash(const dataset::Folds& folds) {
  std::set<std::string> lines;
  for (const dataset::FoldRow& row : folds.rows) {
    lines.insert(row.source + "\t" + row.participant + "\t" + std::to_string(row.fold) + "\n");
  }
  std::string text;
  for (const std::string& line : lines) text += line;
  return core::sha256(text);
}

Json json_of(const std::vector<Point>& points) {
  Json list = Json::array();
  for (const Point& point : points) {
    Json object = Json::object();
    for (const auto& [name, value] : point) object[name] = value;
    list.push_back(object);
  }
  return list;
}

/// The part's name for a reader.
std::string words_of_part(const std::string& part) {
  static const std::map<std::string, std::string> words = {
      {"dawson", "the version of dawson"}, {"keep", "the share kept"}, {"data", "the scans"},
      {"extra", "the extra scans"},        {"folds", "the split"},     {"points", "what is tried"}};
  const auto found = words.find(part);
  return found == words.end() ? part : found->second;
}

void compare(const Json& one, const Json& other, std::vector<std::string>& found) {
  std::set<std::string> names;
  for (const Json* side : {&one, &other}) {
    for (const auto& [name, value] : side->items()) names.insert(name);
  }
  for (const std::string& name : names) {
    const Json a = one.value(name, Json());
    const Json b = other.value(name, Json());
    if (a == b) continue;
    if (name == "settings" && a.is_object() && b.is_object()) {
      compare(a, b, found);
    } else {
      found.push_back(words_of_part(name));
    }
  }
}

}  // namespace

std::string listing_hash(const std::vector<fs::path>& trees) {
  std::string text;
  for (const dataset::Scan& s : labelled_scans(trees)) {
    text += s.name() + "\t";
    for (const auto& file : {std::optional(s.flair), s.t1w, s.t2w, s.lesion_mask, s.brain_mask}) {
      text += line_of(file);
    }
    text += "\n";
  }
  return core::sha256(text);
}

Json search_identity(const TuneSettings& settings, const std::vector<Point>& points) {
  Json extra = Json::array();
  for (const fs::path& tree : settings.extra) extra.push_back(listing_hash({tree}));
  return {{"dawson", core::version()},           {"iterations", settings.search.rungs},
          {"keep", settings.search.keep},        {"settings", settings.shared},
          {"data", listing_hash(settings.data)}, {"extra", extra},
          {"folds", split_hash(settings.folds)}, {"points", json_of(points)}};
}

std::string differences(const Json& one, const Json& other) {
  std::vector<std::string> found;
  compare(one, other, found);
  std::string words;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0) words += i + 1 < found.size() ? ", " : " and ";
    words += found[i];
  }
  return words;
}

}  // namespace dawson::workflow
