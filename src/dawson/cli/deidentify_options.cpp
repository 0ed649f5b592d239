#include "dawson/cli/deidentify_options.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "dawson/core/folders.h"
#include "dawson/dataset/identity_check.h"
#include "dawson/volume/whole_file.h"
#include "dawson/workflow/deidentify.h"

namespace dawson::cli {
namespace {

bool among(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

dicom::Profile profile_of(const Context& context) {
  const auto retained = context.texts("retain"), cleaned = context.texts("clean");
  const std::string dates = context.text("dates");
  return {.dates = dates == "kept"      ? dicom::Dates::kept
                   : dates == "shifted" ? dicom::Dates::shifted
                                        : dicom::Dates::removed,
          .safe_private = among(retained, "safe-private"),
          .uids = among(retained, "uids"),
          .device = among(retained, "device"),
          .institution = among(retained, "institution"),
          .patient = among(retained, "patient"),
          .descriptors = among(cleaned, "descriptors"),
          .structured = among(cleaned, "structured"),
          .graphics = among(cleaned, "graphics"),
          .pixels = among(cleaned, "pixels"),
          .features = context.flag("deface")};
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::istringstream in(volume::read_whole_file(file));
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

ExitCode verify(Context& context) {
  std::vector<std::string> words;
  if (context.has("words")) words = lines_of(context.path("words"));
  const dataset::IdentityCheck check =
      dataset::check_identity(context.path("verify-deidentified"), words, context.progress());
  for (const dataset::IdentityFinding& finding : check.findings) {
    context.out() << finding.file << '\t' << finding.what << '\n';
  }
  context.report(std::to_string(check.files) + " files, " + std::to_string(check.findings.size()) +
                 " findings");
  return check.findings.empty() ? ExitCode::done : ExitCode::check;
}

/// "an image of … (12)": reasons are few where failures are many.
void report_failures(const Context& context, const std::vector<std::string>& failures) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& failure : failures) ++counts[failure];
  for (const auto& [why, count] : counts) {
    context.report("left out: " + why + (count > 1 ? " (" + std::to_string(count) + ")" : ""));
  }
}

}  // namespace

std::vector<Option> deidentify_options() {
  return {
      {.name = "deidentify",
       .type = OptionType::flag,
       .help = "Take out what identifies persons, by DICOM PS3.15, Annex E (docs/privacy.md)."},
      {.name = "to",
       .unit = "FORM",
       .default_value = "bids",
       .choices = {"bids", "dicom"},
       .help = "With --deidentify: a BIDS tree, or DICOM files as DICOM files."},
      {.name = "key",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "With --deidentify: the key from which pseudonyms, UIDs and shifts of dates "
               "follow. The same key gives the same output."},
      {.name = "dates",
       .default_value = "removed",
       .choices = {"removed", "shifted", "kept"},
       .help = "With --deidentify: dates are taken out, moved back by as many days for all of "
               "a person's, or left."},
      {.name = "retain",
       .unit = "WHAT",
       .repeats = true,
       .choices = {"patient", "device", "institution", "uids", "safe-private"},
       .help = "With --deidentify: keep age (90 above 89), sex, size and weight; what names the "
               "scanner; what names the hospital; UIDs; private elements known to be safe."},
      {.name = "clean",
       .unit = "WHAT",
       .repeats = true,
       .choices = {"descriptors", "structured", "graphics", "pixels"},
       .help = "With --deidentify: keep descriptions as far as their words are of the trade; "
               "structured content likewise; overlays without text; cover lines in the pixels "
               "that look like text."},
      {.name = "deface",
       .type = OptionType::flag,
       .help = "With --deidentify: take out faces, beyond planes fitted to the brain. What has "
               "no FLAIR in its visit is left out."},
      {.name = "strict",
       .type = OptionType::flag,
       .help = "With --deidentify: end with exit code 8, and write nothing, where lines in the "
               "pixels look like text and are not covered."},
      {.name = "crosswalk",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "With --key: write who is who, sealed with the key."},
      {.name = "new-key",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "Make a key, and do nothing else."},
      {.name = "open-crosswalk",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "Print what a crosswalk holds, with --key, and do nothing else."},
      {.name = "verify-deidentified",
       .type = OptionType::path,
       .unit = "FOLDER",
       .help = "Look through any folder for what still identifies persons, print it, and end "
               "with exit code 8 where there is something. Does nothing else."},
      {.name = "words",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "With --verify-deidentified: names and numbers, one a line, that must not occur "
               "in any byte."}};
}

void require_consistent_deidentification(const Context& context) {
  const auto needs = [&context](const char* option, const char* other) {
    const bool given = context.settings().given(option);
    const bool there = context.settings().given(other);
    if (given && !there) {
      throw Error(ExitCode::usage, std::string("needs --") + other, std::string("--") + option);
    }
  };
  for (const char* option : {"to", "key", "dates", "retain", "clean", "deface", "strict"}) {
    if (std::string(option) == "key" && context.has("open-crosswalk")) continue;
    needs(option, "deidentify");
  }
  needs("crosswalk", "key");
  needs("open-crosswalk", "key");
  needs("words", "verify-deidentified");
  if (context.flag("deidentify") && context.has("names")) {
    throw Error(ExitCode::usage, "cannot be given with --deidentify", "--names",
                "the key gives persons their names");
  }
  if (context.flag("deidentify") && context.flag("dry-run")) {
    throw Error(ExitCode::usage, "shows names of the source", "--dry-run",
                "give it without --deidentify");
  }
  if (context.has("crosswalk") && context.has("output")) {
    require_apart(context.path("output"), context.path("crosswalk"));
  }
  if (context.text("to") == "dicom") {
    for (const char* option : {"from", "dataset"}) {
      if (context.settings().given(option)) {
        throw Error(ExitCode::usage, "cannot be given with --to dicom", std::string("--") + option);
      }
    }
  }
}

std::optional<ExitCode> without_import(Context& context) {
  if (context.has("new-key")) {
    core::SecretKey::create(context.path("new-key"));
    context.report("who has this file can say whose pseudonym is whose; who loses it cannot");
    return ExitCode::done;
  }
  if (context.has("open-crosswalk")) {
    context.out() << workflow::open_crosswalk(context.path("open-crosswalk"),
                                              core::SecretKey::read(context.path("key")));
    return ExitCode::done;
  }
  if (context.has("verify-deidentified")) return verify(context);
  return {};
}

/// The tree must not grow inside what it is read from, nor what is secret inside the tree.
void require_apart(const std::filesystem::path& around, const std::filesystem::path& place) {
  const auto below = std::filesystem::weakly_canonical(place).lexically_relative(
      std::filesystem::weakly_canonical(around));
  if (!below.empty() && *below.begin() != "..") {
    throw Error(ExitCode::usage, "lies inside the folder " + around.filename().string(),
                place.string(), "choose a place beside it");
  }
}

core::SecretKey key_of(const Context& context) {
  if (context.has("key")) return core::SecretKey::read(context.path("key"));
  context.report("no --key is given: pseudonyms, UIDs and dates will be others the next time");
  return core::SecretKey::random();
}

ExitCode import_deidentified(Context& context, const core::SecretKey& key,
                             const dataset::Survey* survey) {
  std::optional<anatomy::BrainFinder> brains;
  if (context.flag("deface")) brains.emplace(bundle::Bundle::open(core::find_model_file("brain")));
  workflow::DeidentifySettings settings{.profile = profile_of(context),
                                        .key = &key,
                                        .brains = brains ? &*brains : nullptr,
                                        .strict = context.flag("strict"),
                                        .crosswalk = {}};
  if (context.has("crosswalk")) settings.crosswalk = context.path("crosswalk");
  const auto out = context.path("output");
  const workflow::Deidentified done =
      survey == nullptr
          ? workflow::deidentify_to_dicom(context.path("input"), out, settings, context.progress())
          : workflow::deidentify_to_bids(*survey, out, settings, context.progress());
  report_failures(context, done.failures);
  if (done.text_lines > 0) {
    context.report(
        std::to_string(done.text_lines) +
        " lines in the pixels look like text: look at them before this leaves the house");
  }
  context.report(std::to_string(done.images) + " images of " + std::to_string(done.persons) +
                 " persons");
  context.out() << out.string() << "\n";
  return done.failures.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace dawson::cli
