#include "dawson/dataset/import.h"

#include "dawson/cli/commands.h"
#include "dawson/cli/deidentify_options.h"
#include "dawson/dataset/catalogue.h"

namespace dawson::cli {
namespace {

dataset::Survey look_through(const Context& context) {
  if (!context.has("input")) throw Error(ExitCode::usage, "is missing", "--input");
  const auto folder = context.path("input");
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ExitCode::input, "is not a folder", folder.string());
  }
  const std::string form = context.text("from");
  Progress& progress = context.progress();
  if (context.has("dataset")) {
    return dataset::survey_public(dataset::public_set(context.text("dataset")), folder);
  }
  if (form == "dicom") return dataset::survey_dicom(folder, progress);
  if (form == "nifti") return dataset::survey_files(folder, progress);
  if (form == "nnunet") return dataset::survey_nnunet(folder);
  if (form == "bids") return dataset::survey_bids(folder);
  return dataset::survey_folder(folder, progress);
}

/// "sub-01  ses-1  FLAIR  series 5 (t2_flair): inversion time …", a line an image.
void list(const dataset::Survey& survey, const std::vector<dataset::Placed>& placed,
          std::ostream& out) {
  out << "participant\tsession\tas\tperson\tvisit\tsource\twhy\n";
  std::vector<const dataset::Placed*> places(survey.images.size());
  for (const dataset::Placed& p : placed) places[p.image] = &p;
  for (std::size_t i = 0; i < survey.images.size(); ++i) {
    const dataset::FoundImage& image = survey.images[i];
    const auto text = [](const std::string& value) { return value.empty() ? "n/a" : value; };
    const dataset::Placed* place = places[i];
    out << (place == nullptr ? "n/a" : place->participant) << '\t'
        << text(place == nullptr ? "" : place->session) << '\t'
        << (image.kind ? name_of(*image.kind) : "left") << '\t' << text(image.person) << '\t'
        << text(image.visit) << '\t' << image.name << '\t' << image.why << '\n';
  }
}

/// Errors of reading name files and persons: where those are to be taken out they are not told.
template <typename Import>
ExitCode without_names(const Import& import) {
  try {
    return import();
  } catch (const Error& e) {
    if (e.code() != ExitCode::input) throw;
    throw Error(ExitCode::input, "the input cannot be used, for a reason that may name somebody",
                {}, "the same command with --dry-run in place of --deidentify says it");
  }
}

ExitCode import(Context& context) {
  if (context.flag("catalogue")) {
    context.out() << dataset::catalogue_page();
    return ExitCode::done;
  }
  require_consistent_deidentification(context);
  if (const auto done = without_import(context)) return *done;
  if (!context.flag("dry-run")) {
    if (!context.has("input")) throw Error(ExitCode::usage, "is missing", "--input");
    if (!context.has("output")) throw Error(ExitCode::usage, "is missing", "--output");
    require_apart(context.path("input"), context.path("output"));
  }
  if (context.flag("deidentify")) {
    const core::SecretKey key = key_of(context);
    return without_names([&context, &key] {
      if (context.text("to") == "dicom") return import_deidentified(context, key, nullptr);
      const dataset::Survey survey = look_through(context);
      return import_deidentified(context, key, &survey);
    });
  }
  const dataset::Survey survey = look_through(context);
  std::vector<dataset::Renamed> renamed;
  if (context.has("names")) renamed = dataset::read_renamed(context.path("names"));
  const std::vector<dataset::Placed> placed = dataset::place_images(survey, renamed);
  for (const std::string& problem : survey.problems) context.report(problem);
  if (context.flag("dry-run")) {
    list(survey, placed, context.out());
    return ExitCode::done;
  }
  const dataset::Imported imported =
      dataset::import_to_bids(survey, placed, context.path("output"), context.progress());
  for (const std::string& failure : imported.failures) context.report("left out: " + failure);
  context.report(std::to_string(imported.scans) + " scans and " + std::to_string(imported.masks) +
                 " masks of " + std::to_string(imported.participants) + " participants");
  context.out() << context.path("output").string() << "\n";
  return imported.failures.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace

Command import_command() {
  Command command{
      .name = "import",
      .purpose = "bring scans from a hospital's export or another layout into BIDS",
      .description =
          "Looks through a folder of DICOM files (nested, mixed, of any name), of image files "
          "(NIfTI, NRRD, MetaImage), of nnU-Net's raw data, or a BIDS tree; finds the FLAIR, T1w, "
          "T1w with contrast agent and T2w of every person and visit, and masks where there are "
          "some; and writes a BIDS tree. import.json there says of every image what it was taken "
          "for, or why it was left. Series that make no volume (a slice missing, two at one place, "
          "a localiser, a mosaic, diffusion) are named and left.\n\nNames of persons become "
          "participants' labels: the tree is as identifying as its source. --dry-run shows what "
          "would be taken and writes nothing; --names gives other names. --deidentify makes "
          "pseudonyms of them, takes out all else that identifies a person, and says what it did; "
          "docs/privacy.md says what that promises.",
      .options =
          {{.name = "input",
            .letter = 'i',
            .type = OptionType::path,
            .unit = "FOLDER",
            .help = "The folder to look through."},
           {.name = "output",
            .letter = 'o',
            .type = OptionType::path,
            .unit = "FOLDER",
            .help = "The BIDS tree to make; needed unless --dry-run is given."},
           {.name = "from",
            .unit = "FORM",
            .default_value = "auto",
            .choices = {"auto", "dicom", "nifti", "nnunet", "bids"},
            .help =
                "What the folder holds. auto: nnU-Net where a dataset.json names channels, BIDS "
                "where there are sub- folders, else DICOM or image files; where there are both, "
                "those with a FLAIR, DICOM first."},
           {.name = "dataset",
            .unit = "NAME",
            .help = "The folder is the download of this public set, in its own layout; --catalogue "
                    "lists them."},
           {.name = "catalogue",
            .type = OptionType::flag,
            .help = "Print the public sets that are known: terms, citation, where to get them."},
           {.name = "names",
            .type = OptionType::path,
            .unit = "FILE",
            .help =
                "Table (TSV) that names persons: columns person and participant_id, and perhaps "
                "visit and session."},
           {.name = "dry-run",
            .type = OptionType::flag,
            .help = "Print a table of what would be taken, and write nothing."}},
      .example = {"dawson import -i export -o bids", "A BIDS tree of the scans in export."},
      .exit_codes = {ExitCode::input, ExitCode::output, ExitCode::model, ExitCode::partial,
                     ExitCode::check},
      .run = import};
  for (Option& option : deidentify_options()) command.options.push_back(std::move(option));
  return command;
}

}  // namespace dawson::cli
