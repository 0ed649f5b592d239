// What a de-identification leaves to be looked at: an audit for all, a crosswalk for the key's
// owner. Private to this room.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "dawson/core/json.h"
#include "dawson/dicom/audit.h"
#include "dawson/dicom/profile.h"
#include "dawson/dicom/pseudonyms.h"

namespace dawson::workflow {

class DeidentifyRecord {
 public:
  explicit DeidentifyRecord(const dicom::Profile& profile) : profile_(profile) {}

  void add_person(const std::string& person, const dicom::Pseudonyms& pseudonyms);
  void add_text(std::size_t lines, bool covered);
  /// Images that were not taken.
  void add_left_out(const std::string& why, std::size_t count) {
    if (count > 0) left_out_[why] += count;
  }
  [[nodiscard]] dicom::Audit& audit() noexcept { return audit_; }

  /// Counts, the profile's options and edition; names attributes and reasons, never values.
  [[nodiscard]] core::Json to_json() const;
  /// A table of source, pseudonym and days by which dates were moved back, sealed with the key.
  /// Nothing where `file` is empty. Throws Error{output}.
  void write_crosswalk(const std::filesystem::path& file, const core::SecretKey& key) const;

 private:
  struct Person {
    std::string pseudonym;
    int days_back = 0;
  };
  dicom::Profile profile_;
  dicom::Audit audit_;
  std::map<std::string, Person> persons_;  ///< by what the source calls them
  std::map<std::string, std::size_t> left_out_;
  std::size_t text_found_ = 0, text_covered_ = 0;
};

/// Throws Error{output} when there is a crosswalk already: none is written over.
void require_free(const std::filesystem::path& crosswalk);

/// Throws Error{check}: text may be in the pixels.
[[noreturn]] void refuse_text(std::size_t lines);

}  // namespace dawson::workflow
