#include "dawson/dataset/identity_check.h"

#include <algorithm>
#include <array>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/core/table.h"
#include "dawson/core/text.h"
#include "dawson/core/walk.h"
#include "dawson/dicom/deidentify.h"
#include "dawson/dicom/header.h"
#include "dawson/dicom/known_words.h"
#include "dawson/dicom/temporal.h"
#include "dawson/dicom/trade_words.h"
#include "dawson/volume/nifti_remarks.h"
#include "dawson/volume/whole_file.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shortest_word = 3;

/// Fields of sidecars and columns of tables that name a person, a place or a day, by parts of their
/// names.
bool names_identity(const std::string& field) {
  static constexpr std::array parts{
      "patient",      "birth",     "physician",   "operator", "institution", "station",
      "serialnumber", "accession", "address",     "phone",    "telephone",   "email",
      "name",         "initials",  "mrn",         "uid",      "date",        "acquisitiontime",
      "seriestime",   "studytime", "contenttime", "studyid",  "comments",    "hospital",
      "zip",          "postcode"};
  static constexpr std::array harmless{"manufacturersmodelname", "sequencename", "patientposition",
                                       "pulsesequencename",      "coilname",     "receivecoilname",
                                       "patientidentityremoved", "protocolname"};
  const std::string low = core::lower_case(field);
  if (std::find(harmless.begin(), harmless.end(), low) != harmless.end()) return false;
  return std::any_of(parts.begin(), parts.end(),
                     [&low](const char* part) { return low.find(part) != std::string::npos; });
}

/// Fields that say in free words what was scanned.
bool describes(const std::string& field) {
  return field == "ProtocolName" || field == "SeriesDescription" || field == "StudyDescription";
}

class Check {
 public:
  Check(const fs::path& folder, const std::vector<std::string>& words) : folder_(folder) {
    for (const std::string& word : words) {
      if (word.size() >= shortest_word) words_.push_back(dicom::folded(word));
    }
  }

  /// A folder, or a link: its name says something, whatever is in it.
  void look_at_entry(const fs::directory_entry& entry) {
    file_ = entry.path().lexically_relative(folder_).string();
    if (entry.is_symlink()) add("is a link");
    if (entry.is_directory() && !entry.is_symlink()) look_at_name();
  }

  void look_at(const fs::path& file) {
    file_ = file.lexically_relative(folder_).string();
    ++result_.files;
    try {
      look_at_name();
      if (!fs::is_symlink(file)) look_inside(file);
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
      add("cannot be looked into: " + e.fact());
    }
  }

  [[nodiscard]] IdentityCheck result() const { return result_; }

 private:
  void add(const std::string& what) { result_.findings.push_back({file_, what}); }

  void look_at_name() {
    if (dicom::says_a_date(file_)) add("the name holds a date");
    if (file_.find('^') != std::string::npos) add("the name looks like a person's in DICOM");
    if (holds_word(file_)) add("the name holds one of the given words");
  }

  void look_inside(const fs::path& file) {
    const std::string name = file.filename().string();
    if (!words_.empty()) search_bytes(file);
    if (dicom::is_dicom(file)) return look_at_dicom(file);
    if (name.ends_with(".nii") || name.ends_with(".nii.gz")) {
      for (const std::string& remark : volume::nifti_remarks(file)) {
        add("NIfTI: " + remark + " is not empty");
      }
      return;
    }
    if (name == "deidentification.json") return look_at_audit(core::read_json(file));
    if (name.ends_with(".json")) return look_at_json(core::read_json(file), "");
    if (name.ends_with(".tsv")) return look_at_table(core::Table::read(file));
    if (name == ".bidsignore") return;
    if (name == "README" &&
        volume::read_whole_file(file).starts_with("Scans and masks brought into BIDS by `dawson")) {
      return;
    }
    add("is of a kind that nobody looked into");
  }

  void look_at_dicom(const fs::path& file) {
    for (const dicom::Audit::Line& line : dicom::remaining_identifiers(file).lines()) {
      add(line.attribute + ": " + line.why);
    }
  }

  /// What an audit counts are names of attributes; anything else in it is none of ours.
  void look_at_audit(const core::Json& json) {
    static constexpr std::array own{
        "dawson",          "table",    "profile",   "persons", "text_lines_covered",
        "text_lines_left", "left_out", "attributes"};
    for (const auto& [key, value] : json.items()) {
      if (std::find(own.begin(), own.end(), key) == own.end()) add("field " + key);
      if (dicom::says_a_date(value.dump())) add("field " + key + " holds a date");
    }
  }

  void look_at_json(const core::Json& json, const std::string& field) {
    // The name of a data set is no person's.
    const bool described = fs::path(file_).filename() == "dataset_description.json";
    if (json.is_object()) {
      for (const auto& [key, value] : json.items()) {
        const bool said =
            !value.is_null() && !(value.is_string() && value.get<std::string>().empty());
        // A sidecar of a table explains columns; an object of that name is no value.
        const bool of_the_set = described && (key == "Name" || key == "GeneratedBy");
        if (said && !value.is_object() && names_identity(key) && !of_the_set) add("field " + key);
        if (describes(key) && value.is_string() &&
            dicom::only_trade_words(value.get<std::string>()) != value.get<std::string>()) {
          add("field " + key + " has words that are not of the trade");
        }
        look_at_json(value, key);
      }
    } else if (json.is_array()) {
      for (const core::Json& value : json) look_at_json(value, field);
    } else if (json.is_string() && dicom::says_a_date(json.get<std::string>())) {
      add("field " + field + " holds a date");
    }
  }

  void look_at_table(const core::Table& table) {
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
      const std::string& name = table.columns()[c].name;
      bool said = false, dated = false, old = false;
      for (const auto& row : table.rows()) {
        said = said || (row[c] != "n/a" && !row[c].empty());
        dated = dated || dicom::says_a_date(row[c]);
        old = old || (name == "age" && std::atof(row[c].c_str()) > dicom::oldest_told_age);
      }
      if (said && names_identity(name)) add("column " + name);
      if (dated) add("column " + name + " holds a date");
      if (old) add("an age above " + std::to_string(int(dicom::oldest_told_age)));
    }
  }

  [[nodiscard]] bool holds_word(const std::string& bytes) const {
    const std::string plain = dicom::folded(bytes);
    return std::any_of(words_.begin(), words_.end(), [&plain](const std::string& word) {
      return plain.find(word) != std::string::npos;
    });
  }

  /// As they are and, for two bytes a character, without every other byte; JSON without escapes.
  void search_bytes(const fs::path& file) {
    const std::string bytes = volume::read_whole_file(file);
    std::array<std::string, 2> halves;
    for (std::size_t i = 0; i < bytes.size(); ++i) halves[i % 2] += bytes[i];
    bool found = holds_word(bytes) || holds_word(halves[0]) || holds_word(halves[1]);
    if (!found && file.extension() == ".json") found = holds_word(core::read_json(file).dump());
    if (found) add("holds one of the given words");
  }

  const fs::path& folder_;
  std::vector<std::string> words_;
  std::string file_;
  IdentityCheck result_;
};

}  // namespace

IdentityCheck check_identity(const fs::path& folder, const std::vector<std::string>& words,
                             Progress& progress) {
  std::vector<std::string> problems;
  const std::vector<fs::path> files = core::files_below(folder, problems);
  if (files.empty()) throw Error(ExitCode::input, "holds no files", folder.string());
  Check check(folder, words);
  progress.step("looking at files", files.size());
  for (const fs::path& file : files) {
    check.look_at(file);
    progress.advance();
  }
  progress.finish();
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    check.look_at_entry(entry);
  }
  IdentityCheck result = check.result();
  for (const std::string& problem : problems) {
    result.findings.push_back({".", "cannot be looked into: " + problem});
  }
  return result;
}

}  // namespace dawson::dataset
