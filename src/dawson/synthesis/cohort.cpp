#include "dawson/synthesis/cohort.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/core/random.h"
#include "dawson/core/table.h"
#include "dawson/lesions/lesions.h"
#include "dawson/synthesis/head_model.h"
#include "dawson/volume/nifti.h"

namespace dawson::synthesis {

namespace fs = std::filesystem;
using core::number;

namespace {

constexpr std::uint64_t reserved_every = 5;

std::string participant_id(int n) {
  const std::string digits = std::to_string(n + 1);
  return "sub-phantom" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

core::Table participants_table() {
  return core::Table({
      {"participant_id", "One phantom head"},
      {"seed", "Seed of everything random in this head"},
      {"reserved", "yes: no model may train on this head; it is kept for showing what models do"},
      {"lesion_load_ml", "Volume of the lesion mask in millilitres"},
      {"lesions", "26-connected components of the lesion mask of at least 3 mm³"},
      {"lesion_load_wanted_ml", "Lesion volume that was asked for, in millilitres"},
      {"lesions_wanted", "Number of lesions that were grown; some merge"},
      {"spacing_mm", "Voxel spacing in plane, in millimetres"},
      {"slice_mm", "Slice thickness in millimetres, without gap"},
      {"noise_percent", "Standard deviation of the noise, in percent of white matter"},
      {"bias_percent", "Greatest variation of the coil field in the brain, in percent"},
      {"warp_mm", "Amplitude of the random warp in millimetres; 0: the head as it is"},
      {"contrast", "flair, or random: tissues drawn over a wide range"},
      {"skull", "yes, or no: the brain alone"},
  });
}

std::vector<std::string> participants_row(const std::string& id, const PhantomSettings& s,
                                          const Phantom& phantom) {
  const lesions::Lattice lattice{phantom.lesions.grid.size, phantom.lesions.grid.spacing};
  const auto components = lesions::find_components(phantom.lesions.data, lattice);
  double volume_mm3 = 0;
  for (const auto& component : components.components) volume_mm3 += component.volume_mm3;
  return {id,
          std::to_string(s.seed),
          is_reserved(s) ? "yes" : "no",
          number(volume_mm3 / 1000, 3),
          std::to_string(lesions::count_lesions(components)),
          number(s.lesion_load_ml, 3),
          std::to_string(s.lesions),
          number(s.spacing_mm, 2),
          number(s.slice_mm, 2),
          number(s.noise_percent, 2),
          number(s.bias_percent, 1),
          number(s.warp_mm, 2),
          s.random_contrast ? "random" : "flair",
          s.skull ? "yes" : "no"};
}

void write_descriptions(const fs::path& folder) {
  const char* source =
      "Painted on Colin27 (Holmes et al. 1998; Debian's mricron-data) by dawson phantom; no "
      "patient's scan";
  const auto write = [&](const fs::path& file, const char* name, const char* type) {
    core::write_json(file, {{"Name", name},
                            {"BIDSVersion", "1.8.0"},
                            {"DatasetType", type},
                            {"GeneratedBy", {{{"Name", "dawson phantom"}}}},
                            {"SourceDatasets", {{{"Description", source}}}}});
  };
  fs::create_directories(folder / "derivatives" / "manual_masks");
  write(folder / "dataset_description.json", "Phantom heads with lesions", "raw");
  write(folder / "derivatives" / "manual_masks" / "dataset_description.json",
        "Phantom heads with lesions: true masks", "derivative");
}

void write_head(const fs::path& folder, const std::string& id, const Phantom& phantom) {
  const fs::path scans = folder / id / "anat";
  const fs::path masks = folder / "derivatives" / "manual_masks" / id / "anat";
  fs::create_directories(scans);
  fs::create_directories(masks);
  volume::write_nifti(scans / (id + "_FLAIR.nii.gz"), phantom.flair);
  volume::write_nifti(masks / (id + "_space-FLAIR_label-lesion_mask.nii.gz"), phantom.lesions);
  volume::write_nifti(masks / (id + "_space-FLAIR_label-brain_mask.nii.gz"), phantom.brain);
}

PhantomSettings settings_of_head(const CohortSettings& cohort, int n) {
  if (cohort.training_set) {
    return training_settings(training_seed(cohort.phantom.seed, n));
  }
  if (cohort.lesion_free) {
    return lesion_free_settings(reserved_seed(cohort.phantom.seed, n), n);
  }
  PhantomSettings settings = cohort.phantom;
  settings.seed += static_cast<std::uint64_t>(n);
  return settings;
}

}  // namespace

bool is_reserved(const PhantomSettings& settings) {
  return settings.warp_mm <= 0 || settings.seed % reserved_every == 0;
}

PhantomSettings training_settings(std::uint64_t seed) {
  core::Random random = core::Random(seed).stream("training settings");
  PhantomSettings s;
  s.seed = seed;
  if (random.chance(1.0 / 3)) {
    s.lesion_load_ml = 0;
    s.lesions = 0;
  } else {
    s.lesion_load_ml = 0.3 * std::pow(100.0, random.uniform());
    // Heavier loads have more lesions, but mostly larger ones.
    s.lesions = std::clamp(
        static_cast<int>(std::lround(9 * std::sqrt(s.lesion_load_ml) * random.uniform(0.6, 1.6))),
        3, 80);
  }
  s.slice_mm = random.chance(0.4) ? 1 : random.uniform(1, 7);
  s.spacing_mm = s.slice_mm > 2 ? random.uniform(0.7, 1.1) : 1;
  s.warp_mm = random.uniform(4, 8);
  s.noise_percent = random.uniform(1, 8);
  s.bias_percent = random.uniform(5, 50);
  s.random_contrast = true;
  s.skull = random.chance(0.7);
  return s;
}

std::uint64_t training_seed(std::uint64_t first, int number) {
  std::uint64_t seed = first;
  for (int left = number;; ++seed) {
    if (seed % reserved_every == 0) continue;
    if (left-- == 0) return seed;
  }
}

PhantomSettings lesion_free_settings(std::uint64_t seed, int number) {
  core::Random random = core::Random(seed).stream("lesion-free set");
  PhantomSettings s;
  s.seed = seed;
  s.lesion_load_ml = 0;
  s.lesions = 0;
  const bool thick = number % 2 != 0;
  const bool high_field = number / 2 % 2 != 0;
  s.slice_mm = thick ? random.uniform(3, 7) : 1;
  s.spacing_mm = thick ? random.uniform(0.7, 1.0) : 1;
  s.noise_percent = high_field ? random.uniform(1, 3) : random.uniform(3, 6);
  s.bias_percent = high_field ? random.uniform(25, 50) : random.uniform(10, 25);
  s.warp_mm = random.uniform(4, 8);
  return s;
}

std::uint64_t reserved_seed(std::uint64_t first, int number) {
  const std::uint64_t next = (first + reserved_every - 1) / reserved_every;
  return (next + static_cast<std::uint64_t>(number)) * reserved_every;
}

void write_cohort(const fs::path& folder, const CohortSettings& settings, Progress& progress) {
  if (settings.count < 1) {
    throw Error(ExitCode::usage, "must be at least 1", "number of phantoms");
  }
  if (settings.training_set && settings.lesion_free) {
    throw Error(ExitCode::usage, "a set is for training or without lesions, not both",
                "--lesion-free");
  }
  core::AtomicFolder out(folder, settings.overwrite);
  out.claim("participants.tsv");
  const HeadModel head = load_head(settings.head_folder, progress);
  core::Table participants = participants_table();
  write_descriptions(out.temporary());
  for (int n = 0; n < settings.count; ++n) {
    const PhantomSettings of_head = settings_of_head(settings, n);
    const std::string id = participant_id(n);
    const Phantom phantom = make_phantom(of_head, head, progress);
    write_head(out.temporary(), id, phantom);
    participants.add_row(participants_row(id, of_head, phantom));
  }
  participants.write(out.temporary() / "participants.tsv");
  out.commit();
}

}  // namespace dawson::synthesis
