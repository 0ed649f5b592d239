#include "dawson/quality/reference.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::quality {
namespace {

constexpr double bright_fluid = 0.15;   // skewness
constexpr double bright_depth = -0.13;  // depth_contrast

constexpr int format = 1;

std::size_t place_of(const std::string& measure, const std::filesystem::path& file) {
  const std::vector<Measure>& all = measures();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Measure& m) { return m.name == measure; });
  if (found == all.end()) {
    throw Error(ExitCode::model, "names a measure of quality that is not known: " + measure,
                file.string());
  }
  return std::size_t(found - all.begin());
}

/// Three figures that tell.
std::string short_number(double x) {
  const double size = std::abs(x);
  return core::number(x, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

std::vector<Range> ranges_of(const core::Json& json, const std::filesystem::path& file) {
  std::vector<Range> ranges;
  for (const auto& [name, range] : json.items()) {
    (void)place_of(name, file);
    ranges.push_back({name, range.at("low").get<double>(), range.at("high").get<double>()});
  }
  return ranges;
}

}  // namespace

Reference read_reference(const std::filesystem::path& file) {
  Reference reference;
  try {
    const core::Json json = core::read_json(file);
    if (json.at("format") != format) {
      throw Error(ExitCode::model, "is of another version of dawson", file.string());
    }
    reference.scans = json.at("scans").get<int>();
    reference.margin = json.at("margin").get<double>();
    reference.histogram = json.at("histogram").get<std::vector<double>>();
    reference.judged = ranges_of(json.at("judged"), file);
    reference.looked_at = ranges_of(json.at("looked_at"), file);
  } catch (const core::Json::exception& e) {
    throw Error(ExitCode::model, std::string("is no reference of scan quality: ") + e.what(),
                file.string());
  }
  if (reference.histogram.size() != std::size_t(histogram_bins)) {
    throw Error(ExitCode::model, "has a histogram of another size", file.string());
  }
  return reference;
}

std::vector<Finding> unusual(const Looked& looked, const std::vector<Range>& ranges,
                             double margin) {
  std::vector<Finding> findings;
  for (const Range& range : ranges) {
    const std::size_t place = place_of(range.measure, {});
    const std::optional<double>& value = looked.values.at(place);
    if (!value) continue;
    const double wider = margin * (range.high - range.low);
    if (*value < range.low - wider || *value > range.high + wider) {
      findings.push_back({&measures()[place], *value, range});
    }
  }
  return findings;
}

std::string other_sequence(const Looked& looked) {
  const auto value = [&](const char* name) -> double {
    for (std::size_t m = 0; m < measures().size(); ++m) {
      if (measures()[m].name == name) return looked.values[m].value_or(-1e9);
    }
    return -1e9;
  };
  if (value("skewness") > bright_fluid) return "a T2w";
  if (value("depth_contrast") > bright_depth) return "a T1w";
  return "";
}

std::string words_of(const std::vector<Finding>& findings) {
  std::string words;
  for (const Finding& f : findings) {
    const std::string unit = f.measure->unit.empty() ? "" : " " + f.measure->unit;
    words += (words.empty() ? "" : ", ") + f.measure->words + " (" + short_number(f.value) + unit +
             "; tested on " + short_number(f.range.low) + " – " + short_number(f.range.high) +
             unit + ")";
  }
  return words;
}

core::Json to_json(const Looked& looked) {
  core::Json json = {{"measures", core::Json::object()}, {"histogram", core::Json::array()}};
  for (std::size_t m = 0; m < measures().size(); ++m) {
    const std::optional<double>& value = looked.values.at(m);
    json["measures"][measures()[m].name] = value ? core::Json(*value) : core::Json(nullptr);
  }
  for (const double share : looked.histogram) json["histogram"].push_back(share);
  return json;
}

}  // namespace dawson::quality
