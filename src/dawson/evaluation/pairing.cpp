#include "dawson/evaluation/pairing.h"

#include <algorithm>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/evaluation/mask_files.h"

namespace dawson::evaluation {
namespace {

namespace fs = std::filesystem;

/// The masks on one side of the comparison.
struct Side {
  std::vector<MaskFile> masks;
  /// Only one tree or no tree: its name may be any folder's, so it can answer another source.
  [[nodiscard]] bool one_source() const {
    return std::all_of(masks.begin(), masks.end(),
                       [&](const MaskFile& mask) { return mask.source == masks.front().source; });
  }
};

Side read_side(const fs::path& path, const std::string& label) {
  if (!fs::exists(path)) throw Error(ExitCode::input, "does not exist", path.string());
  Side side;
  if (fs::is_directory(path)) {
    side.masks = find_masks(path, label);
    if (side.masks.empty()) {
      throw Error(ExitCode::input, "holds no " + label + " mask", path.string(),
                  "masks are named *_label-" + label + "_mask.nii.gz");
    }
  } else {
    side.masks = {describe(path, path.has_parent_path() ? path.parent_path() : fs::path("."))};
  }
  return side;
}

/// A data set may hold other derivatives beside the manual masks; those are no references.
void keep_manual_masks(Side& side) {
  const auto is_manual = [](const MaskFile& mask) {
    return std::any_of(mask.file.begin(), mask.file.end(),
                       [](const fs::path& part) { return part == "manual_masks"; });
  };
  if (std::none_of(side.masks.begin(), side.masks.end(), is_manual)) return;
  std::erase_if(side.masks, [&](const MaskFile& mask) { return !is_manual(mask); });
}

bool same_visit(const MaskFile& a, const MaskFile& b) {
  if (a.participant.empty() || b.participant.empty()) return a.stem == b.stem;
  return a.participant == b.participant && a.session == b.session;
}

/// Keeps those that satisfy `wanted`, unless none does.
template <typename Condition>
void prefer(std::vector<const MaskFile*>& candidates, const Condition& wanted) {
  std::vector<const MaskFile*> better;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(better), wanted);
  if (!better.empty()) candidates = std::move(better);
}

/// Masks of `side` that may answer `one` of a side `own`: of its source, or, where one of the sides
/// has but a single source, of any.
std::vector<const MaskFile*> answers(const MaskFile& one, const Side& own, const Side& side) {
  std::vector<const MaskFile*> candidates;
  bool own_source_there = false;
  for (const MaskFile& other : side.masks) own_source_there |= other.source == one.source;
  for (const MaskFile& other : side.masks) {
    const bool source_fits =
        own_source_there ? other.source == one.source : own.one_source() || side.one_source();
    if (source_fits && same_visit(one, other)) candidates.push_back(&other);
  }
  prefer(candidates, [&](const MaskFile* other) { return other->stem == one.stem; });
  return candidates;
}

std::string name_of_case(const MaskFile& mask, const Side& side) {
  if (mask.source.empty() || mask.participant.empty()) return mask.stem;
  const auto visits = std::count_if(side.masks.begin(), side.masks.end(), [&](const MaskFile& m) {
    return m.source == mask.source && same_visit(m, mask);
  });
  if (visits > 1) return mask.source + "/" + mask.stem;
  return mask.source + "/" + mask.participant + (mask.session.empty() ? "" : "/" + mask.session);
}

PairedCase begin_case(const MaskFile& reference, const Side& references) {
  PairedCase c;
  c.name = name_of_case(reference, references);
  c.site = reference.source.empty() ? "n/a" : reference.source;
  c.patient = c.name;
  if (!reference.participant.empty()) {
    c.patient = (reference.source.empty() ? "" : reference.source + "/") + reference.participant;
  }
  c.reference = reference.file;
  return c;
}

void find_brain(PairedCase& c, const MaskFile& reference, const Side& references,
                const std::optional<Side>& given, bool one_brain_for_all) {
  if (given) {
    const auto found = answers(reference, references, *given);
    if (one_brain_for_all) c.brain = given->masks.front().file;
    if (!one_brain_for_all && found.size() == 1) c.brain = found.front()->file;
    if (c.brain) c.brain_source = "given";
  }
  if (!c.brain && (c.brain = beside(c.reference, "brain", "mask"))) c.brain_source = "reference";
  if (!c.brain && (c.brain = beside(c.prediction, "brain", "mask"))) c.brain_source = "prediction";
}

std::optional<fs::path> find_probabilities(const fs::path& prediction) {
  const std::string label =
      describe(prediction, prediction.has_parent_path() ? prediction.parent_path() : ".").label;
  return beside(prediction, label, "probseg");
}

/// Predictions taken by more than one reference answer none of them.
void drop_shared_predictions(Pairing& pairing) {
  std::map<fs::path, int> uses;
  for (const PairedCase& c : pairing.cases) ++uses[c.prediction];
  std::erase_if(pairing.cases, [&](const PairedCase& c) {
    if (uses[c.prediction] == 1) return false;
    pairing.without_prediction.push_back(
        {c.name, c.reference, "its prediction " + c.prediction.string() + " fits others too"});
    return true;
  });
}

void sort_by_name(Pairing& pairing) {
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(pairing.cases.begin(), pairing.cases.end(), by_name);
  std::sort(pairing.without_prediction.begin(), pairing.without_prediction.end(), by_name);
}

}  // namespace

Pairing pair_cases(const fs::path& reference, const fs::path& prediction,
                   const std::optional<fs::path>& brain) {
  Side references = read_side(reference, "lesion");
  keep_manual_masks(references);
  const Side predictions = read_side(prediction, "lesion");
  std::optional<Side> brains;
  if (brain) brains = read_side(*brain, "brain");
  const bool one_brain_for_all = brain && !fs::is_directory(*brain);
  const bool two_files = !fs::is_directory(reference) && !fs::is_directory(prediction);

  Pairing pairing;
  std::set<fs::path> used;
  for (const MaskFile& mask : references.masks) {
    PairedCase c = begin_case(mask, references);
    auto found = answers(mask, references, predictions);
    // Two files were named for each other, whatever they are called.
    if (two_files) found = {&predictions.masks.front()};
    for (const MaskFile* candidate : found) used.insert(candidate->file);
    if (found.size() != 1) {
      const std::string many = std::to_string(found.size()) + " predictions fit, so none was taken";
      pairing.without_prediction.push_back(
          {c.name, mask.file, found.empty() ? "no prediction was found" : many});
      continue;
    }
    c.prediction = found.front()->file;
    c.probabilities = find_probabilities(c.prediction);
    find_brain(c, mask, references, brains, one_brain_for_all);
    pairing.cases.push_back(std::move(c));
  }
  for (const MaskFile& mask : predictions.masks) {
    if (used.count(mask.file) == 0) pairing.without_reference.push_back(mask.file);
  }
  drop_shared_predictions(pairing);
  sort_by_name(pairing);
  return pairing;
}

}  // namespace dawson::evaluation
