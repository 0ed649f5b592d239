#include "dawson/workflow/visit.h"

#include <algorithm>
#include <utility>

#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/dataset/read_scan.h"

namespace dawson::workflow {

namespace fs = std::filesystem;

OtherFiles other_files(const dataset::Scan& scan) {
  OtherFiles files;
  if (scan.t1w) files["T1w"] = *scan.t1w;
  if (scan.t2w) files["T2w"] = *scan.t2w;
  return files;
}

std::vector<preprocessing::OtherScan> read_others(const OtherFiles& files,
                                                  const std::vector<std::string>& wanted,
                                                  Progress& progress) {
  std::vector<preprocessing::OtherScan> others;
  for (const std::string& name : wanted) {
    const auto file = files.find(name);
    if (file == files.end()) continue;
    volume::NiftiImage read = dataset::read_scan(file->second);
    for (const std::string& warning : read.warnings) progress.warn(name + ": " + warning);
    others.push_back({name, std::move(read.image)});
  }
  return others;
}

core::Json others_record(const OtherFiles& files, const std::vector<std::string>& wanted,
                         const std::vector<std::string>& used, const fs::path& folder) {
  core::Json record = core::Json::array();
  for (const std::string& name : wanted) {
    const auto file = files.find(name);
    if (file == files.end()) continue;
    record.push_back(
        {{"name", name},
         {"path", fs::relative(fs::absolute(file->second), fs::absolute(folder)).string()},
         {"sha256", core::sha256_file(file->second)},
         {"used", std::find(used.begin(), used.end(), name) != used.end()}});
  }
  return record;
}

OtherFiles recorded_others(const core::Json& run, const fs::path& folder) {
  OtherFiles files;
  for (const core::Json& one : run.value("sequences", core::Json::array())) {
    if (!one.at("used").get<bool>()) continue;
    const fs::path file = (folder / one.at("path").get<std::string>()).lexically_normal();
    const std::string name = one.at("name");
    if (!fs::exists(file) || core::sha256_file(file) != one.at("sha256")) {
      throw Error(ExitCode::input, "is not the " + name + " that the lesions were found with",
                  file.string(), "put it back, or segment anew");
    }
    files[name] = file;
  }
  return files;
}

}  // namespace dawson::workflow
