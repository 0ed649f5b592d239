#include "dawson/workflow/card.h"

#include <algorithm>
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

/// How many heads there are of each source; a head is a patient, or a phantom.
std::map<std::string, int> sources_of(const bundle::Bundle& bundle) {
  std::map<std::string, int> heads;
  for (const core::Json& p : bundle.provenance.at("data").at("train_patients")) {
    const std::string name = p.get<std::string>();
    ++heads[name.substr(0, name.find('/'))];
  }
  return heads;
}

/// Only of the data that dawson's own models are made of are limits and licence known here.
bool of_known_sources(const bundle::Bundle& bundle) {
  const std::map<std::string, int> heads = sources_of(bundle);
  return std::all_of(heads.begin(), heads.end(),
                     [](const auto& source) { return citations().count(source.first) != 0; });
}
bool of_all_known_sources(const bundle::Bundle& bundle) {
  return of_known_sources(bundle) && sources_of(bundle).size() == citations().size();
}

std::string counted(int count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

/// "- made of these patients (`dawson derive`): 15 scans with their lesions filled".
std::string derived_lines(const bundle::Bundle& bundle) {
  std::string text;
  for (const core::Json& d : bundle.provenance.value("derived", core::Json::array())) {
    const std::string made = d.at("made").get<std::string>();
    text += "- made of " + counted(d.at("patients").get<int>(), "patient") +
            " of these (`dawson derive`): " + counted(d.at("scans").get<int>(), "scan");
    if (made == "lesion-free") text += " with their lesions filled";
    if (made == "painted") text += " with lesions painted in";
    if (made == "n/a") text += ", how is not recorded";
    if (d.contains("shapes")) {
      text += ", of the shapes in";
      for (const core::Json& s : d.at("shapes")) text += " " + s.get<std::string>();
    }
    text += "\n";
  }
  return text;
}

/// What the model was trained on, and how it was split for the figures.
std::string data_lines(const bundle::Bundle& bundle) {
  std::string text;
  for (const auto& [source, count] : sources_of(bundle)) {
    const auto citation = citations().find(source);
    text += "- " + source + ": " + counted(count, "head") +
            (citation == citations().end() ? "" : ". " + citation->second) + "\n";
  }
  text += derived_lines(bundle);
  if (bundle.provenance.contains("folds")) {
    text += "\nFor the figures these were split into " +
            std::to_string(bundle.provenance.at("folds").get<int>()) +
            " patient-level folds: a patient's visits, and what was made of them, train or are "
            "judged together.\n";
  }
  return text;
}

/// What the first step of training began with.
std::string beginning(const core::Json& provenance) {
  const core::Json& settings = provenance.at("settings");
  if (provenance.contains("init")) {
    const core::Json& init = provenance.at("init");
    return "from the model " + init.at("name").get<std::string>() + " " +
           init.at("version").get<std::string>() + " (SHA-256 of its weights " +
           init.at("weights_sha256").get<std::string>() + ")";
  }
  if (settings.contains("encoder_weights")) {
    const core::Json& weights = settings.at("encoder_weights");
    return "from the encoder's weights in " + weights.at("file").get<std::string>() + " (SHA-256 " +
           weights.at("sha256").get<std::string>() + "), the rest from scratch";
  }
  // Runs of 0.1 before the file was recorded.
  if (settings.value("pretrained", false)) {
    return "from an encoder's weights whose file was not recorded, the rest from scratch";
  }
  return "from scratch";
}

/// "Trained for 3000 iterations of 16 slices, seed 1, from scratch".
std::string training_of(const core::Json& provenance) {
  const core::Json& s = provenance.at("settings");
  return "Trained for " + std::to_string(provenance.at("iterations").get<int>()) +
         " iterations of " + std::to_string(s.at("batch").get<int>()) + " slices, seed " +
         std::to_string(s.at("seed").get<std::uint64_t>()) + ", " + beginning(provenance);
}

/// "attention_fcn on mobilenet_v2_tf".
std::string network_of(const core::Json& provenance) {
  const core::Json network = provenance.at("settings").value("network", core::Json::object());
  return network.value("architecture", "a network") + " on " +
         network.value("encoder", "an encoder");
}

std::string training_lines(const bundle::Bundle& bundle, const std::string& command_line) {
  std::string text;
  if (bundle.provenance.contains("members")) {
    const core::Json& members = bundle.provenance.at("members");
    text = "The mean of " + std::to_string(members.size()) + " networks' logits:\n\n";
    for (const core::Json& m : members) {
      text +=
          "- " + network_of(m.at("provenance")) + ". " + training_of(m.at("provenance")) + ".\n";
    }
    text += "\nEvery setting stands in model.json.";
  } else {
    text = training_of(bundle.provenance) + "; every setting stands in model.json.";
  }
  return text + " Figures and models are made by\n\n    " + command_line + "\n\n";
}

/// "FLAIR", "FLAIR, T1w": what a scan may bring.
std::string sequences_of(const bundle::Bundle& bundle) {
  std::string text;
  for (const core::Json& channel : bundle.recipe.value("channels", core::Json::array())) {
    const std::string name = channel.get<std::string>();
    if (name != "lesion_frequency") text += (text.empty() ? "" : ", ") + name;
  }
  return text.empty() ? "FLAIR" : text;
}

std::string lesion_limits(const bundle::Bundle& bundle) {
  const bool own = of_all_known_sources(bundle);
  std::string text =
      own ? "- Few patients, of three sources; two of them skull-stripped and in MNI152 space. "
            "Nothing is known of children, of other diseases, of scans after surgery.\n"
          : "- It knows the scanners, ages and diseases of the heads above and no others.\n";
  text +=
      "- How much is lost on a source that no training scan came from, and how many lesions are "
      "found in heads without any, these figures do not say: `dawson crossval --leave-site-out` "
      "and bench/false_lesions measure it.\n"
      "- White-matter changes of other causes look alike on FLAIR and are marked as well.\n"
      "- It does not see lesions of the cortex, optic nerve or spinal cord.\n";
  if (own) {
    text +=
        "- False lesions were seen at the temporal horns and hippocampi, the ventricles' caps, the "
        "splenium's rim and in folds of the cortex (docs/results.md).\n";
  }
  return text + "\n";
}

std::string licence(const bundle::Bundle& bundle) {
  return std::string("## Licence\n\nWeights: ") +
         (of_known_sources(bundle)
              ? "CC BY 4.0, as their data ask; cite the sources above."
              : "as the licences of the data above allow; not all of them are known to dawson.") +
         " Program: Apache-2.0.\n\nResearch software, not a medical device.\n";
}

}  // namespace

std::string lesion_card(const bundle::Bundle& bundle, const evaluation::CohortResult& cohort,
                        const std::string& command_line) {
  return "# Model card: " + bundle.name + " " + bundle.version +
         "\n\nFinds white-matter lesions as seen in multiple sclerosis on one scan (" +
         sequences_of(bundle) + ")" +
         (of_all_known_sources(bundle) ? ", with or without skull, in slices of 1–8 mm" : "") +
         ".\n\n## Data\n\n" + data_lines(bundle) + "\n## Training\n\n" +
         training_lines(bundle, command_line) + "## Figures\n\n" + figures_for_card(cohort) +
         "\nThe figures are of the folds' models, each on patients it had not seen; this model was "
         "trained on all patients with the settings so chosen. results.md of the cross-validation "
         "has every scan.\n\n## Limits\n\n" +
         lesion_limits(bundle) + licence(bundle);
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
         "## Figures\n\n" + figures + "## Limits\n\n" +
         (of_all_known_sources(bundle)
              ? "The manual masks are of one scanner (1.5 T, slices of 6.4–8.1 mm) and generous at "
                "the edge; other protocols are known from phantoms alone.\n\n"
              : "It knows the scanners and ages of the heads above and no others.\n\n") +
         licence(bundle);
}

}  // namespace dawson::workflow
