// The options that segment and report share: whose the scan is, the bands, the cohort.
#pragma once

#include <optional>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/report/report.h"

namespace dawson::cli {

/// --name, --participant, --participants, --age, --sex, --minimal-below, --mild-below,
/// --moderate-below, --reference-cohort, --paper.
std::vector<Option> report_options();

/// Throws Error{usage} when a field of one patient is given for several cases.
void refuse_patient_of_several(const Context& context);

/// What is given replaces what `patient` says: the participant, then age and sex from the table of
/// --participants, then the other fields. Throws Error{input} when the table cannot be used or
/// lacks the participant, Error{usage} when it is given for a case without one.
void apply_patient(const Context& context, report::Patient& patient);

/// The given limits, the others as they are. Throws Error{usage} when they are out of order.
report::SeverityBands apply_bands(const Context& context, report::SeverityBands bands);

/// Throws Error{input} when the table is of no use.
std::optional<report::ReferenceCohort> reference_cohort(const Context& context);

report::Paper paper(const Context& context);

}  // namespace dawson::cli
