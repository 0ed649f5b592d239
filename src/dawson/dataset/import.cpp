#include "dawson/dataset/import.h"

#include <algorithm>
#include <map>
#include <set>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/core/version.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

const char* suffix_of(Kind kind) {
  switch (kind) {
    case Kind::flair:
      return "FLAIR";
    case Kind::t1w:
    case Kind::t1w_contrast:
      return "T1w";
    case Kind::t2w:
      return "T2w";
    case Kind::lesion_mask:
      return "lesion";
    case Kind::brain_mask:
      return "brain";
    case Kind::ventricle_mask:
      break;
  }
  return "ventricle";
}

fs::path folder_of(const Placed& placed) {
  return fs::path(placed.participant) / placed.session / "anat";
}

const fs::path masks_folder = fs::path("derivatives") / "manual_masks";

/// Writes one visit after the other, so that a mask finds the scans that it may belong to.
class Writer {
 public:
  Writer(const Survey& survey, const fs::path& tree, Progress& progress,
         const ImportAdditions& additions)
      : survey_(survey),
        tree_(tree),
        progress_(progress),
        additions_(additions),
        files_(survey.images.size()) {}

  void write_visit(const std::vector<const Placed*>& visit) {
    flairs_.clear();
    change_ = additions_.begin_visit ? additions_.begin_visit() : ScanChange();
    for (const bool flair : {true, false}) {
      for (const Placed* p : visit) {
        if (is_mask(kind_of(*p)) || (kind_of(*p) == Kind::flair) != flair) continue;
        attempt(*p, [&] { write_scan(*p); });
      }
    }
    for (const Placed* p : visit) {
      if (is_mask(kind_of(*p))) attempt(*p, [&] { write_mask(*p); });
    }
    for (const Flair& flair : flairs_)
      persons_.insert({flair.placed->participant, person_of(*flair.placed)});
  }

  void write_tables(const fs::path& name) const {
    describe(tree_, name.string(), "raw");
    if (imported_.masks > 0) {
      describe(tree_ / masks_folder, name.string() + ": manual masks", "derivative");
    }
    core::write_text(tree_ / ".bidsignore", "import.json\ndeidentification.json\n");
    if (additions_.audit) {
      core::write_json(tree_ / "deidentification.json", additions_.audit());
    }
    core::write_text(tree_ / "README",
                     "Scans and masks brought into BIDS by `dawson import` from " + survey_.form +
                         " files.\nimport.json says what every one of them was taken for, and what "
                         "was left out, and why.\n");
    participants().write(tree_ / "participants.tsv");
    core::write_json(tree_ / "import.json", record());
  }

  [[nodiscard]] Imported outcome() const {
    Imported result = imported_;
    std::set<std::string> participants;
    for (const auto& [participant, person] : persons_) participants.insert(participant);
    result.participants = participants.size();
    return result;
  }
  [[nodiscard]] std::size_t flair_count() const { return flair_count_; }

 private:
  /// A FLAIR that was written, and what its masks must fit.
  struct Flair {
    const Placed* placed;
    volume::Grid grid;
    volume::NiftiGeometry geometry;
    std::set<Kind> masks;
  };

  [[nodiscard]] const FoundImage& image_of(const Placed& p) const {
    return survey_.images[p.image];
  }
  [[nodiscard]] Kind kind_of(const Placed& p) const { return *image_of(p).kind; }
  [[nodiscard]] const std::string& person_of(const Placed& p) const { return image_of(p).person; }

  template <typename Write>
  void attempt(const Placed& p, const Write& write) {
    try {
      write();
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
      imported_.failures.push_back(image_of(p).name + ": " + e.fact());
      failed_[p.image] = e.fact();
    }
    progress_.advance();
  }

  void write_scan(const Placed& p) {
    volume::NiftiImage read = image_of(p).read(progress_);
    for (const std::string& warning : read.warnings) progress_.warn(warning);
    const Kind kind = kind_of(p);
    if (change_) change_(kind, read);
    const fs::path file = folder_of(p) / (p.stem() + "_" + suffix_of(kind));
    fs::create_directories(tree_ / folder_of(p));
    volume::write_nifti(tree_ / (file.string() + ".nii.gz"), read.image, &read.header.geometry);
    if (!image_of(p).facts.empty()) {
      core::write_json(tree_ / (file.string() + ".json"), image_of(p).facts);
    }
    files_[p.image] = file.string() + ".nii.gz";
    ++imported_.scans;
    if (kind != Kind::flair) return;
    flairs_.push_back({&p, read.image.grid, read.header.geometry, {}});
    ++flair_count_;
  }

  void write_mask(const Placed& p) {
    const volume::NiftiImage read = image_of(p).read(progress_);
    Flair& flair = flair_for(p, read.image.grid);
    flair.masks.insert(kind_of(p));
    volume::Mask mask(flair.grid);
    std::transform(read.image.data.begin(), read.image.data.end(), mask.data.begin(),
                   [](float v) { return static_cast<std::uint8_t>(v > 0.5F ? 1 : 0); });
    const fs::path folder = masks_folder / folder_of(*flair.placed);
    const fs::path file = folder / (flair.placed->stem() + "_space-FLAIR_label-" +
                                    suffix_of(kind_of(p)) + "_mask.nii.gz");
    fs::create_directories(tree_ / folder);
    volume::write_nifti(tree_ / file, mask, &flair.geometry);
    files_[p.image] = file.string();
    ++imported_.masks;
  }

  /// The scan of its visit on the mask's grid; the one of the same entities where several are.
  Flair& flair_for(const Placed& mask, const volume::Grid& grid) {
    if (flairs_.empty()) throw Error(ExitCode::input, "is a mask of a visit that has no FLAIR");
    Flair* found = nullptr;
    for (Flair& flair : flairs_) {
      if (!volume::same_grid(flair.grid, grid)) continue;
      if (found == nullptr || flair.placed->entities == mask.entities) found = &flair;
    }
    if (found == nullptr) {
      throw Error(ExitCode::input, "lies on another grid than the FLAIR of its visit");
    }
    if (found->masks.contains(kind_of(mask))) {
      throw Error(ExitCode::input, "is a second " + name_of(kind_of(mask)) + " for the same scan");
    }
    return *found;
  }

  void describe(const fs::path& folder, const std::string& name, const char* kind) const {
    core::Json description = survey_.description;
    if (!description.contains("Name")) description["Name"] = name;
    description["BIDSVersion"] = "1.8.0";
    description["DatasetType"] = kind;
    description["GeneratedBy"] = {{{"Name", "dawson import"}, {"Version", core::version()}}};
    core::write_json(folder / "dataset_description.json", description);
  }

  [[nodiscard]] core::Table participants() const {
    core::Table table({{"participant_id", "As in the names of folders and files"},
                       {"age", "Years, at the first scan that says"},
                       {"sex", "As the source has it: F, M, O"},
                       {"site", "Where the scans were made"},
                       {"scanner", "Manufacturer and model"},
                       {"field_t", "Magnetic field strength in tesla"}});
    std::set<std::string> done;
    for (const auto& [participant, person] : persons_) {
      if (!done.insert(participant).second) continue;
      Participant known;
      for (const Participant& p : survey_.people) {
        if (p.id == person) known = p;
      }
      const auto text = [](const std::optional<std::string>& value) {
        return value.value_or("n/a");
      };
      table.add_row({participant, known.age_years ? core::number(*known.age_years, 1) : "n/a",
                     text(known.sex), text(known.site), text(known.scanner),
                     known.field_tesla ? core::number(*known.field_tesla, 2) : "n/a"});
    }
    return table;
  }

  [[nodiscard]] core::Json record() const {
    core::Json images = core::Json::array();
    for (std::size_t i = 0; i < survey_.images.size(); ++i) {
      const FoundImage& image = survey_.images[i];
      core::Json row{{"source", image.name}, {"person", image.person}};
      if (!image.visit.empty()) row["visit"] = image.visit;
      row["taken"] = !files_[i].empty();
      if (image.kind) row["as"] = name_of(*image.kind);
      if (!files_[i].empty()) row["file"] = files_[i];
      const auto failure = failed_.find(i);
      row["why"] = failure == failed_.end() ? image.why : failure->second;
      images.push_back(std::move(row));
    }
    return {{"dawson", core::version()},
            {"form", survey_.form},
            {"images", std::move(images)},
            {"problems", survey_.problems}};
  }

  const Survey& survey_;
  const fs::path& tree_;
  Progress& progress_;
  const ImportAdditions& additions_;
  ScanChange change_;               ///< of the visit under way
  std::vector<std::string> files_;  ///< of each image, where it was taken
  std::map<std::size_t, std::string> failed_;
  std::set<std::pair<std::string, std::string>> persons_;  ///< participant, person in the source
  std::vector<Flair> flairs_;                              ///< of the visit under way
  std::size_t flair_count_ = 0;
  Imported imported_;
};

/// What the survey left, for an error: "series 1 (localiser): a localiser; …".
std::string what_was_left(const Survey& survey) {
  constexpr std::size_t most = 8;
  std::string text;
  std::size_t count = 0;
  for (const FoundImage& image : survey.images) {
    if (image.kind == Kind::flair) continue;
    if (++count > most) continue;
    text += (text.empty() ? "" : "; ") + image.name + ": " + image.why;
  }
  if (count > most) text += "; and " + std::to_string(count - most) + " more";
  if (text.empty() && !survey.problems.empty()) text = survey.problems.front();
  return text.empty() ? "no image at all" : text;
}

}  // namespace

Imported import_to_bids(const Survey& survey, const std::vector<Placed>& placed,
                        const fs::path& tree, Progress& progress,
                        const ImportAdditions& additions) {
  if (fs::exists(tree) && !fs::is_empty(tree)) {
    throw Error(ExitCode::output, "exists already", tree.string(), "choose another folder");
  }
  const auto refuse = [&survey] {
    throw Error(ExitCode::input,
                "no FLAIR that can be read was found (" + what_was_left(survey) + ")");
  };
  if (std::none_of(survey.images.begin(), survey.images.end(),
                   [](const FoundImage& i) { return i.kind == Kind::flair; })) {
    refuse();
  }
  std::map<std::pair<std::string, std::string>, std::vector<const Placed*>> visits;
  for (const Placed& p : placed) visits[{p.participant, p.session}].push_back(&p);
  core::AtomicFolder folder(tree, false);
  Writer writer(survey, folder.temporary(), progress, additions);
  progress.step("writing", placed.size());
  for (const auto& [name, visit] : visits) writer.write_visit(visit);
  if (writer.flair_count() == 0) refuse();
  fs::path name = fs::absolute(tree).lexically_normal();
  if (!name.has_filename()) name = name.parent_path();
  writer.write_tables(name.filename());
  Imported outcome = writer.outcome();
  for (const FoundImage& image : survey.images) {
    if (image.unfit) outcome.failures.push_back(image.name + ": " + image.why);
  }
  folder.commit();
  progress.finish();
  return outcome;
}

}  // namespace dawson::dataset
