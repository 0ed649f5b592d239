#include "dawson/dataset/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/random.h"
#include "dawson/core/table.h"
#include "dawson/dataset/participants.h"
#include "dawson/volume/nifti.h"

namespace dawson::dataset {
namespace {

constexpr int runs = 100;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// "low", "middle", "high": the third of the known values that each lies in.
std::vector<std::string> thirds(const std::vector<std::optional<double>>& values) {
  std::vector<double> known;
  for (const auto& v : values) {
    if (v) known.push_back(*v);
  }
  std::sort(known.begin(), known.end());
  std::vector<std::string> names;
  for (const auto& v : values) {
    if (!v) {
      names.emplace_back("unknown");
      continue;
    }
    const auto rank = std::lower_bound(known.begin(), known.end(), *v) - known.begin();
    names.emplace_back(std::array{"low", "middle", "high"}[std::size_t(rank) * 3 / known.size()]);
  }
  return names;
}

/// Patients of each level of each trait: "site a" → {0, 3, 5}.
using Levels = std::vector<std::vector<std::size_t>>;

Levels levels_of(const std::vector<PatientTraits>& patients) {
  std::vector<std::optional<double>> volumes;
  std::vector<std::optional<double>> ages;
  for (const PatientTraits& p : patients) {
    volumes.push_back(p.lesion_ml);
    ages.push_back(p.age_years);
  }
  const std::vector<std::string> volume = thirds(volumes);
  const std::vector<std::string> age = thirds(ages);
  std::map<std::string, std::vector<std::size_t>> levels;
  for (std::size_t i = 0; i < patients.size(); ++i) {
    levels["site " + patients[i].site].push_back(i);
    levels["sex " + patients[i].sex.value_or("unknown")].push_back(i);
    levels["lesions " + volume[i]].push_back(i);
    levels["age " + age[i]].push_back(i);
  }
  Levels list;
  for (auto& [name, members] : levels) list.push_back(std::move(members));
  return list;
}

/// One run: the rarest level first, each of its patients to the fold that lacks that level most, of
/// those the one with most room, else by lot.
std::vector<int> assign(std::size_t patients, const Levels& levels, int count,
                        core::Random& random) {
  const auto folds = static_cast<std::size_t>(count);
  std::vector<double> room(folds, static_cast<double>(patients) / count);
  std::vector<std::vector<double>> lack;  // level → fold
  for (const auto& members : levels) {
    lack.emplace_back(folds, static_cast<double>(members.size()) / count);
  }
  std::vector<int> fold_of(patients, -1);
  for (;;) {
    std::vector<std::size_t> rarest;
    std::size_t level = 0;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      std::vector<std::size_t> left;
      for (const std::size_t p : levels[l]) {
        if (fold_of[p] < 0) left.push_back(p);
      }
      if (!left.empty() && (rarest.empty() || left.size() < rarest.size())) {
        rarest = std::move(left);
        level = l;
      }
    }
    if (rarest.empty()) return fold_of;
    const std::size_t patient = rarest[random.below(rarest.size())];
    std::vector<std::size_t> order(folds);
    for (std::size_t f = 0; f < folds; ++f) order[f] = f;
    for (std::size_t f = folds; f > 1; --f) std::swap(order[f - 1], order[random.below(f)]);
    // A fold that is full takes nobody while another has room: sizes differ by one at most.
    const double least_room = 1e-9;
    const auto better = [&](std::size_t a, std::size_t b) {
      const bool open_a = room[a] > least_room;
      const bool open_b = room[b] > least_room;
      if (open_a != open_b) return open_a;
      if (lack[level][a] != lack[level][b]) return lack[level][a] > lack[level][b];
      return room[a] > room[b];
    };
    std::size_t best = order.front();
    for (const std::size_t f : order) {
      if (better(f, best)) best = f;
    }
    fold_of[patient] = static_cast<int>(best);
    room[best] -= 1;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      if (std::find(levels[l].begin(), levels[l].end(), patient) != levels[l].end()) {
        lack[l][best] -= 1;
      }
    }
  }
}

/// Squared distance of every level's counts from an even spread, and of the folds' sizes, which
/// must not differ by more than one.
double unevenness(const std::vector<int>& fold_of, const Levels& levels, int count) {
  const auto distance = [&](const std::vector<std::size_t>& members) {
    std::vector<double> counts(static_cast<std::size_t>(count), 0);
    for (const std::size_t p : members) ++counts[static_cast<std::size_t>(fold_of[p])];
    const double even = static_cast<double>(members.size()) / count;
    double sum = 0;
    for (const double n : counts) sum += (n - even) * (n - even);
    return sum;
  };
  double sum = 0;
  for (const auto& members : levels) sum += distance(members);
  return sum;
}

std::string counts_in_words(const std::map<std::string, int>& counts) {
  std::string text;
  for (const auto& [name, n] : counts) {
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(n);
  }
  return text;
}

}  // namespace

Volumes lesion_volumes_ml(const std::vector<Scan>& scans) {
  Volumes volumes;
  for (const Scan& s : scans) {
    volumes.emplace_back();
    if (!s.lesion_mask) continue;
    const volume::Mask mask = volume::read_nifti_mask(*s.lesion_mask);
    const auto voxels = std::count_if(mask.data.begin(), mask.data.end(),
                                      [](std::uint8_t voxel) { return voxel != 0; });
    volumes.back() = static_cast<double>(voxels) * mask.grid.voxel_volume_mm3() / 1000;
  }
  return volumes;
}

std::vector<PatientTraits> traits_of(const std::vector<Scan>& scans, const Volumes& volumes) {
  const std::vector<Participant> participants = participants_of(scans);
  std::vector<PatientTraits> patients;
  std::map<std::string, std::size_t> index;
  std::map<std::string, std::vector<double>> of_patient;
  for (std::size_t i = 0; i < scans.size(); ++i) {
    const Scan& s = scans[i];
    const auto [place, is_new] = index.emplace(s.patient(), patients.size());
    if (is_new) {
      patients.push_back({s.source,
                          s.participant,
                          *participants[i].site,
                          participants[i].sex,
                          participants[i].age_years,
                          {},
                          0});
    }
    ++patients[place->second].scans;
    if (volumes[i]) of_patient[s.patient()].push_back(*volumes[i]);
  }
  for (PatientTraits& p : patients) {
    const auto known = of_patient.find(p.source + "/" + p.participant);
    if (known == of_patient.end()) continue;
    double sum = 0;
    for (const double ml : known->second) sum += ml;
    p.lesion_ml = sum / static_cast<double>(known->second.size());
  }
  return patients;
}

std::vector<int> stratify(const std::vector<PatientTraits>& patients, int count,
                          std::uint64_t seed) {
  if (static_cast<std::size_t>(count) > patients.size()) {
    throw Error(ExitCode::usage,
                std::to_string(count) + " folds cannot be made of " +
                    std::to_string(patients.size()) + " patients",
                "--count");
  }
  const Levels levels = levels_of(patients);
  std::vector<int> best;
  double least = std::numeric_limits<double>::infinity();
  for (int run = 0; run < runs; ++run) {
    core::Random random = core::Random(seed).stream("split", static_cast<std::uint64_t>(run));
    const std::vector<int> fold_of = assign(patients.size(), levels, count, random);
    const double uneven = unevenness(fold_of, levels, count);
    if (uneven < least) {
      least = uneven;
      best = fold_of;
    }
  }
  return best;
}

Folds make_folds(const std::vector<Scan>& scans, const Volumes& volumes,
                 const std::vector<PatientTraits>& patients,
                 const std::vector<int>& fold_of_patient) {
  Folds folds;
  std::map<std::string, int> fold_of;
  for (std::size_t i = 0; i < patients.size(); ++i) {
    fold_of[patients[i].source + "/" + patients[i].participant] = fold_of_patient[i];
    folds.count = std::max(folds.count, fold_of_patient[i] + 1);
  }
  for (std::size_t i = 0; i < scans.size(); ++i) {
    const Scan& s = scans[i];
    folds.rows.push_back({s.source, s.participant, s.file_in_trees().string(),
                          fold_of.at(s.patient()),
                          volumes[i].value_or(std::numeric_limits<double>::quiet_NaN())});
  }
  verify_folds(folds, "the split");
  return folds;
}

std::vector<std::string> describe_folds(const std::vector<PatientTraits>& patients,
                                        const std::vector<int>& fold_of_patient) {
  const int count = *std::max_element(fold_of_patient.begin(), fold_of_patient.end()) + 1;
  std::vector<std::string> lines;
  for (int fold = 0; fold < count; ++fold) {
    std::size_t scans = 0;
    int members = 0;
    std::vector<double> volumes;
    std::vector<double> ages;
    std::map<std::string, int> sites;
    std::map<std::string, int> sexes;
    for (std::size_t i = 0; i < patients.size(); ++i) {
      if (fold_of_patient[i] != fold) continue;
      const PatientTraits& p = patients[i];
      ++members;
      scans += p.scans;
      ++sites[p.site];
      ++sexes[p.sex.value_or("unknown")];
      if (p.lesion_ml) volumes.push_back(*p.lesion_ml);
      if (p.age_years) ages.push_back(*p.age_years);
    }
    std::string line = "fold " + std::to_string(fold) + ": " + std::to_string(members) +
                       " patients, " + std::to_string(scans) + " scans";
    if (!volumes.empty()) {
      const auto [least, most] = std::minmax_element(volumes.begin(), volumes.end());
      line += "; lesions " + core::number(*least, 1) + "–" + core::number(*most, 1) +
              " ml, median " + core::number(median(volumes), 1);
    }
    line += "; sites " + counts_in_words(sites) + "; sex " + counts_in_words(sexes);
    if (!ages.empty()) line += "; median age " + core::number(median(ages), 0);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace dawson::dataset
