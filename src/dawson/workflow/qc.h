// Are these scans fit to be used? Measures, orientation, sequence and duplicates of a cohort.
#pragma once

#include <filesystem>
#include <vector>

#include "dawson/anatomy/location.h"
#include "dawson/dataset/review.h"
#include "dawson/quality/reference.h"
#include "dawson/workflow/segment.h"

namespace dawson::workflow {

struct QcSettings {
  const anatomy::BrainFinder* brains = nullptr;
  const anatomy::Atlas* atlas = nullptr;
  quality::Reference reference;
  dataset::Review review;  ///< a person's verdicts, which stand above dawson's
  bool overwrite = false;
};

struct QcOutcome {
  std::size_t accepted = 0, to_look_at = 0, rejected = 0;
};

/// Looks at every scan and writes out/qc.tsv (a row a scan: verdict, reasons, what it is a
/// duplicate of, measures), its .json, and out/index.html, a page of thumbnails. Rejected: what
/// cannot be read, shows no brain, has another sequence's brightness, or lies otherwise than its
/// header says. To look at: what is outside the reference ranges, and every scan that is there
/// twice. Throws Error{input} when the review names a case that is not there, Error{output}.
QcOutcome check_scans(const std::vector<SegmentJob>& jobs, const QcSettings& settings,
                      const std::filesystem::path& out, Progress& progress);

}  // namespace dawson::workflow
