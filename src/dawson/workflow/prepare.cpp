#include "dawson/workflow/prepare.h"

#include <functional>
#include <mutex>
#include <utility>

#include "dawson/cache/cache.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/workflow/visit.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

using MakeEntry =
    std::function<void(const dataset::Scan&, cache::Entry&, cache::Arrays&, Progress&)>;

volume::Image read_flair(const dataset::Scan& scan, Progress& progress) {
  volume::NiftiImage read = dataset::read_scan(scan.flair);
  for (const std::string& warning : read.warnings) progress.warn(warning);
  return std::move(read.image);
}

std::string stem_of(const dataset::Scan& scan) {
  return scan.source + "_" + scan.stem();
}

volume::Mask read_mask(const fs::path& file, const volume::Grid& scan) {
  volume::Mask mask = volume::read_nifti_mask(file);
  if (!volume::same_grid(mask.grid, scan)) {
    throw Error(ExitCode::input, "the mask does not lie on the scan's grid", file.string());
  }
  return mask;
}

/// Of what an entry is made of: `sequences` are those read beside the FLAIR.
std::string content_hash(const dataset::Scan& scan, const std::vector<std::string>& sequences,
                         const core::Json& recipe) {
  std::string text = recipe.dump() + core::sha256_file(scan.flair);
  for (const auto& mask : {scan.lesion_mask, scan.brain_mask}) {
    text += mask ? core::sha256_file(*mask) : "none";
  }
  const OtherFiles others = other_files(scan);
  for (const std::string& name : sequences) {
    const auto file = others.find(name);
    text += file != others.end() ? core::sha256_file(file->second) : "none";
  }
  return core::sha256(text);
}

/// Caches each scan unless it is there already, `workers` at a time.
CohortOutcome fill(const std::vector<dataset::Scan>& scans, cache::Writer& writer,
                   const std::vector<std::string>& sequences, const core::Json& recipe,
                   const MakeEntry& make, int workers, Progress& progress) {
  std::mutex writing;  // the arrays of the other workers wait in memory, one scan's each
  const auto fill_one = [&](const dataset::Scan& scan, Progress& quiet) {
    const std::string content = content_hash(scan, sequences, recipe);
    {
      const std::lock_guard lock(writing);
      if (writer.holds(stem_of(scan), content)) return;
    }
    cache::Entry entry{scan.source, scan.participant, scan.session, stem_of(scan), {}, {}, {},
                       {},          content};
    cache::Arrays arrays;
    make(scan, entry, arrays, quiet);
    const std::lock_guard lock(writing);
    writer.add(entry, arrays);
  };
  return each_scan(scans, "preparing", fill_one, progress, workers);
}

}  // namespace

CohortOutcome prepare_lesions(const std::vector<dataset::Scan>& scans,
                              const preprocessing::Recipe& recipe, const fs::path& cache,
                              const PrepareSettings& settings, Progress& progress) {
  core::Json sealed = recipe.to_json();
  cache::Writer writer(cache, sealed, "lesion", settings.overwrite);
  const auto make = [&](const dataset::Scan& scan, cache::Entry& entry, cache::Arrays& arrays,
                        Progress& quiet) {
    if (!scan.lesion_mask) throw Error(ExitCode::input, "has no lesion mask");
    const volume::Image flair = read_flair(scan, quiet);
    const volume::Mask lesions = read_mask(*scan.lesion_mask, flair.grid);
    const preprocessing::Visit visit(flair,
                                     read_others(other_files(scan), recipe.sequences(), quiet));
    const preprocessing::Prepared prepared =
        settings.use_given_brain && scan.brain_mask
            ? recipe.prepare(visit, {read_mask(*scan.brain_mask, flair.grid), false}, quiet)
            : recipe.prepare(visit, quiet);
    preprocessing::fill_cache_entry(
        prepared.stack, prepared.channels, prepared.grid,
        preprocessing::Recipe::carry(lesions, prepared.grid),
        preprocessing::Recipe::carry(prepared.brain.mask, prepared.grid), entry, arrays);
  };
  return fill(scans, writer, recipe.sequences(), sealed, make, settings.workers, progress);
}

CohortOutcome prepare_brains(const std::vector<dataset::Scan>& scans, const fs::path& cache,
                             const PrepareSettings& settings, Progress& progress) {
  const core::Json sealed = anatomy::head_recipe();
  cache::Writer writer(cache, sealed, "brain", settings.overwrite);
  const auto make = [&](const dataset::Scan& scan, cache::Entry& entry, cache::Arrays& arrays,
                        Progress& quiet) {
    const volume::Image flair = read_flair(scan, quiet);
    volume::Mask brain;
    if (scan.brain_mask) {
      brain = read_mask(*scan.brain_mask, flair.grid);
    } else if (anatomy::is_stripped(flair)) {
      brain = anatomy::stripped_outline(flair);
    } else {
      throw Error(ExitCode::input, "has no brain mask and still its skull");
    }
    const anatomy::HeadStack head = anatomy::head_stack(flair);
    const volume::Mask carried = preprocessing::Recipe::carry(brain, head.grid);
    preprocessing::fill_cache_entry(head.stack, {preprocessing::stack_channels().front()},
                                    head.grid, carried, carried, entry, arrays);
  };
  return fill(scans, writer, {}, sealed, make, settings.workers, progress);
}

}  // namespace dawson::workflow
