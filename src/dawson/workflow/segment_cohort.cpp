#include "dawson/workflow/segment_cohort.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <new>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::Json;
using Row = std::vector<std::string>;

constexpr std::size_t scans_of_a_part = 10;

std::vector<core::Column> cohort_columns() {
  return {{"case", "source/participant[/session], or the file's stem"},
          {"status", "done or failed"},
          {"lesions", "lesions of at least 3 mm3, 26-connected"},
          {"lesion_ml", "volume of the lesion mask, ml"},
          {"brain_ml", "volume of the brain mask, ml"},
          {"lesion_percent", "lesion volume in percent of the brain's"},
          {"severity", "the report's own band, not a clinical scale"},
          {"unusual", "measures of the scan outside what the models were tested on, or none"},
          {"seconds", "wall time of the case"},
          {"error", "why the case failed"}};
}

std::string cell(const Json& row, const char* key, int decimals) {
  return row.contains(key) ? core::number(row.at(key).get<double>(), decimals) : "n/a";
}

Row done_row(const SegmentJob& job, const Json& figures) {
  return {job.name,
          "done",
          cell(figures, "lesions", 0),
          cell(figures, "lesion_ml", 3),
          cell(figures, "brain_ml", 1),
          cell(figures, "lesion_percent", 4),
          figures.at("severity").get<std::string>(),
          figures.at("unusual").get<std::string>(),
          cell(figures, "seconds", 1),
          "n/a"};
}

Row failed_row(const SegmentJob& job, double seconds, const std::string& why) {
  Row row(cohort_columns().size(), "n/a");
  row.front() = job.name;
  row[1] = "failed";
  row[row.size() - 2] = core::number(seconds, 1);
  row.back() = why;
  return row;
}

/// Why the scan of a row failed; empty: it did not.
std::string failure_of(const Row& row) {
  return row[1] == "failed" ? row.back() : "";
}

void count(const Row& row, CohortOutcome& outcome) {
  if (const std::string why = failure_of(row); !why.empty()) {
    outcome.failures.push_back(row.front() + ": " + why);
  } else {
    ++outcome.done;
  }
}

Row segment_one(const SegmentJob& job, const segmentation::Method& method,
                const CohortSettings& settings, Progress& progress) {
  if (settings.resume) {
    if (const auto figures = finished_figures(job, method.facts(), settings.each)) {
      return done_row(job, *figures);
    }
  }
  const auto started = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  std::string why;
  try {
    Json figures = segment_scan(job, method, settings.each, progress);
    figures["seconds"] = seconds();
    return done_row(job, figures);
  } catch (const Error& e) {
    if (e.code() == ExitCode::interrupted) throw;
    why = e.what();
  } catch (const std::bad_alloc&) {
    why = "there is not enough memory for it";
  }
  return failed_row(job, seconds(), why);
}

/// Segments those of the part and writes `file`, their table.
CohortOutcome segment_those(const std::vector<SegmentJob>& jobs, Part part,
                            const segmentation::Method& method, const CohortSettings& settings,
                            const fs::path& file, Progress& progress) {
  core::AtomicFolder summary(file.parent_path(), settings.each.overwrite || settings.resume);
  summary.claim(file.filename());
  summary.claim(fs::path(file.filename()).replace_extension(".json"));
  CohortOutcome outcome;
  core::Table table(cohort_columns());
  const std::size_t total = (jobs.size() + part.count - 1 - part.index) / part.count;
  for (std::size_t i = part.index; i < jobs.size(); i += part.count) {
    progress.step("case " + std::to_string(table.rows().size() + 1) + " of " +
                  std::to_string(total) + ": " + jobs[i].name);
    Progress of_case = progress.child();
    const Row row = segment_one(jobs[i], method, settings, of_case);
    count(row, outcome);
    if (!failure_of(row).empty()) progress.warn(outcome.failures.back());
    table.add_row(row);
  }
  progress.finish();
  table.write(summary.temporary() / file.filename());
  summary.commit();
  return outcome;
}

fs::path part_file(const fs::path& out, Part part) {
  return out / "parts" /
         ("part-" + std::to_string(part.index + 1) + "-of-" + std::to_string(part.count) + ".tsv");
}

/// What became of the scans of a part whose program has ended.
std::map<std::string, Row> rows_of(const std::vector<SegmentJob>& jobs, Part part,
                                   const segmentation::MethodFacts& method,
                                   const SegmentSettings& settings, const Ended& ended,
                                   const fs::path& out) {
  std::map<std::string, Row> rows;
  if (fs::exists(part_file(out, part))) {
    const core::Table table = core::Table::read(part_file(out, part));
    for (const Row& row : table.rows()) rows[row.front()] = row;
  }
  for (std::size_t i = part.index; i < jobs.size(); i += part.count) {
    if (rows.contains(jobs[i].name)) continue;
    const auto figures = finished_figures(jobs[i], method, settings);
    rows[jobs[i].name] =
        figures ? done_row(jobs[i], *figures) : failed_row(jobs[i], 0, "not done: " + ended.reason);
  }
  return rows;
}

std::size_t number_of_parts(std::size_t scans, const Where& where) {
  const std::size_t least = where.slurm ? 1 : static_cast<std::size_t>(where.jobs);
  return std::min(scans, std::max(least, (scans + scans_of_a_part - 1) / scans_of_a_part));
}

}  // namespace

Part read_part(const std::string& text) {
  std::size_t number = 0;
  Part part;
  const char* end = text.data() + text.size();
  const auto slash = std::from_chars(text.data(), end, number);
  if (slash.ec == std::errc() && slash.ptr != end && *slash.ptr == '/') {
    const auto rest = std::from_chars(slash.ptr + 1, end, part.count);
    if (rest.ec == std::errc() && rest.ptr == end && number >= 1 && number <= part.count) {
      part.index = number - 1;
      return part;
    }
  }
  throw Error(ExitCode::usage, "'" + text + "' is no part", "--part", "give, say, 3/20");
}

CohortOutcome segment_all(const std::vector<SegmentJob>& jobs, const segmentation::Method& method,
                          const CohortSettings& settings, const fs::path& out, Progress& progress) {
  return segment_those(jobs, {}, method, settings, out / "cohort.tsv", progress);
}

CohortOutcome segment_part(const std::vector<SegmentJob>& jobs, const segmentation::Method& method,
                           const CohortSettings& settings, Part part, const fs::path& out,
                           Progress& progress) {
  return segment_those(jobs, part, method, settings, part_file(out, part), progress);
}

CohortOutcome segment_in_parts(const std::vector<SegmentJob>& jobs,
                               const segmentation::MethodFacts& method,
                               const std::vector<std::string>& command, const Where& where,
                               const CohortSettings& settings, const fs::path& out,
                               Progress& progress) {
  core::AtomicFolder summary(out, settings.each.overwrite || settings.resume);
  for (const char* name : {"cohort.tsv", "cohort.json"}) summary.claim(name);
  const std::size_t parts = number_of_parts(jobs.size(), where);
  std::vector<Launch> launches;
  for (std::size_t p = 0; p < parts; ++p) {
    const fs::path table = part_file(out, {p, parts});
    for (const char* old : {".tsv", ".json"}) fs::remove(fs::path(table).replace_extension(old));
    launches.push_back({command, fs::path(table).replace_extension(".log")});
    launches.back().arguments.push_back("--part=" + std::to_string(p + 1) + "/" +
                                        std::to_string(parts));
  }
  fs::create_directories(out / "parts");
  progress.step("segmenting", jobs.size());
  std::map<std::string, Row> rows;
  CohortOutcome outcome;
  run_all(launches, where, out / "parts" / "slurm", progress,
          [&](std::size_t p, const Ended& ended) {
            for (auto& [name, row] : rows_of(jobs, {p, parts}, method, settings.each, ended, out)) {
              count(row, outcome);
              if (!failure_of(row).empty()) progress.warn(outcome.failures.back());
              rows[name] = std::move(row);
              progress.advance();
            }
          });
  progress.finish();
  core::Table table(cohort_columns());
  for (const SegmentJob& job : jobs) table.add_row(rows.at(job.name));
  table.write(summary.temporary() / "cohort.tsv");
  summary.commit();
  return outcome;
}

}  // namespace dawson::workflow
