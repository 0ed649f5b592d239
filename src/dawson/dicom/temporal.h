// Dates, times and ages as PS3.5 writes them; whatever else stands in their place is none.
#pragma once

#include <optional>
#include <string>

namespace dawson::dicom {

/// Ages above 89 years are told as this one (45 CFR 164.514(b)(2)(i)(C)).
inline constexpr double oldest_told_age = 90;

/// "20200131", a day that there is.
bool is_date(const std::string& text);
/// "101500.25", or a part of it from the left of two digits and more.
bool is_time(const std::string& text);
/// A date, or its year or month, with a time and a zone ("+0100") or without.
bool is_date_time(const std::string& text);

/// A date or date and time so many days earlier; nothing where it is none, or lacks its day.
std::optional<std::string> moved_back(const std::string& date, int days);

/// An age ("067Y", "018M"), one above 89 years as "090Y"; nothing where it is none.
std::optional<std::string> told_age(const std::string& age);

/// Whether a day since 1900 is said in a text: "20200131" by itself, "2020-01-31", "31.01.2020",
/// "1/31/20". 19000101, which stands for none, does not count.
bool says_a_date(const std::string& text);

}  // namespace dawson::dicom
