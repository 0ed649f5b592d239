#include "dawson/cli/split_options.h"

#include "dawson/workflow/crossval.h"

namespace dawson::cli {

Option folds_option() {
  return {.name = "folds",
          .type = OptionType::path,
          .unit = "FILE",
          .help = "The patient-level split (folds.tsv)."};
}

Option leave_site_out_option() {
  return {.name = "leave-site-out",
          .type = OptionType::flag,
          .help =
              "Instead of --folds: a fold a site (column site of participants.tsv, else the "
              "tree), for the drop on a site that no training scan came from."};
}

dataset::Folds split(const Context& context) {
  if (context.has("folds") == context.flag("leave-site-out")) {
    throw Error(ExitCode::usage, "give either --folds or --leave-site-out");
  }
  if (context.has("folds")) return dataset::read_folds(context.path("folds"));
  return dataset::leave_site_out(workflow::labelled_scans(context.paths("input")));
}

}  // namespace dawson::cli
