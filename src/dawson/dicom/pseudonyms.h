// Names, identifiers and dates that stand for a person's own, the same under the same key.
#pragma once

#include <string>

#include "dawson/core/secret_key.h"

namespace dawson::dicom {

class Pseudonyms {
 public:
  explicit Pseudonyms(const core::SecretKey& key) : key_(key) {}

  /// 13 letters and digits, none of them easily taken for another: "P7Q4M0ZK2XW9A". `person` is
  /// whatever the source tells persons apart by.
  [[nodiscard]] std::string person(const std::string& person) const;
  /// An identifier below 2.25 (ITU-T X.667): a UUID of version 8 made of the HMAC.
  [[nodiscard]] std::string uid(const std::string& uid) const;
  /// Days by which all dates of the person are moved into the past: 1 … 3652.
  [[nodiscard]] int days_back(const std::string& person) const;

 private:
  core::SecretKey key_;
};

}  // namespace dawson::dicom
