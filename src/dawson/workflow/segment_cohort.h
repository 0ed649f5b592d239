// Many scans, each to its own folder, with one table: here, one after the other, or in parts that
// are programs of their own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/workflow/cohort.h"
#include "dawson/workflow/segment.h"
#include "dawson/workflow/slurm.h"

namespace dawson::workflow {

struct CohortSettings {
  SegmentSettings each;
  /// A scan that is done already (finished_figures) is kept with its figures, and the table is
  /// written anew.
  bool resume = false;
};

/// Every count-th scan of a cohort, from the index-th (from 0) on.
struct Part {
  std::size_t index = 0;
  std::size_t count = 1;
};
/// "3/20": the third of twenty. Throws Error{usage}.
Part read_part(const std::string& text);

/// Segments all; a case that fails is named and the rest goes on. Writes out/cohort.tsv, a row a
/// case. Throws Error{output, interrupted}.
CohortOutcome segment_all(const std::vector<SegmentJob>& jobs, const segmentation::Method& method,
                          const CohortSettings& settings, const std::filesystem::path& out,
                          Progress& progress);

/// The same for a part; its table is out/parts/part-3-of-20.tsv.
CohortOutcome segment_part(const std::vector<SegmentJob>& jobs, const segmentation::Method& method,
                           const CohortSettings& settings, Part part,
                           const std::filesystem::path& out, Progress& progress);

/// segment_all by programs: `command`, the whole work in one process, is run with --part for some
/// ten scans each. Their logs and tables are in out/parts. Of a program that ended before its table
/// was written, the scans that it finished count. Throws as segment_all and run_all.
CohortOutcome segment_in_parts(const std::vector<SegmentJob>& jobs,
                               const segmentation::MethodFacts& method,
                               const std::vector<std::string>& command, const Where& where,
                               const CohortSettings& settings, const std::filesystem::path& out,
                               Progress& progress);

}  // namespace dawson::workflow
