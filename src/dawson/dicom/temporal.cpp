#include "dawson/dicom/temporal.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace dawson::dicom {
namespace {

namespace chrono = std::chrono;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<chrono::year_month_day> day_of(const std::string& text) {
  if (text.size() < 8 || !all_digits(text.substr(0, 8))) return {};
  const chrono::year_month_day day{
      chrono::year(std::stoi(text.substr(0, 4))),
      chrono::month(static_cast<unsigned>(std::stoi(text.substr(4, 2)))),
      chrono::day(static_cast<unsigned>(std::stoi(text.substr(6, 2))))};
  if (!day.ok() || int(day.year()) < 1) return {};
  return day;
}

/// A number of a text and what stands before it.
struct Number {
  std::string digits;
  char before = ' ';
};

std::vector<Number> numbers_of(const std::string& text) {
  std::vector<Number> numbers;
  char before = ' ';
  std::string digits;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (is_digit(c)) {
      digits += c;
      continue;
    }
    if (!digits.empty()) numbers.push_back({digits, before});
    digits.clear();
    before = c;
  }
  return numbers;
}

bool is_year(int value) {
  return value >= 1900 && value < 2100;
}

bool is_month_and_day(int a, int b) {
  return (a >= 1 && a <= 12 && b >= 1 && b <= 31) || (b >= 1 && b <= 12 && a >= 1 && a <= 31);
}

}  // namespace

bool is_date(const std::string& text) {
  return text.size() == 8 && day_of(text).has_value();
}

bool is_time(const std::string& text) {
  const std::size_t point = text.find('.');
  const std::string whole = text.substr(0, point);
  if (!all_digits(whole) || whole.size() % 2 != 0 || whole.size() > 6) return false;
  if (point == std::string::npos) return true;
  const std::string fraction = text.substr(point + 1);
  return whole.size() == 6 && all_digits(fraction) && fraction.size() <= 6;
}

bool is_date_time(const std::string& text) {
  const std::size_t zone = text.find_first_of("+-");
  const std::string stem = text.substr(0, zone);
  if (zone != std::string::npos &&
      (text.size() != zone + 5 || !all_digits(text.substr(zone + 1)))) {
    return false;
  }
  if (stem.size() == 4 || stem.size() == 6) return all_digits(stem);
  if (!day_of(stem)) return false;
  return stem.size() == 8 || is_time(stem.substr(8));
}

std::optional<std::string> moved_back(const std::string& date, int days) {
  const auto day = day_of(date);
  if (!day || !is_date_time(date)) return {};
  const chrono::year_month_day moved(chrono::sys_days(*day) - chrono::days(days));
  if (moved.year() < chrono::year(1)) return {};
  char text[16];
  std::snprintf(text, sizeof text, "%04d%02u%02u", int(moved.year()) % 10000,
                unsigned(moved.month()) % 100, unsigned(moved.day()) % 100);
  return text + date.substr(8);
}

std::optional<std::string> told_age(const std::string& age) {
  if (age.size() != 4 || !all_digits(age.substr(0, 3))) return {};
  const double count = std::stoi(age.substr(0, 3));
  double years = 0;
  switch (age.back()) {
    case 'Y':
      years = count;
      break;
    case 'M':
      years = count / 12;
      break;
    case 'W':
    case 'D':
      break;  // 999 weeks are 19 years
    default:
      return {};
  }
  return years >= oldest_told_age ? "090Y" : age;
}

bool says_a_date(const std::string& text) {
  const std::vector<Number> numbers = numbers_of(text);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string& digits = numbers[i].digits;
    const bool whole = digits.size() == 8 || digits.size() == 12 || digits.size() == 14;
    if (whole && digits != "19000101") {
      const auto day = day_of(digits);
      if (day && is_year(int(day->year()))) return true;
    }
    if (i + 2 >= numbers.size()) break;
    const Number &second = numbers[i + 1], &third = numbers[i + 2];
    const bool parted = std::string("-./").find(second.before) != std::string::npos &&
                        second.before == third.before;
    if (!parted || digits.size() > 4 || second.digits.size() > 2 || third.digits.size() > 4)
      continue;
    const int a = std::stoi(digits), b = std::stoi(second.digits), c = std::stoi(third.digits);
    if (digits.size() == 4 && is_year(a) && is_month_and_day(b, c)) return true;
    const bool year = third.digits.size() == 2 || (third.digits.size() == 4 && is_year(c));
    if (digits.size() <= 2 && year && is_month_and_day(a, b)) return true;
  }
  return false;
}

}  // namespace dawson::dicom
