#include "dawson/dicom/sequence.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "dawson/core/table.h"

namespace dawson::dicom {
namespace {

bool says(const std::string& text, const char* pattern) {
  return std::regex_search(text, std::regex(pattern, std::regex::icase));
}

bool has_type(const Facts& facts, const char* word) {
  return std::find(facts.image_type.begin(), facts.image_type.end(), word) !=
         facts.image_type.end();
}

std::string ms(const char* what, double value) {
  return std::string(what) + " time " + core::number(value, 0) + " ms";
}

/// Why the series is no picture of the head to look for lesions in; empty: it may be one.
std::string why_not(const Facts& f, const std::string& names) {
  if (f.modality != "MR") return "modality " + (f.modality.empty() ? "not said" : f.modality);
  if (has_type(f, "LOCALIZER") || says(names, "locali[sz]er|scout|survey|plan scan")) {
    return "a localiser";
  }
  if (has_type(f, "MOSAIC")) return "a mosaic of slices";
  if (f.b_value > 0 || says(names, "\\b(dwi|dti|adc|trace)\\b|diffusion")) return "diffusion";
  for (const char* word : {"ADC", "FA", "TRACEW", "DIFFUSION", "PERFUSION", "PHASE MAP", "P"}) {
    if (has_type(f, word)) return std::string("image type ") + word;
  }
  const bool derived = has_type(f, "DERIVED");
  for (const char* word : {"MPR", "PROJECTION IMAGE", "MIP", "MIN IP", "CSA MPR", "REFORMATTED",
                           "SUBTRACTION", "RESAMPLED"}) {
    if (has_type(f, word)) return std::string("reckoned from other images: ") + word;
  }
  if (derived && has_type(f, "SECONDARY") && says(names, "mpr|mip|reformat|subtract|proj")) {
    return "reckoned from other images";
  }
  return {};
}

Guess weighted(const Facts& f, const std::string& names, Sequence sequence, std::string why) {
  if (sequence != Sequence::t1w) return {sequence, std::move(why)};
  if (!f.contrast_agent.empty()) return {Sequence::t1w_contrast, why + ", contrast agent given"};
  if (says(names, "\\+ ?c\\b|\\b(gd|gado\\w*|post|km|contrast|ce)\\b|post[ _-]?(gd|contrast)")) {
    return {Sequence::t1w_contrast, why + ", contrast agent by its name"};
  }
  return {sequence, std::move(why)};
}

}  // namespace

std::string name_of(Sequence sequence) {
  switch (sequence) {
    case Sequence::flair:
      return "FLAIR";
    case Sequence::t1w:
      return "T1w";
    case Sequence::t1w_contrast:
      return "T1w with contrast agent";
    case Sequence::t2w:
      return "T2w";
    case Sequence::other:
      break;
  }
  return "other";
}

Guess guess_sequence(const Facts& f) {
  std::string names = f.description + " " + f.protocol;
  std::replace(names.begin(), names.end(), '_', ' ');
  const std::string unfit = why_not(f, names);
  if (!unfit.empty()) return {Sequence::other, unfit};
  const bool gradient = says(f.scanning_sequence, "GR");
  const double te = f.echo_ms, tr = f.repetition_ms, ti = f.inversion_ms;
  if (ti > 0 && te > 0) {
    const std::string times = ms("inversion", ti) + ", " + ms("echo", te);
    if (says(names, "\\bdir\\b|double inversion")) return {Sequence::other, "double inversion"};
    if (ti >= 1500 && ti <= 3500 && te >= 60) return {Sequence::flair, times};
    if (ti >= 300 && ti < 1500 && te < 40) return weighted(f, names, Sequence::t1w, times);
    if (ti < 300) return {Sequence::other, times};
  }
  if (says(names, "flair|tirm|dark.?fluid")) {
    const bool t1_flair = says(names, "t1") || (te > 0 && te < 40 && tr > 0 && tr < 3500);
    const std::string why = "its name: " + f.description;
    return t1_flair ? weighted(f, names, Sequence::t1w, why) : Guess{Sequence::flair, why};
  }
  if (te > 0 && tr > 0) {
    const std::string times = ms("repetition", tr) + ", " + ms("echo", te);
    if (gradient && te > 12) return {Sequence::other, times + ", gradient echo"};
    if ((gradient && te <= 12) || (tr < 1200 && te < 40)) {
      return weighted(f, names, Sequence::t1w, times);
    }
    if (tr >= 2000 && te >= 60) return {Sequence::t2w, times};
    return {Sequence::other, times};
  }
  if (says(names, "\\bt1|mp ?rage|bravo|\\btfe\\b")) {
    return weighted(f, names, Sequence::t1w, "its name: " + f.description);
  }
  if (says(names, "\\bt2") && !says(names, "t2\\*|t2 ?star")) {
    return {Sequence::t2w, "its name: " + f.description};
  }
  return {Sequence::other, "neither times nor a name that says what it is"};
}

}  // namespace dawson::dicom
