#include "dawson/workflow/deidentify_record.h"

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/version.h"

namespace dawson::workflow {

void DeidentifyRecord::add_person(const std::string& person, const dicom::Pseudonyms& pseudonyms) {
  persons_[person] = {pseudonyms.person(person), pseudonyms.days_back(person)};
}

void DeidentifyRecord::add_text(std::size_t lines, bool covered) {
  (covered ? text_covered_ : text_found_) += lines;
}

core::Json DeidentifyRecord::to_json() const {
  core::Json options = core::Json::array();
  for (const dicom::Profile::Code& code : profile_.codes()) {
    options.push_back({{"code", code.value}, {"meaning", code.meaning}});
  }
  core::Json lines = core::Json::array();
  for (const dicom::Audit::Line& line : audit_.lines()) {
    lines.push_back({{"attribute", line.attribute},
                     {"done", line.done},
                     {"why", line.why},
                     {"count", line.count}});
  }
  core::Json left_out = core::Json::array();
  for (const auto& [why, count] : left_out_) left_out.push_back({{"why", why}, {"count", count}});
  return {{"dawson", core::version()},
          {"table", "DICOM PS3.15 " + dicom::table_edition() + ", Table E.1-1"},
          {"profile", std::move(options)},
          {"persons", persons_.size()},
          {"text_lines_covered", text_covered_},
          {"text_lines_left", text_found_},
          {"left_out", std::move(left_out)},
          {"attributes", std::move(lines)}};
}

void DeidentifyRecord::write_crosswalk(const std::filesystem::path& file,
                                       const core::SecretKey& key) const {
  if (file.empty()) return;
  std::string text = "person\tpseudonym\tdays_back\n";
  for (const auto& [name, person] : persons_) {
    text += name + '\t' + person.pseudonym + '\t' + std::to_string(person.days_back) + '\n';
  }
  core::write_text(file, key.seal(text));
}

void require_free(const std::filesystem::path& crosswalk) {
  if (!crosswalk.empty() && std::filesystem::exists(crosswalk)) {
    throw Error(ExitCode::output, "exists already", crosswalk.string(), "choose another file");
  }
}

void refuse_text(std::size_t lines) {
  throw Error(
      ExitCode::check,
      std::to_string(lines) + " lines in the pixels look like text, and nothing was written",
      "--strict", "look at the images, or cover the lines with --clean pixels");
}

}  // namespace dawson::workflow
