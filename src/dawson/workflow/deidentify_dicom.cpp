#include <map>
#include <memory>
#include <set>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/dicom/deidentify.h"
#include "dawson/dicom/sequence.h"
#include "dawson/dicom/stack.h"
#include "dawson/workflow/deidentify.h"
#include "dawson/workflow/deidentify_record.h"
#include "dawson/workflow/faces.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// One visit: its series, and the files that hold them with the frame of reference of each.
struct Study {
  std::vector<const dicom::Series*> series;
  std::map<fs::path, std::string> files;
};

/// A face, and the frame of reference that its planes lie in.
struct Hidden {
  VisitFace face;
  std::string frame;
};

std::map<std::string, Study> studies_of(const dicom::Found& found) {
  std::map<std::string, Study> studies;
  for (const dicom::Series& series : found.series) {
    Study& study = studies[series.facts.study_uid + '|' + dicom::person_of(series.facts)];
    study.series.push_back(&series);
    for (const dicom::Slice& slice : series.slices) {
      study.files[slice.file] = series.facts.frame_of_reference;
    }
  }
  return studies;
}

/// By the study's first FLAIR that makes a volume with a brain; null where there is none.
std::unique_ptr<Hidden> face_of(const Study& study, const anatomy::BrainFinder& brains,
                                Progress& progress) {
  for (const dicom::Series* series : study.series) {
    if (dicom::guess_sequence(series->facts).sequence != dicom::Sequence::flair) continue;
    try {
      auto hidden = std::make_unique<Hidden>(
          Hidden{VisitFace(brains, progress), series->facts.frame_of_reference});
      Progress silent = progress.child();
      hidden->face.find(dicom::read_volume(*series, silent));
      return hidden;
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
    }
  }
  return nullptr;
}

class Release {
 public:
  Release(const DeidentifySettings& settings, Progress& progress)
      : settings_(settings),
        progress_(progress),
        pseudonyms_(*settings.key),
        record_(settings.profile),
        folder_(nullptr) {}

  Deidentified run(const dicom::Found& found, const fs::path& out) {
    core::AtomicFolder folder(out, false);
    folder_ = &folder.temporary();
    leave_out("a file that cannot be used, or a series of two persons",
              found.problems.size() - (found.placeless > 0 ? 1 : 0) - (found.repeated > 0 ? 1 : 0));
    leave_out("an image that says nowhere where it lies", found.placeless);
    leave_out("no image: a report, a document, a directory", found.others);
    record_.add_left_out("there twice, and taken once", found.repeated);
    const std::map<std::string, Study> studies = studies_of(found);
    std::size_t files = 0;
    for (const auto& [uid, study] : studies) files += study.files.size();
    progress_.step("taking out identities", files);
    for (const auto& [uid, study] : studies) write_study(study);
    if (done_.images == 0) {
      throw Error(ExitCode::input, "no image of MR that can be used was found");
    }
    if (settings_.strict && done_.text_lines > 0) refuse_text(done_.text_lines);
    done_.persons = persons_.size();
    core::write_json(folder.temporary() / "deidentification.json", record_.to_json());
    record_.write_crosswalk(settings_.crosswalk, *settings_.key);
    folder.commit();
    progress_.finish();
    return done_;
  }

 private:
  void leave_out(const std::string& why, std::size_t count = 1) {
    record_.add_left_out(why, count);
    done_.failures.insert(done_.failures.end(), count, why);
  }

  void write_study(const Study& study) {
    dicom::DeidentifySettings settings{settings_.profile, {}};
    std::unique_ptr<Hidden> hidden;
    if (settings_.brains != nullptr) {
      hidden = face_of(study, *settings_.brains, progress_);
      settings.hides = [&hidden](const volume::Vector3& at) { return hidden->face.contains(at); };
    }
    for (const auto& [file, frame] : study.files) {
      progress_.advance();
      if (settings_.brains != nullptr && !hidden) {
        leave_out("an image of a study that has no FLAIR by which its face could be found");
      } else if (hidden && frame != hidden->frame) {
        leave_out("an image in another frame of reference than the FLAIR that shows its face");
      } else {
        write_file(file, settings);
      }
    }
    for (const dicom::Series* series : study.series) {
      record_.add_person(dicom::person_of(series->facts), pseudonyms_);
    }
  }

  void write_file(const fs::path& file, const dicom::DeidentifySettings& settings) {
    const fs::path unnamed = *folder_ / "unnamed.dcm";
    try {
      const dicom::Deidentified one = dicom::deidentify(file, unnamed, settings, pseudonyms_);
      const fs::path place = *folder_ / one.person / name_of(one.study) / name_of(one.series);
      fs::create_directories(place);
      fs::rename(unnamed, place / (name_of(one.instance) + ".dcm"));
      persons_.insert(one.person);
      ++done_.images;
      record_.audit().add(one.audit);
      record_.add_text(one.text_lines, one.text_is_covered);
      if (!one.text_is_covered) done_.text_lines += one.text_lines;
      if (settings.hides) {
        record_.audit().add("image: face", one.hidden_pixels > 0 ? "removed" : "none there",
                            "beyond planes at the brain");
      }
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
      leave_out(e.fact());
    }
  }

  /// UIDs that stay as the source has them may be anything: none leads out of the folder.
  [[nodiscard]] std::string name_of(const std::string& uid) const {
    const bool plain = !uid.empty() && uid.size() <= 64 &&
                       uid.find_first_not_of("0123456789.") == std::string::npos &&
                       uid.find("..") == std::string::npos && uid.front() != '.';
    return plain ? uid : pseudonyms_.uid(uid);
  }

  const DeidentifySettings& settings_;
  Progress& progress_;
  dicom::Pseudonyms pseudonyms_;
  DeidentifyRecord record_;
  Deidentified done_;
  std::set<std::string> persons_;
  const fs::path* folder_;
};

}  // namespace

Deidentified deidentify_to_dicom(const fs::path& folder, const fs::path& out,
                                 const DeidentifySettings& settings, Progress& progress) {
  if (fs::exists(out) && !fs::is_empty(out)) {
    throw Error(ExitCode::output, "exists already", out.string(), "choose another folder");
  }
  require_free(settings.crosswalk);
  progress.step("reading headers");
  const dicom::Found found = dicom::find_series(folder, progress);
  progress.finish();
  return Release(settings, progress).run(found, out);
}

}  // namespace dawson::workflow
