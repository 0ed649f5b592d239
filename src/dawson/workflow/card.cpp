#include "dawson/workflow/card.h"

#include <map>

#include "dawson/core/table.h"

namespace dawson::workflow {
namespace {

/// The sources that dawson's own models learn from, and how they are to be cited.
const std::map<std::string, std::string>& citations() {
  static const std::map<std::string, std::string> known = {
      {"tabriz", "MS3SEG, CC BY 4.0, doi:10.6084/m9.figshare.30393475"},
      {"ljubljana",
       "Lesjak et al., Neuroinformatics 2018, 16:51–63, CC BY; prepared by J. Muschelli "
       "(open_ms_data)"},
      {"mslesseg", "Guarnera et al., Scientific Data 2025, 12:920, CC BY 4.0"},
      {"phantoms", "`dawson phantom --training-set` on Colin27 (Holmes et al. 1998), synthetic"},
  };
  return known;
}

/// "- tabriz: 9 heads. Citation": a head is a patient, or a phantom.
std::string data_lines(const bundle::Bundle& bundle) {
  std::map<std::string, int> patients;
  for (const core::Json& p : bundle.provenance.at("data").at("train_patients")) {
    const std::string name = p.get<std::string>();
    ++patients[name.substr(0, name.find('/'))];
  }
  std::string text;
  for (const auto& [source, count] : patients) {
    const auto citation = citations().find(source);
    text += "- " + source + ": " + std::to_string(count) + (count == 1 ? " head" : " heads") +
            (citation == citations().end() ? "" : ". " + citation->second) + "\n";
  }
  return text;
}

std::string training_lines(const bundle::Bundle& bundle, const std::string& command_line) {
  const core::Json& s = bundle.provenance.at("settings");
  return "Trained for " + std::to_string(bundle.provenance.at("iterations").get<int>()) +
         " iterations of " + std::to_string(s.at("batch").get<int>()) + " slices, seed " +
         std::to_string(s.at("seed").get<std::uint64_t>()) +
         ", from scratch; every setting stands in model.json. Figures and models are made by\n\n   "
         " " +
         command_line + "\n\n";
}

constexpr const char* licence =
    "## Licence\n\nWeights: CC BY 4.0, as their data ask; cite the sources above. Program: "
    "Apache-2.0.\n\nResearch software, not a medical device.\n";

}  // namespace

std::string lesion_card(const bundle::Bundle& bundle, const evaluation::CohortResult& cohort,
                        const std::string& command_line) {
  return "# Model card: " + bundle.name + " " + bundle.version +
         "\n\nFinds white-matter lesions as seen in multiple sclerosis on one FLAIR scan, with or "
         "without skull, in slices of 1–8 mm.\n\n## Data\n\n" +
         data_lines(bundle) + "\n## Training\n\n" + training_lines(bundle, command_line) +
         "## Figures\n\n" + figures_for_card(cohort) +
         "\nThe figures are of the folds' models, each on patients it had not seen; this model was "
         "trained on all patients with the settings so chosen. docs/results.md has every scan.\n\n"
         "## Limits\n\n"
         "- Few patients, of three sources; two of them skull-stripped and in MNI152 space. "
         "Nothing "
         "is known of children, of other diseases, of scans after surgery.\n"
         "- White-matter changes of other causes look alike on FLAIR and are marked as well.\n"
         "- It does not see lesions of the cortex, optic nerve or spinal cord.\n"
         "- False lesions were seen at the temporal horns and hippocampi, the ventricles' caps, "
         "the "
         "splenium's rim and in folds of the cortex (docs/results.md).\n\n" +
         licence;
}

std::string brain_card(const bundle::Bundle& bundle, const std::vector<BrainAgreement>& brains,
                       const std::string& command_line) {
  std::vector<evaluation::PatientValue> dice;
  for (const BrainAgreement& b : brains) dice.push_back({b.patient, b.dice});
  const evaluation::Summary summary = evaluation::summarise(dice);
  std::string figures = "Cross-validated on " + std::to_string(summary.patients.size()) +
                        " patients with manual masks: mean Dice " + core::number(summary.mean, 3);
  if (summary.interval) {
    figures += " (" + core::number(summary.interval->low, 3) + " – " +
               core::number(summary.interval->high, 3) + ")";
  }
  figures += ", mean volume error without its sign " +
             core::number(mean_volume_error_percent(brains), 1) + " %.\n\n";
  return "# Model card: " + bundle.name + " " + bundle.version +
         "\n\nFinds the brain (parenchyma and ventricles inside the pial hull) in a FLAIR scan "
         "with "
         "skull.\n\n## Data\n\n" +
         data_lines(bundle) + "\n## Training\n\n" + training_lines(bundle, command_line) +
         "## Figures\n\n" + figures +
         "## Limits\n\nThe manual masks are of one scanner (1.5 T, slices of 6.4–8.1 mm) and "
         "generous at the edge; other protocols are known from phantoms alone.\n\n" +
         licence;
}

}  // namespace dawson::workflow
