#include "dawson/training/run_data.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "dawson/core/error.h"
#include "dawson/core/hash.h"

namespace dawson::training {
namespace {

std::vector<PooledScan> load_all(const TrainingData& data, const TrainingSettings& settings,
                                 const std::string& target) {
  std::vector<PooledScan> scans;
  for (const CacheSelection& selection : data) {
    const cache::Cache cache = cache::Cache::open(selection.cache);
    const bool fits =
        std::all_of(cache.entries().begin(), cache.entries().end(), [&](const cache::Entry& e) {
          return e.channels.size() == settings.input.offsets_mm.size();
        });
    if (cache.target() != target || !fits) {
      throw Error(ExitCode::input, "the cache has another target or other channels than wanted",
                  selection.cache.string());
    }
    for (PooledScan& s : load_scans(cache, selection.patients, selection.weight)) {
      scans.push_back(std::move(s));
    }
  }
  return scans;
}

/// The patients to validate on, drawn from those of the first cache that the run may see.
std::set<std::string> draw_validation(const std::vector<PooledScan>& scans,
                                      const cache::Cache& first, int count,
                                      const core::Random& random) {
  std::set<std::string> of_first;
  for (const cache::Entry& e : first.entries()) of_first.insert(e.patient());
  std::set<std::string> patients;
  for (const PooledScan& s : scans) {
    if (of_first.count(s.entry.patient()) != 0) patients.insert(s.entry.patient());
  }
  std::vector<std::string> order(patients.begin(), patients.end());
  core::Random draw = random.stream("validation patients");
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draw.below(i)]);
  const auto held = static_cast<std::size_t>(std::max(0, count));
  if (held >= order.size()) {
    throw Error(
        ExitCode::input,
        "validation needs fewer patients than the " + std::to_string(order.size()) + " there are",
        "--validation-patients");
  }
  return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(held)};
}

/// What a scan's arrays hold, whatever the index says of them.
std::string hash_of(const PooledScan& scan) {
  const auto bytes = [](const std::vector<std::uint8_t>& v) {
    return core::sha256(v.data(), v.size());
  };
  return core::sha256(bytes(scan.arrays.image) + bytes(scan.arrays.target) +
                      bytes(scan.arrays.brain));
}

std::string name_of(const PooledScan& scan) {
  return scan.entry.patient() + " " + scan.entry.stem;
}

/// A copy under another name would be trained on and judged.
void refuse_leak(const RunData& run) {
  std::map<std::string, std::string> trained;  // patient, by image
  for (const PooledScan& s : run.training) {
    trained[core::sha256(s.arrays.image.data(), s.arrays.image.size())] = s.entry.patient();
  }
  for (const PooledScan& s : run.validation) {
    const auto same = trained.find(core::sha256(s.arrays.image.data(), s.arrays.image.size()));
    if (same == trained.end()) continue;
    throw Error(ExitCode::input,
                "the same image stands under patient " + same->second +
                    ", who trains, and under patient " + s.entry.patient() + ", who validates",
                s.entry.stem, "remove one of them from the data");
  }
}

/// Faded or taken out, a brain would be a head without one.
void require_lesions(const std::string& target, const AugmentationSettings& changes) {
  if (target == "lesion") return;
  for (const auto& [value, option] :
       {std::pair{changes.lesion_fade_probability, "--lesion-fade-probability"},
        std::pair{changes.lesion_removal_probability, "--lesion-removal-probability"}}) {
    if (value > 0) {
      throw Error(ExitCode::usage, "is for a cache of lesions, and this is one of " + target + "s",
                  option);
    }
  }
}

}  // namespace

RunData load_run_data(const TrainingData& data, const TrainingSettings& settings,
                      const core::Random& random) {
  const cache::Cache first = cache::Cache::open(data.front().cache);
  RunData run;
  run.recipe = first.recipe();
  run.target = first.target();
  require_lesions(run.target, settings.augmentation);
  run.roles = channel_roles(first.entries().front(), settings.input);
  std::vector<PooledScan> scans = load_all({data.front()}, settings, run.target);
  const std::size_t of_first = scans.size();
  for (PooledScan& s : load_all(TrainingData(data.begin() + 1, data.end()), settings, run.target)) {
    scans.push_back(std::move(s));
  }
  run.record["caches"] = core::Json::array();
  for (const CacheSelection& s : data) {
    run.record["caches"].push_back(
        {{"recipe_sha256", cache::Cache::open(s.cache).recipe_sha256()}, {"weight", s.weight}});
  }
  const std::set<std::string> held =
      draw_validation(scans, first, settings.validation_patients, random);
  std::set<std::string> trained;
  for (std::size_t i = 0; i < scans.size(); ++i) {
    PooledScan& s = scans[i];
    const bool validates = held.count(s.entry.patient()) != 0;
    // What was made of a patient who validates (lesions removed or painted) serves neither.
    if (validates && i >= of_first) continue;
    core::Json& hash = run.scans[name_of(s)];  // of two caches that hold it: of both
    hash = hash.is_null() ? hash_of(s) : core::sha256(hash.get<std::string>() + hash_of(s));
    if (!validates) {
      trained.insert(s.entry.patient());
      run.target_slices += static_cast<int>(s.target_slices.size());
    }
    (validates ? run.validation : run.training).push_back(std::move(s));
  }
  if (run.target_slices == 0) {
    throw Error(ExitCode::input, "no training scan has a mask with anything in it",
                data.front().cache.string(), "check that the masks were found by dawson prepare");
  }
  refuse_leak(run);
  run.record["train_patients"] = trained;
  run.record["validation_patients"] = held;
  return run;
}

}  // namespace dawson::training
