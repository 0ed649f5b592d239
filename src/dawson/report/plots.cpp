#include "dawson/report/plots.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "dawson/report/words.h"

namespace dawson::report {

std::vector<Plot> plots_of(const evaluation::CohortResult& cohort, const core::Json& summary) {
  std::vector<Plot> plots{site_plot(cohort, "dice_by_site", "dice"),
                          site_plot(cohort, "lesion_f1_by_site", "lesion_f1"),
                          dice_against_load(cohort),
                          sensitivity_by_size(cohort),
                          volume_agreement_plot(cohort),
                          roc_plot(summary),
                          pr_plot(summary),
                          reliability_plot(summary),
                          scan_roc_plot(summary)};
  if (summary.contains("comparison")) plots.insert(plots.begin(), difference_plot(summary));
  return plots;
}

SiteGroups::SiteGroups(const evaluation::CohortResult& cohort, std::size_t most) {
  std::map<std::string, std::size_t> cases;
  for (const evaluation::CaseResult& c : cohort.cases) ++cases[c.site];
  std::vector<std::pair<std::string, std::size_t>> sites(cases.begin(), cases.end());
  if (sites.size() > most) {
    std::stable_sort(sites.begin(), sites.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    sites.resize(most - 1);
    std::sort(sites.begin(), sites.end());
  }
  for (const auto& site : sites) names.push_back(site.first);
  for (const evaluation::CaseResult& c : cohort.cases) {
    of_case.push_back(
        static_cast<std::size_t>(std::find(names.begin(), names.end(), c.site) - names.begin()));
  }
  if (sites.size() < cases.size()) names.push_back(english().plots.other_sites);
}

double opacity_for(std::size_t marks) {
  return std::clamp(8 / std::sqrt(static_cast<double>(std::max<std::size_t>(marks, 1))), 0.3, 0.9);
}

double size_for(std::size_t marks) {
  return marks > 200 ? 5 : 7;
}

std::vector<double> spread(const std::vector<double>& shares, double mark_share, double row_step) {
  std::vector<double> offsets(shares.size(), 0);
  std::map<long, std::vector<std::size_t>> columns;
  for (std::size_t n = 0; n < shares.size(); ++n) {
    if (std::isfinite(shares[n])) columns[std::lround(shares[n] / mark_share)].push_back(n);
  }
  for (const auto& [place, members] : columns) {
    const double half_row = 0.4;
    const double room = 2 * half_row / static_cast<double>(members.size());
    const double step = std::min(row_step, room);
    for (std::size_t n = 0; n < members.size(); ++n) {
      // 0, +1, −1, +2, −2, … steps from the middle.
      const double steps = static_cast<double>((n + 1) / 2) * (n % 2 == 1 ? 1 : -1);
      offsets[members[n]] = steps * step;
    }
  }
  return offsets;
}

std::string counted(std::size_t patients, std::size_t cases) {
  const PlotWords& words = english().plots;
  const std::string of_patients =
      filled(patients == 1 ? words.one_patient : words.patients, {std::to_string(patients)});
  return of_patients + filled(cases == 1 ? words.one_scan : words.scans, {std::to_string(cases)});
}

}  // namespace dawson::report
