// Parts of the content that need some reckoning: uncertainty, cohort, sizes.
#include <glib.h>

#include <cmath>

#include "dawson/core/table.h"
#include "dawson/report/content.h"

namespace dawson::report {
namespace {

std::string signed_percent(double percent) {
  return (percent < 0 ? "\u2212" : "+") + core::number(std::abs(percent), 1);
}

/// A severity within a sentence.
std::string lower(const Words& w, Severity severity) {
  const std::string& name = w.of(severity);
  char* text = g_utf8_strdown(name.data(), static_cast<gssize>(name.size()));
  std::string out = text;
  g_free(text);
  return out;
}

}  // namespace

/// Of the percentage, and the sentences about it.
void add_uncertainty(const CaseReport& r, Content& c) {
  const Words& w = *r.words;
  const segmentation::Segmentation& found = *r.segmentation;
  const auto errors = volume_errors(r.brain_volume_errors_percent);
  if (found.brain_volume_ml <= 0) {
    c.uncertainty = w.range_no_brain;
  } else if (found.lesion_volume_ml <= 0) {
    c.uncertainty = w.range_no_lesions;
  } else if (found.was_stripped) {
    c.uncertainty = w.range_not_measured;
  } else if (!errors) {
    c.uncertainty = w.range_not_known;
  } else {
    c.range = percent_range(c.percent, found.brain_volume_ml, *errors, r.bands);
    const int decimals = c.range->high < 0.1 ? 3 : 2;
    const std::string low = core::number(c.range->low, decimals),
                      high = core::number(c.range->high, decimals);
    c.range_text = low + " – " + high + " %";
    c.uncertainty = filled(w.range_sentence, {low, high});
    for (const Severity other : {c.range->severity_low, c.range->severity_high}) {
      if (other != c.severity) c.uncertainty += " " + filled(w.range_may_read, {lower(w, other)});
    }
  }
}

std::string measured_range(const VolumeErrors& e, const Words& w) {
  return filled(w.range_of_scans,
                {std::to_string(e.scans), signed_percent(e.low_percent),
                 signed_percent(e.high_percent), core::number(100 * e.chance, 0)});
}

void add_cohort(const CaseReport& r, Content& c) {
  if (!r.cohort) return;
  const Words& w = *r.words;
  const ReferenceCohort& cohort = *r.cohort;
  const auto add = [&](const std::string& label, const char* key, const CohortValues& values,
                       double value) {
    if (values.empty() || !std::isfinite(value)) return;
    const CohortPlace p = place_in(values, value);
    c.cohort.push_back({label, key, p});
    c.cohort_rows.push_back(
        {label, filled(w.cohort_place, {core::number(p.percentile, 0), core::number(p.low, 0),
                                        core::number(p.high, 0)})});
  };
  c.cohort_rows.push_back(
      {w.cohort_file,
       filled(w.cohort_cases, {cohort.name, std::to_string(cohort.lesion_ml.size())})});
  add(w.lesion_volume, "lesion_ml", cohort.lesion_ml, r.segmentation->lesion_volume_ml);
  add(w.lesion_percent, "lesion_percent", cohort.lesion_percent, c.percent);
  add(w.total_lesions, "lesions", cohort.lesions, static_cast<double>(c.counts.total));
  if (cohort.lesion_ml.size() < small_cohort) {
    c.cohort_notes.push_back(filled(
        w.cohort_small, {std::to_string(cohort.lesion_ml.size()), std::to_string(small_cohort)}));
  }
  if (cohort.left_out > 0) {
    c.cohort_notes.push_back(filled(w.cohort_left_out, {std::to_string(cohort.left_out)}));
  }
  c.cohort_notes.push_back(w.cohort_reading);
}

LesionTable size_table(const SizeHistogram& sizes, double lesion_volume_ml, const Words& w) {
  LesionTable table{{w.column_size_class, w.column_lesions, w.column_volume, w.column_share}, {}};
  const auto share = [&](double ml) {
    return lesion_volume_ml > 0 ? core::number(100 * ml / lesion_volume_ml, 0) + " %" : "0 %";
  };
  for (const SizeClass& s : sizes.classes) {
    table.rows.push_back({class_text(s, w), std::to_string(s.lesions), millilitres(s.volume_ml),
                          share(s.volume_ml)});
  }
  if (sizes.uncounted_ml > 0) {
    table.rows.push_back(
        {w.uncounted, "", millilitres(sizes.uncounted_ml), share(sizes.uncounted_ml)});
  }
  return table;
}

}  // namespace dawson::report
