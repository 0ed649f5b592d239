#include "dawson/workflow/derived_scans.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "dawson/core/table.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// What one tree says of itself.
struct Tree {
  std::map<std::string, std::string> made;  ///< by the scan's file, relative to the tree
  std::set<std::string> shapes;
};

Tree read_tree(const fs::path& folder) {
  Tree tree;
  if (fs::exists(folder / "derived.tsv")) {
    const core::Table table = core::Table::read(folder / "derived.tsv");
    const std::size_t file = table.column("file"), made = table.column("made");
    for (const auto& row : table.rows()) tree.made[row[file]] = row[made];
  }
  if (fs::exists(folder / "dataset_description.json")) {
    const core::Json about = core::read_json(folder / "dataset_description.json");
    const auto sources = about.find("SourceDatasets");
    if (sources == about.end()) return tree;
    for (std::size_t n = 1; n < sources->size(); ++n) {  // the first is the patients' own tree
      const core::Json& source = (*sources)[n];
      if (source.is_object()) tree.shapes.insert(source.value("Description", "n/a"));
    }
  }
  return tree;
}

struct Counts {
  int scans = 0;
  std::set<std::string> patients, shapes;
};

}  // namespace

core::Json count_derived(const std::vector<dataset::Scan>& scans) {
  std::map<fs::path, Tree> trees;
  std::map<std::string, Counts> by_made;
  for (const dataset::Scan& scan : scans) {
    const fs::path folder = scan.tree();
    const auto known = trees.find(folder);
    const Tree& tree = known != trees.end()
                           ? known->second
                           : trees.emplace(folder, read_tree(folder)).first->second;
    const auto row = tree.made.find(scan.flair.lexically_relative(folder).generic_string());
    Counts& counts = by_made[row == tree.made.end() ? "n/a" : row->second];
    ++counts.scans;
    counts.patients.insert(scan.patient());
    counts.shapes.insert(tree.shapes.begin(), tree.shapes.end());
  }
  core::Json list = core::Json::array();
  for (const auto& [made, counts] : by_made) {
    list.push_back({{"made", made}, {"scans", counts.scans}, {"patients", counts.patients.size()}});
    if (!counts.shapes.empty()) list.back()["shapes"] = counts.shapes;
  }
  return list;
}

}  // namespace dawson::workflow
