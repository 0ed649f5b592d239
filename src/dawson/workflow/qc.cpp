#include "dawson/workflow/qc.h"

#include <algorithm>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/quality/fingerprint.h"
#include "dawson/quality/orientation.h"
#include "dawson/report/qc_page.h"
#include "dawson/report/thumbnail.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

constexpr int thumbnail_height = 150;

struct Checked {
  std::string name;
  std::string file;
  std::vector<std::string> against;  ///< why it is rejected
  std::vector<std::string> odd;      ///< why it is to be looked at
  std::string same_as;               ///< names of its duplicates
  std::optional<quality::Looked> measures;
  std::optional<quality::Fingerprint> fingerprint;
  std::string png;
};

std::string png_of(const volume::Image& scan, const volume::Mask* brain) {
  return report::encode_png(report::thumbnail(scan, brain, thumbnail_height));
}

/// What the brain and the intensities in it say.
void look_into(const volume::Image& scan, const anatomy::Brain& brain, const QcSettings& settings,
               Checked& checked, Progress& progress) {
  checked.png = png_of(scan, &brain.mask);
  checked.measures = quality::look_at(scan, brain.mask, brain.was_stripped,
                                      settings.reference.histogram, progress);
  checked.fingerprint = quality::fingerprint_of(scan, brain.mask);
  if (const std::string other = quality::other_sequence(*checked.measures); !other.empty()) {
    checked.against.push_back("has the brightness of " + other + ", not that of a FLAIR");
  }
  const quality::Orientation lies = quality::orientation_of(brain.mask, *settings.atlas, progress);
  if (lies.is_doubtful()) {
    checked.against.push_back("seems to lie " + lies.turn + " (outline fits MNI152 by " +
                              core::number(lies.turned, 2) + " so, by " +
                              core::number(lies.as_it_is, 2) + " as the header has it)");
  }
  const auto unusual =
      quality::unusual(*checked.measures, settings.reference.looked_at, settings.reference.margin);
  if (!unusual.empty()) checked.odd.push_back(quality::words_of(unusual));
}

Checked check_scan(const SegmentJob& job, const QcSettings& settings, Progress& progress) {
  Checked checked{job.name, job.scan.filename().string(), {}, {}, {}, {}, {}, {}};
  volume::NiftiImage scan;
  try {
    scan = read_scan_of(job, progress);
  } catch (const Error& e) {
    if (e.code() != ExitCode::input) throw;
    checked.against.push_back("cannot be read: " + e.fact());
    return checked;
  }
  for (const std::string& warning : scan.warnings) checked.odd.push_back(warning);
  try {
    const anatomy::Brain brain = settings.brains->find(scan.image, progress);
    look_into(scan.image, brain, settings, checked, progress);
  } catch (const Error& e) {
    if (e.code() != ExitCode::input) throw;
    checked.against.push_back("no use can be made of it: " + e.fact());
    if (checked.png.empty()) checked.png = png_of(scan.image, nullptr);
  }
  return checked;
}

/// source/sub of a tree's case, or its whole name.
std::string patient_of(const std::string& name) {
  const std::size_t slash = name.find('/');
  return slash == std::string::npos ? name : name.substr(0, name.find('/', slash + 1));
}

void compare(Checked& a, Checked& b) {
  if (!a.fingerprint || !b.fingerprint) return;
  const auto alike = quality::likeness(*a.fingerprint, *b.fingerprint);
  if (!alike) return;
  const auto note = [&](Checked& one, const Checked& other) {
    if (alike->same_scan) {
      one.same_as += (one.same_as.empty() ? "" : ";") + other.name;
      one.odd.push_back("is the same scan as " + other.name + ", " + alike->how);
    } else if (patient_of(one.name) != patient_of(other.name)) {
      one.odd.push_back("looks like the head of " + other.name +
                        " at another time: one person under two names?");
    }
  };
  note(a, b);
  note(b, a);
}

void find_duplicates(std::vector<Checked>& scans, Progress& progress) {
  progress.step("duplicates", scans.size());
  for (std::size_t i = 0; i < scans.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) compare(scans[i], scans[j]);
    progress.advance();
  }
  progress.finish();
}

struct Judged {
  std::string verdict;
  bool by_person = false;
  std::vector<std::string> reasons;
};

Judged judge(const Checked& checked, const dataset::Review& review) {
  Judged judged;
  judged.reasons = checked.against;
  judged.reasons.insert(judged.reasons.end(), checked.odd.begin(), checked.odd.end());
  judged.verdict = !checked.against.empty() ? "reject" : !checked.odd.empty() ? "look" : "accept";
  const auto known = review.find(checked.name);
  if (known == review.end()) return judged;
  judged.verdict = known->second.accepted ? "accept" : "reject";
  judged.by_person = true;
  if (!known->second.reason.empty()) {
    judged.reasons.insert(judged.reasons.begin(), known->second.reason);
  }
  return judged;
}

core::Table table_of_qc() {
  std::vector<core::Column> columns = {{"case", "source/participant[/session], or the file's stem"},
                                       {"file", "name of the scan's file"},
                                       {"verdict", "accept, look (a person should) or reject"},
                                       {"by", "dawson, or person: a verdict of --review"},
                                       {"reasons", "what is said against the scan, or n/a"},
                                       {"same_as", "cases that are the same scan, or n/a"}};
  for (const quality::Measure& m : quality::measures()) {
    columns.push_back({m.name, m.words + (m.unit.empty() ? "" : ", " + m.unit) + ": " + m.meaning});
  }
  return core::Table(std::move(columns));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : "; ") + w;
  for (char& c : text) {
    if (c == '\t' || c == '\n') c = ' ';
  }
  return text.empty() ? "n/a" : text;
}

void add_row(core::Table& table, const Checked& checked, const Judged& judged) {
  std::vector<std::string> row = {
      checked.name,           checked.file,
      judged.verdict,         judged.by_person ? "person" : "dawson",
      joined(judged.reasons), checked.same_as.empty() ? "n/a" : checked.same_as};
  for (std::size_t m = 0; m < quality::measures().size(); ++m) {
    const auto value = checked.measures ? checked.measures->values[m] : std::nullopt;
    row.push_back(value ? core::number(*value, 4) : "n/a");
  }
  table.add_row(std::move(row));
}

void require_known(const dataset::Review& review, const std::vector<SegmentJob>& jobs) {
  for (const auto& [name, reviewed] : review) {
    const bool known = std::any_of(jobs.begin(), jobs.end(),
                                   [&](const SegmentJob& job) { return job.name == name; });
    if (!known) {
      throw Error(ExitCode::input, "the review names '" + name + "', which is not among the scans");
    }
  }
}

}  // namespace

QcOutcome check_scans(const std::vector<SegmentJob>& jobs, const QcSettings& settings,
                      const fs::path& out, Progress& progress) {
  require_known(settings.review, jobs);
  core::AtomicFolder folder(out, settings.overwrite);
  for (const char* name : {"qc.tsv", "qc.json", "index.html"}) folder.claim(name);
  std::vector<Checked> scans;
  progress.step("looking at scans", jobs.size());
  for (const SegmentJob& job : jobs) {
    progress.check();
    Progress quiet(nullptr, nullptr);
    scans.push_back(check_scan(job, settings, quiet));
    progress.advance();
  }
  progress.finish();
  find_duplicates(scans, progress);

  QcOutcome outcome;
  core::Table table = table_of_qc();
  std::vector<report::QcCard> cards;
  for (Checked& checked : scans) {
    const Judged judged = judge(checked, settings.review);
    add_row(table, checked, judged);
    cards.push_back(
        {checked.name, judged.verdict, judged.by_person, judged.reasons, std::move(checked.png)});
    ++(judged.verdict == "accept" ? outcome.accepted
       : judged.verdict == "look" ? outcome.to_look_at
                                  : outcome.rejected);
  }
  table.write(folder.temporary() / "qc.tsv");
  report::write_qc_page(cards, folder.temporary() / "index.html");
  folder.commit();
  return outcome;
}

}  // namespace dawson::workflow
