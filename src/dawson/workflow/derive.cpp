#include "dawson/workflow/derive.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "dawson/anatomy/brain.h"
#include "dawson/anatomy/location.h"
#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/core/random.h"
#include "dawson/core/table.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/lesions/lesions.h"
#include "dawson/synthesis/lesion_painting.h"
#include "dawson/synthesis/lesion_removal.h"
#include "dawson/volume/nifti.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::number;

core::Table derived_table() {
  return core::Table({
      {"participant_id", "The patient of the source tree of the same name"},
      {"session", "Visit, n/a where the source has no sessions"},
      {"file", "The scan, relative to this tree"},
      {"made",
       "lesion-free: lesions filled with the scan's own normal white matter; painted: with "
       "lesions of other patients' shapes"},
      {"removed_lesions", "Lesions (26-connected, ≥ 3 mm³) of the expert mask that were filled"},
      {"removed_ml", "Their volume in millilitres"},
      {"filled_ml", "Volume of all voxels that filling replaced, margins included"},
      {"painted_lesions", "Lesions painted; some may touch"},
      {"painted_ml", "Volume of the painted part of the mask in millilitres"},
      {"lesion_ml", "Volume of the lesion mask that was written, in millilitres"},
  });
}

double volume_ml(const volume::Mask& mask) {
  const auto voxels = std::count_if(mask.data.begin(), mask.data.end(), [](auto v) { return v; });
  return static_cast<double>(voxels) * mask.grid.voxel_volume_mm3() / 1000;
}

std::size_t lesion_count(const volume::Mask& mask) {
  return lesions::count_lesions(
      lesions::find_components(mask.data, {mask.grid.size, mask.grid.spacing}));
}

/// "sub-01_run-1" → "sub-01_rec-painted1_run-1", in the order BIDS asks for; an old rec- grows.
/// Confluent ones are named so: both kinds of one patient can train together.
std::string painted_stem(const std::string& stem, bool confluent, int version) {
  const std::string mark = (confluent ? "confluent" : "painted") + std::to_string(version);
  const std::size_t rec = stem.find("_rec-");
  if (rec != std::string::npos) {
    const std::size_t end = std::min(stem.find('_', rec + 1), stem.size());
    return stem.substr(0, end) + mark + stem.substr(end);
  }
  const std::size_t place = std::min(stem.find("_run-"), stem.size());
  return stem.substr(0, place) + "_rec-" + mark + stem.substr(place);
}

/// One scan of the cohort, as read.
struct Source {
  dataset::Scan scan;
  volume::NiftiImage flair;
  volume::Mask lesions;
  volume::Mask brain;
};

/// Makes and writes the versions of one scan after the other.
class Deriver {
 public:
  Deriver(const DeriveSettings& settings, fs::path out)
      : settings_(settings), out_(std::move(out)) {
    if (settings.painted == 0) return;
    shapes_ = synthesis::read_lesion_shapes(settings.shapes);
    atlas_ = anatomy::Atlas::open(settings.atlas);
  }

  void derive(const dataset::Scan& scan, Progress& progress) {
    const Source source = read(scan, progress);
    const core::Random random = core::Random(settings_.seed).stream(scan.source + scan.stem());
    synthesis::LesionFree base{source.flair.image, volume::Mask(source.lesions.grid)};
    volume::Mask kept = source.lesions;
    if (!settings_.keep_lesions) {
      base = synthesis::remove_lesions(source.flair.image, source.lesions, source.brain,
                                       random.stream("removal"), progress);
      kept = volume::Mask(source.lesions.grid);
    }
    if (settings_.painted == 0) {
      write(source, scan.stem(), base.scan, kept);
      note(source, scan.stem(), base.filled, kept, nullptr);
      return;
    }
    const imaging::Affine to_mni = anatomy::locate(source.brain, *atlas_, progress).fixed_to_moving;
    for (int version = 1; version <= settings_.painted; ++version) {
      core::Random own = random.stream("painted", static_cast<std::uint64_t>(version));
      synthesis::PaintSettings paint = settings_.paint;
      paint.load_ml = settings_.least_load_ml *
                      std::pow(settings_.greatest_load_ml / settings_.least_load_ml, own.uniform());
      const synthesis::Painted painted = synthesis::paint_lesion_shapes(
          base.scan, kept, source.brain, shapes_, to_mni, paint, own, progress);
      if (painted.count == 0) {
        throw Error(ExitCode::input, "no lesion shape found room in normal tissue");
      }
      const std::string stem = painted_stem(scan.stem(), paint.confluent, version);
      write(source, stem, painted.scan, painted.lesions);
      note(source, stem, base.filled, painted.lesions, &painted);
    }
  }

  /// Descriptions and tables of every tree that holds a scan now.
  void finish() const {
    for (const auto& [source, tree] : trees_) {
      tree.table.write(out_ / source / "derived.tsv");
      describe(source);
      if (fs::exists(tree.original / "participants.tsv")) {
        for (const char* name : {"participants.tsv", "participants.json"}) {
          if (fs::exists(tree.original / name)) {
            fs::copy_file(tree.original / name, out_ / source / name);
          }
        }
      }
    }
  }

 private:
  struct Tree {
    fs::path original;
    core::Table table = derived_table();
  };

  [[nodiscard]] Source read(const dataset::Scan& scan, Progress& progress) {
    Source source{
        scan, dataset::read_scan(scan.flair), volume::read_nifti_mask(*scan.lesion_mask), {}};
    const volume::Image& flair = source.flair.image;
    if (scan.brain_mask) {
      source.brain = volume::read_nifti_mask(*scan.brain_mask);
    } else if (anatomy::is_stripped(flair)) {
      source.brain = anatomy::stripped_outline(flair);
    } else {
      if (!finder_) finder_.emplace(bundle::Bundle::open(settings_.brain_model));
      source.brain = finder_->find(flair, progress).mask;
    }
    return source;
  }

  [[nodiscard]] static fs::path folder_of(const dataset::Scan& scan) {
    return scan.session.empty() ? fs::path(scan.participant) / "anat"
                                : fs::path(scan.participant) / scan.session / "anat";
  }

  void write(const Source& source, const std::string& stem, const volume::Image& scan,
             const volume::Mask& lesions) const {
    const fs::path tree = out_ / source.scan.source;
    const fs::path scans = tree / folder_of(source.scan);
    const fs::path masks = tree / "derivatives" / "manual_masks" / folder_of(source.scan);
    fs::create_directories(scans);
    fs::create_directories(masks);
    const volume::NiftiGeometry* like = &source.flair.header.geometry;
    volume::write_nifti(scans / (stem + "_FLAIR.nii.gz"), scan, like);
    volume::write_nifti(masks / (stem + "_space-FLAIR_label-lesion_mask.nii.gz"), lesions, like);
    volume::write_nifti(masks / (stem + "_space-FLAIR_label-brain_mask.nii.gz"), source.brain,
                        like);
  }

  void note(const Source& source, const std::string& stem, const volume::Mask& filled,
            const volume::Mask& lesions, const synthesis::Painted* painted) {
    const bool removed = !settings_.keep_lesions;
    Tree& tree = trees_[source.scan.source];
    tree.original = source.scan.tree();
    tree.table.add_row(
        {source.scan.participant, source.scan.session.empty() ? "n/a" : source.scan.session,
         (folder_of(source.scan) / (stem + "_FLAIR.nii.gz")).generic_string(),
         painted != nullptr ? "painted" : "lesion-free",
         removed ? std::to_string(lesion_count(source.lesions)) : "0",
         removed ? number(volume_ml(source.lesions), 3) : "0", number(volume_ml(filled), 3),
         painted != nullptr ? std::to_string(painted->count) : "0",
         number(painted != nullptr ? painted->painted_ml : 0, 3), number(volume_ml(lesions), 3)});
  }

  /// What a model that trains on the painted scans must name among its sources.
  [[nodiscard]] std::string shapes_text() const {
    std::set<std::string> masks;
    for (const synthesis::LesionShape& shape : shapes_) masks.insert(shape.from);
    const fs::path folder = (settings_.shapes / "").lexically_normal().parent_path();
    return std::to_string(masks.size()) + (masks.size() == 1 ? " lesion mask" : " lesion masks") +
           " of the folder '" + folder.filename().string() + "'";
  }

  void describe(const std::string& source) const {
    std::string how = settings_.keep_lesions
                          ? "The scans' own lesions are kept. "
                          : "Lesions and a margin of 4 mm filled with the scan's own normal white "
                            "matter, level and texture. ";
    if (settings_.painted > 0) how += "Lesions of other patients' shapes painted in. ";
    how += "No scan here was measured like this; lesions that the experts' masks lack remain.";
    core::Json sources = core::Json::array();
    sources.push_back({{"Description", "the BIDS tree '" + source + "'"}});
    if (settings_.painted > 0) sources.push_back({{"Description", shapes_text()}});
    const auto write = [&](const fs::path& folder, const std::string& name, const char* kind) {
      core::write_json(folder / "dataset_description.json",
                       {{"Name", name},
                        {"BIDSVersion", "1.8.0"},
                        {"DatasetType", kind},
                        {"GeneratedBy",
                         {{{"Name", "dawson derive"},
                           {"Description", how + " Seed " + std::to_string(settings_.seed)}}}},
                        {"SourceDatasets", sources}});
    };
    const std::string made = settings_.painted > 0 ? "painted lesions" : "lesions removed";
    write(out_ / source, source + ", " + made, "derivative");
    write(out_ / source / "derivatives" / "manual_masks", source + ", " + made + ": masks",
          "derivative");
  }

  const DeriveSettings& settings_;
  fs::path out_;
  std::vector<synthesis::LesionShape> shapes_;
  std::optional<anatomy::Atlas> atlas_;
  std::optional<anatomy::BrainFinder> finder_;
  std::map<std::string, Tree> trees_;
};

void check(const DeriveSettings& s) {
  const auto require = [](bool holds, const char* what, const char* where) {
    if (!holds) throw Error(ExitCode::usage, what, where);
  };
  require(s.painted >= 0, "must not be negative", "--paint");
  require(s.painted == 0 || !s.shapes.empty(), "painting needs a folder of lesion shapes",
          "--shapes");
  require(s.painted > 0 || !s.keep_lesions, "makes sense with --paint alone", "--keep-lesions");
  require(s.least_load_ml > 0 && s.least_load_ml <= s.greatest_load_ml,
          "must be greater than 0 and no more than --greatest-load", "--least-load");
  require(s.paint.faintest <= s.paint.brightest, "must be no more than --brightest", "--faintest");
}

}  // namespace

CohortOutcome derive_cohort(const DeriveSettings& settings, const fs::path& out,
                            Progress& progress) {
  check(settings);
  std::vector<dataset::Scan> scans = dataset::find_scans(settings.trees);
  std::erase_if(scans, [](const dataset::Scan& s) { return !s.lesion_mask; });
  if (scans.empty()) throw Error(ExitCode::input, "no scan has a lesion mask");
  core::AtomicFolder folder(out, settings.overwrite);
  for (const dataset::Scan& s : scans) folder.claim(fs::path(s.source) / "derived.tsv");
  Deriver deriver(settings, folder.temporary());
  const auto derive = [&](const dataset::Scan& scan, Progress& quiet) {
    deriver.derive(scan, quiet);
  };
  CohortOutcome outcome = each_scan(scans, "making scans", derive, progress);
  if (outcome.done == 0) {
    throw Error(ExitCode::input,
                "no scan could be made anew, the first because: " + outcome.failures.front());
  }
  deriver.finish();
  folder.commit();
  return outcome;
}

}  // namespace dawson::workflow
