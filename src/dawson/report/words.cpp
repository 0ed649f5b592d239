#include "dawson/report/words.h"

namespace dawson::report {
namespace {

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
      "are "
      "not counted.",
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
  w.comparison_counts = "{0} of {1} reference lesions found, {2} missed; {3} of {4} predicted false";
  w.comparison_rule =
      "Outlines tell of whole lesions of at least 3 mm\u00b3: found or true where at least 10 % of "
      "one lies on the other mask. Hatching tells of voxels.";
  w.legend_only_reference = "voxels of the reference alone";
  w.legend_only_prediction = "voxels of the program alone";
  w.page = "Page {0} of {1}";
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
