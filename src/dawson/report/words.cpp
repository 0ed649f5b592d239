#include "dawson/report/words.h"

namespace dawson::report {
namespace {

// The report's further pages.
void add_details(Words& w) {
  w.front_note =
      "The severity bands are this program's own, not a clinical scale. Small, faint, cortical and "
      "infratentorial lesions may be missed; normal bright structures and vascular changes may be "
      "marked. What the figures mean, and what they cannot tell, stands on the pages that follow.";
  w.report_id = "Report";
  w.mm3 = "mm³";
  w.from_to = "{0} to {1}";
  w.over = "over {0}";
  w.continued = "{0} (continued)";
  w.more_lesions = "{0} more lesions, none of them larger, stand in {1}.";
  w.method = "Model and method";
  w.limits_title = "What this report cannot tell";
  w.cannot_tell = {
      "Whether this is multiple sclerosis. Vascular changes, migraine, age and other diseases look "
      "alike on FLAIR; a diagnosis rests on clinic, history and other tests.",
      "Whether lesions are disseminated in space or time. The McDonald criteria of 2024 know five "
      "sites: periventricular, cortical or juxtacortical, infratentorial, spinal cord and optic "
      "nerve. FLAIR of the head shows three of them, lesions are not sorted by site here, and one "
      "scan says nothing of time.",
      "Whether a lesion is active, new, growing or old: no contrast agent and no earlier scan were "
      "used. Central veins and paramagnetic rims are not seen on FLAIR.",
      "How ill the patient is. No guideline grades the disease by the number of lesions or their "
      "share of the brain; the bands here only put the volume into words.",
      "Whether small, faint, cortical or infratentorial lesions are there that it did not mark. "
      "What it marks falsely lies mostly at the caps and bands of the ventricles, in choroid "
      "plexus, septum, insula and cingulate cortex, where cerebellum and temporal lobes pulsate, "
      "at "
      "fat and skull, and in veins."};
  w.sizes_title = "Lesion sizes";
  w.sizes_axis = "Volume of a lesion (mm³, logarithmic)";
  w.sizes_count = "Number of lesions";
  w.sizes_note = "{0} ml of the lesion volume lies in marked regions too small to be counted.";
  w.column_size_class = "Volume (mm³)";
  w.column_lesions = "Lesions";
  w.column_share = "Share of volume";
  w.uncounted = "not counted";
  w.confidence_title = "How sure the program was";
  w.confidence_note =
      "Colours give the model's probability that a voxel belongs to a lesion. A high probability "
      "is no proof: what looks like a lesion to the model is marked with confidence too.";
  w.zooms_title = "The largest lesions, in three planes";
  w.zooms_note =
      "Each view is {0} mm wide, the bar {1} mm. Bold outline: the lesion named; thin: others. "
      "Ticks show where the other two planes cut.";
}

// What the brain volume's error does to the percentage.
void add_uncertainty(Words& w) {
  w.range = "Range by the brain volume's error";
  w.range_sentence =
      "With the brain volume's measured error the percentage lies between {0} and {1} %.";
  w.range_may_read = "The severity may read {0}.";
  w.range_of_scans =
      "The brain volume's error was measured on {0} scans that the model had not seen: {1} to {2} "
      "% "
      "of the true volume. The next such scan lies in this range with a chance of {3} %. The error "
      "of the lesion volume itself comes on top.";
  w.range_not_known =
      "How far the brain volume, and with it the percentage, may be off is not known for this "
      "model.";
  w.range_not_measured =
      "The scan came without skull: its brain is what was left of it. How far that volume, and "
      "with it the percentage, may be off was not measured.";
  w.range_no_brain = "No brain was found, so there is no percentage and no severity.";
  w.range_no_lesions = "Nothing was marked: an error of the brain volume changes no percentage.";
}

// The scan's quality, as far as it is looked at.
void add_quality(Words& w) {
  w.quality = "Scan quality, as far as known";
  w.slices_apart = "Slices";
  w.protocol = "Resolution";
  w.voxels_of = "{0} mm apart, {1} × {2} mm in the plane";
  w.core_protocol_3d = "as the core protocol of MAGNIMS asks (3D, 1 mm)";
  w.core_protocol_2d = "acceptable by the core protocol of MAGNIMS (2D, at most 3 mm)";
  w.core_protocol_coarse =
      "coarser than the core protocol of MAGNIMS accepts (3 mm): small lesions are lost";
  w.in_plane_coarse = "coarser than 1 mm in the plane";
  w.field_of_view = "Field of view";
  w.coverage = "Coverage";
  w.coverage_inside = "the brain lies inside the scan on all sides";
  w.coverage_reaches = "the brain reaches the scan's edge ({0}): a part may be missing";
  w.edge_left = "left";
  w.edge_right = "right";
  w.edge_anterior = "front";
  w.edge_posterior = "back";
  w.edge_superior = "top";
  w.edge_inferior = "bottom";
  w.not_checked = "Not checked";
  w.not_checked_what = "movement, artefacts, and whether it is a FLAIR";
}

// What a decision rested on.
void add_relevance(Words& w) {
  w.relevance_scan = "Scan";
  w.relevance_against = "against the decision";
  w.relevance_for = "for the decision";
  w.relevance_sum = "Both";
  w.relevance_flair = "From FLAIR";
  w.relevance_lesion_frequency = "From the lesion map";
  w.relevance_region = "what was asked about";
  w.relevance_other_lesions = "lesions";
  w.relevance_note =
      "Shows what this network's answer rested on, not what causes a lesion, and not whether the "
      "answer is right. The lesion map says how often lesions of others lie at a place.";
  w.relevance_of_lesion = "{0} · lesion {1}";
  w.relevance_of_all = "{0} · all lesions";
  w.relevance_of_healthy = "{0} · why no lesion here";
  w.relevance_decision = "{0} · mean probability {1} over {2} voxels of the network";
}

// The place within a reference cohort.
void add_cohort(Words& w) {
  w.cohort = "Place in a reference cohort";
  w.cohort_file = "Cohort";
  w.cohort_cases = "{0}, {1} cases";
  w.cohort_left_out = "{0} rows without a value left out";
  w.cohort_place = "percentile {0} (95 % interval {1} – {2})";
  w.cohort_small = "The cohort has only {0} cases, fewer than {1}: read the place as rough.";
  w.cohort_reading =
      "The percentile is the share of the cohort's cases with less, those with as much counted "
      "half; the interval (Wilson) tells how well so many cases know it. It says what is usual in "
      "that cohort, not what is usual elsewhere or harmless.";
  w.cohort_here = "this scan";
  w.cohort_axis = "Lesion volume of the cohort's cases (ml, logarithmic)";
}

// How it was made.
void add_run(Words& w) {
  w.run = "Run record";
  w.run_scan_hash = "Scan, SHA-256";
  w.run_model_hash = "Weights, SHA-256";
  w.run_rule = "Decision rule";
  w.run_rule_value = "probability from {0}; regions that reach {1} and have {2} mm³; temperature {3}";
  w.run_mirrored = "Averaged with the mirrored head";
  w.run_record = "Settings, steps, times";
  w.yes = "yes";
  w.no = "no";
}

PlotWords english_plots() {
  PlotWords w;
  // A training run.
  w.iteration = "Iteration";
  w.history_loss = "Loss in training";
  w.history_subtitle = "means of each epoch";
  w.history_validation = "Validation patients";
  w.history_rate = "Learning rate";
  w.loss = "loss";
  w.dice_loss = "Dice part";
  w.bce_loss = "cross-entropy part";
  w.best_dice = "best Dice {0} at iteration {1}";
  w.no_validation = "; no patients were set apart for validation";

  // A cohort: counts and groups.
  w.patients = "{0} patients";
  w.one_patient = "1 patient";
  w.scans = ", {0} scans";
  w.one_scan = ", 1 scan";
  w.undefined = " ({0} scans without a value left out)";
  w.other_sites = "others";
  w.all_sites = "all";
  w.count = "n = {0}";
  w.mean_interval = "{0} ({1}–{2})";
  w.value_interval = "{0} ({1} to {2})";
  w.no_value = "no scan has a value for it";
  w.no_lesions = "no reference has a lesion that counts";
  w.no_probabilities = "no scan has probabilities within a brain mask";
  // Dice and F1 by site.
  w.dice = "Dice";
  w.dice_title = "Dice of each patient";
  w.dice_axis = "Dice";
  w.f1_title = "Lesion F1 of each patient";
  w.f1_axis = "Lesion F1";
  w.sites_how =
      ". Marks: patients, the mean of their scans. Diamond and bar: mean with 95 % interval "
      "(bootstrap over patients), from five patients on.";
  // Curves.
  w.roc_title = "ROC over voxels of the brain";
  w.roc_x = "False positive rate (logarithmic)";
  w.roc_y = "Sensitivity";
  w.roc_area = "mean AUC {0}";
  w.pr_title = "Precision and recall over voxels";
  w.pr_x = "Recall (sensitivity)";
  w.pr_y = "Precision (PPV)";
  w.pr_area = "mean average precision {0}";
  w.curve_how = ". Band: 95 % interval of the mean, bootstrap over patients.";
  w.curve_few = ". No band for fewer than five patients.";
  w.curve_mean = "mean over patients";
  w.curve_pooled = "all voxels together";
  w.chance = "chance";
  w.scan_roc_title = "Which scans show a lesion?";
  w.scan_roc_x = "Scans without lesions called lesion (share)";
  w.scan_roc_y = "Scans with lesions called so";
  w.scan_roc_how = "{0} scans with lesions, {1} without; score: mean probability of the largest "
                   "predicted lesion. AUC {2}.";
  w.no_scan_roc = "it takes scans with and scans without lesions, and probabilities";
  w.difference_title = "Difference between the two models";
  w.difference_how =
      "Mean over patients of this model less the other, same patients; bars: 95 % interval, "
      "bootstrap over patients, from five on. Right of 0: this one is higher.";
  w.difference_x = "Difference";
  w.difference_row = "{0}, {1}";
  w.difference_value = "{0} ({1} to {2})";
  w.difference_count = "n = {0}, p: {1}";
  w.reliability_title = "Do probabilities mean what they say?";
  w.reliability_how =
      "Marks: voxels of the brain by their probability; on the diagonal it is right. Bars: 95 % "
      "interval, bootstrap over patients. Grey: voxels of each bin, on a logarithmic scale.";
  w.reliability_few =
      "Marks: voxels of the brain by their probability; on the diagonal it is right. No intervals "
      "for fewer than five patients. Grey: voxels of each bin, on a logarithmic scale.";
  w.reliability_x = "Probability that was given";
  w.reliability_y = "Share that is lesion";
  // Dice by load, agreement of volumes, sensitivity by size.
  w.load_title = "Dice against lesion load";
  w.load_how = ", a mark each.";
  w.load_empty = " At 0: references without lesion ({0}).";
  w.load_axis = "Lesion volume of the reference (ml)";
  w.volume_title = "Agreement of lesion volume";
  w.volume_x = "Mean of both volumes (ml)";
  w.volume_y = "Difference (ml)";
  w.volume_how =
      ". Difference: program less reference. Bias {0} ml, limits of agreement (1.96 SD) {1} and "
      "{2} ml; bands: 95 % intervals, "
      "bootstrap over patients.";
  w.volume_few =
      ". Difference: program less reference. Bias and limits are not drawn for fewer than five "
      "patients.";
  w.bias = "bias {0}";
  w.upper_limit = "+1.96 SD {0}";
  w.lower_limit = "−1.96 SD {0}";
  w.size_title = "Lesions found, by size";
  w.size_how =
      "Marks: share found in each patient with such lesions. Diamond and bar: mean over patients "
      "with 95 % interval (bootstrap), from five patients on.";
  w.size_axis = "Lesion volume (mm³); below: lesions / patients";
  w.size_y = "Share found";
  return w;
}

EvaluationWords english_evaluation() {
  EvaluationWords w;
  w.title = "Evaluation";
  w.disclaimer = "research software, not a medical device";
  w.measured = "{0} measured: program against reference, scan by scan.";
  w.rule = "Rule for lesions: {0}.";
  w.means =
      "Means are those of each patient's scans first, then over patients; intervals are 95 % "
      "percentile bootstrap over patients ({0} draws). A group of fewer than five patients is "
      "listed value by value, without an interval.";
  w.not_applicable =
      "n/a: undefined, and left out of the means; where that leaves fewer patients, n says how "
      "many.";
  w.version = "dawson {0}";
  w.command = "Command";
  w.contents = "On this page";
  w.in_short = "In short";
  w.plots = "Plots";
  w.plot_files = "Files";
  w.not_drawn = "Not drawn";
  w.overall_title = "Overall and per site";
  w.groups_title = "By group";
  w.groups_note =
      "Groups differ in more than what they are named for (scanner, load, age). A difference here "
      "is no proof of its cause, and no difference no proof of fairness.";
  w.scan_title = "Scans with and without lesions";
  w.comparison_title = "Compared with the other model";
  w.cases_title = "Scans";
  w.cases_note = "A row a scan; cases.tsv has all figures.";
  w.show_cases = "Show all {0} scans";
  w.failed_title = "Not measured";
  w.failed_note = "These are in no figure of this page.";
  w.without_reference = "Predictions without a reference, left alone:";
  w.measures_title = "What each figure means";
  w.files_title = "More";
  w.files =
      "cases.tsv, lesions.tsv and summary.json beside this page; each table has a .json that "
      "explains its columns.";
  w.measure = "Figure";
  w.overall = "All";
  w.count = "patients (scans)";
  w.pooled = "Dice pooled over all voxels";
  w.scan = "Scan";
  w.patients = "Patients";
  w.group = "Group";
  w.no_interval = "too few patients for an interval";
  w.dice = "Dice";
  w.lesion_f1 = "Lesion F1";
  w.lesion_sensitivity = "Lesions found";
  w.lesion_ppv = "Predicted lesions true";
  w.false_lesions = "False lesions a scan";
  // Groups, whole scans, two models.
  w.by_column = "By {0}";
  w.others = "All others";
  w.difference = "Difference";
  w.adjusted_p = "p (Holm)";
  w.detectable = "Could be seen from";
  w.verdict = "Verdict";
  w.fairness_title = "Each group against all others";
  w.fairness_note =
      "Difference: the group less all others, with 95 % bootstrap interval. p: permutation test, "
      "adjusted for all rows. \"Could be seen from\": the true difference that groups like these "
      "would show in four of five studies; smaller ones may go unseen.";
  w.show_rows = "Show all {0} rows";
  w.scan_score =
      "A scan is called lesion where a lesion is predicted. Its score is the mean probability of the "
      "largest predicted lesion, 0 where there is none.";
  w.scans_with = "Scans with lesions";
  w.scans_without = "Scans without lesions";
  w.scans_no_score = "Scans without a score";
  w.scan_sensitivity = "Sensitivity";
  w.scan_specificity = "Specificity";
  w.scan_auc = "ROC AUC";
  w.scan_auc_undefined = "n/a";
  w.value = "Value";
  w.scope = "Patients of";
  w.here = "This model";
  w.against = "Other model";
  w.wilcoxon = "p (Wilcoxon)";
  w.comparison_note =
      "The same patients, references and brain masks for both. Difference: this model less the "
      "other, mean over patients with 95 % bootstrap interval. p is not adjusted for the number of "
      "rows.";
  w.only_here = "Left out, measured for this model alone:";
  w.per_site = "Site by site";
  w.only_against = "Left out, measured for the other model alone:";
  return w;
}

CasePageWords english_case_page() {
  CasePageWords w;
  w.skip = "Skip to the slice viewer";
  w.patient = "Patient and scan";
  w.findings = "Findings";
  w.viewer = "Slice viewer";
  w.loading = "The slices are being unpacked.";
  w.no_script =
      "The slice viewer and the sortable table need JavaScript, which is off here. The largest "
      "lesions follow; {0} has all of them.";
  w.no_viewer =
      "This browser cannot show the slices: it lacks what unpacks them. A browser from 2023 or "
      "later can.";
  w.reduced =
      "To keep this file small, the viewer shows blocks of {0} voxels as one ({1} mm). Figures, "
      "table and the pictures below come from all voxels.";
  // Controls.
  w.plane = "Plane";
  w.slice = "Slice";
  w.overlay = "Overlay";
  w.colours = "Colours show";
  w.colours_lesions = "lesions";
  w.colours_probability = "probability of lesion";
  w.colours_relevance = "relevance for lesion {0}";
  w.opacity = "Opacity";
  w.brightness = "Brightness";
  w.contrast = "Contrast";
  w.reset = "Reset view";
  w.zoom = "Zoom";
  w.zoom_in = "Zoom in";
  w.zoom_out = "Zoom out";
  w.here_lesion = "lesion {0}, {1} ml";
  w.here_small = "marked, too small to be counted";
  w.help_title = "Keys and gestures";
  w.help = {"Arrow keys, mouse wheel, a drag on the picture: slice by slice",
            "Page up and down: ten slices; Home and End: first and last slice",
            "1, 2, 3: axial, coronal, sagittal, at the same place",
            "o: overlay on or off",
            "+ and \u2212 (or the wheel with Ctrl): zoom; when zoomed in, a drag moves the picture",
            "A click on a lesion selects it, a click elsewhere moves the place that the other "
            "planes cut",
            "A drag with the right button: brightness (up and down) and contrast (left and right)"};
  // Scales.
  w.from_to_probability = "Nothing is coloured below {0}.";
  w.relevance_against = "against";
  w.relevance_for = "for";
  w.relevance_reading =
      "What speaks for (+) and against (\u2212) the model's decision on this lesion, summed over "
      "the "
      "model's inputs. Full colour from {0} on. Relevance shows what the model used, not what is "
      "ill.";
  w.relevance_left_out = "Relevance of these lesions found no place in this file: {0}.";
  w.legend_selected = "selected lesion";
  // The table.
  w.table_hint = "Choose a number to see the lesion; choose a column's name to sort.";
  w.column_x = "x (mm)";
  w.column_y = "y (mm)";
  w.column_z = "z (mm)";
  w.show_lesion = "Show lesion {0}";
  w.shown_of = "{0} of {1} lesions are listed.";
  w.show_all = "List all {0}";
  w.table_region = "Lesion table";
  w.picture_region = "Picture, can be scrolled sideways";
  w.further = "Further details";
  return w;
}

Words make_english() {
  Words w;
  w.language = "en";
  w.title = "Brain lesion report";
  w.subtitle = "White-matter lesions on FLAIR MRI, as seen in multiple sclerosis";
  w.disclaimer = "research software, not a medical device";
  w.follow_up = "This report is generated automatically. Please follow up with a radiologist.";
  w.not_given = "not given";
  w.none = "none";

  w.name = "Name";
  w.participant = "Participant";
  w.age = "Age";
  w.sex = "Sex";
  w.image = "Image analysed";
  w.sequences = "Sequences";
  w.date = "Date of analysis";

  w.total_lesions = "Total isolated lesions";
  w.lesions_of_3mm = "Lesions of at least 3 mm diameter (14.14 mm³)";
  w.single_voxel_lesions = "Lesions of a single voxel";
  w.short_of_3mm = "{0} of at least 3 mm diameter";
  w.short_single_voxel = "{0} of a single voxel";
  w.short_all_of_mask = "all marked voxels";
  w.short_range = "range {0}";
  w.short_severity = "by volume; not a clinical scale";
  w.lesion_volume = "Lesion volume";
  w.brain_volume = "Brain volume";
  w.of_brain = "of {0} ml brain";
  w.lesion_percent = "Lesion percentage in brain";
  w.severity = "Severity estimated";
  w.severity_scale = "Lesion volume in percent of brain volume";

  w.scan_size = "Scan";
  w.voxel_size = "Voxel size";
  w.orientation = "Orientation";
  w.skull = "Skull";
  w.skull_present = "in the picture";
  w.skull_removed = "already removed";
  w.model = "Model";
  w.program = "Program";
  w.warnings = "Warnings";
  w.more_warnings = "and {0} more in {1}";
  w.notes = "How to read this";
  w.about = "Scan and method";

  w.severity_none = "None";
  w.severity_minimal = "Minimal";
  w.severity_mild = "Mild";
  w.severity_moderate = "Moderate";
  w.severity_severe = "Severe";
  w.severity_undetermined = "Not determined";

  w.limits = {
      "A lesion is a connected region of at least 3 mm³. Smaller regions stay in the volume but "
      "are not counted.",
      "Brain means parenchyma and ventricles inside the pial surface.",
      "The severity bands describe lesion volume only; they are this program's own, not a clinical "
      "scale.",
      "Small, faint, cortical and infratentorial lesions may be missed; normal bright structures "
      "and vascular changes may be marked. The sequence shows no spinal cord and no optic nerve."};
  w.thick_slices =
      "The slices are {0} mm apart: one voxel is {1} mm³, so small lesions are measured coarsely.";
  w.brain_volume_error = "Against expert outlines the brain volume was off by {0} % on average.";

  w.largest_lesions = "Largest lesions";
  w.all_lesions = "All counted lesions";
  w.no_lesions = "No lesion was found.";
  w.column_id = "No.";
  w.column_volume = "Volume (ml)";
  w.column_voxels = "Voxels";
  w.column_centre = "Centre x, y, z (mm)";
  w.column_extents = "Extents (mm)";
  w.column_slice = "Slice";
  w.column_mean = "Mean prob.";
  w.column_peak = "Peak prob.";

  w.picture = "Slices";
  w.picture_description =
      "Slices of {0} with the lesions outlined ({1} counted); the table below gives place and "
      "size of each.";
  w.slice = "slice";
  w.radiological_convention =
      "Radiological convention: the patient's left is on the right of the picture";
  w.sagittal_convention = "Sagittal slices: the patient's front is on the left of the picture";
  w.legend_lesion = "lesion found by the program";
  w.legend_found = "found";
  w.legend_missed = "missed";
  w.legend_false = "false";

  // Heat layer, zooms, comparison with a reference.
  w.mm = "mm";
  w.probability = "probability of lesion";
  w.legend_mask = "edge of the lesions found";
  w.legend_high_confidence = "high confidence, {0} or more";
  w.heat_from = "Nothing is coloured below {0}. Each voxel has its own colour.";
  w.plane_axial = "axial";
  w.plane_coronal = "coronal";
  w.plane_sagittal = "sagittal";
  w.zoom_lesion = "Lesion {0}";
  w.zoom_centre = "centre (mm)";
  w.ml = "ml";
  w.zoom_window =
      "Each view is {0} mm wide, the bar {1} mm. Brightness is interpolated; outlines are not.";
  w.zoom_ticks = "Ticks at the edges show where the other two planes cut.";
  w.legend_this_lesion = "this lesion";
  w.legend_neighbour = "other lesions";
  w.comparison_reference = "reference";
  w.comparison_prediction = "program";
  w.comparison_counts =
      "{0} of {1} reference lesions found, {2} missed; {3} of {4} predicted false";
  w.comparison_rule =
      "Outlines tell of whole lesions of at least 3 mm\u00b3: found or true where at least 10 % of "
      "one lies on the other mask. Hatching tells of voxels.";
  w.legend_only_reference = "voxels of the reference alone";
  w.legend_only_prediction = "voxels of the program alone";
  w.page = "Page {0} of {1}";
  add_details(w);
  add_uncertainty(w);
  add_quality(w);
  add_relevance(w);
  add_cohort(w);
  add_run(w);
  w.plots = english_plots();
  w.case_page = english_case_page();
  w.evaluation = english_evaluation();
  return w;
}

}  // namespace

const std::string& Words::of(Severity s) const {
  switch (s) {
    case Severity::none:
      return severity_none;
    case Severity::minimal:
      return severity_minimal;
    case Severity::mild:
      return severity_mild;
    case Severity::moderate:
      return severity_moderate;
    case Severity::severe:
      return severity_severe;
    case Severity::undetermined:
      break;
  }
  return severity_undetermined;
}

const Words& english() {
  static const Words words = make_english();
  return words;
}

std::string filled(const std::string& text, std::initializer_list<std::string> values) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}';
    const std::size_t index = place ? static_cast<std::size_t>(text[i + 1] - '0') : values.size();
    if (index < values.size()) {
      out += values.begin()[index];
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace dawson::report
