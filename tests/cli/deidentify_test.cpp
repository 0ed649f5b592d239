// import --deidentify, as somebody does it who has to answer for what leaves the house.
#include <cmath>

#include "dawson/dicom/known_words.h"
#include "dawson/volume/whole_file.h"
#include "dicom/made_series.h"
#include "dicom/planted.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class ImportDeidentify : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    made::SeriesSettings settings;
    settings.change = [](DcmDataset& d, int) {
      made::plant_everywhere(d, 1);
      made::put(d, DCM_StudyDate, "20200131");
    };
    made::write_series(path("Beeblebrox_Zaphod/20200131"), made::numbered(made::oblique_grid()),
                       settings);
    ASSERT_EQ(dawson("import --new-key key").code, 0);
  }

  /// What of the planted is below a folder, in bytes (inflated too) or names; empty: nothing.
  [[nodiscard]] std::string found_below(const std::string& name) const {
    for (const auto& entry : fs::recursive_directory_iterator(path(name))) {
      const std::string own = entry.path().lexically_relative(path(name)).string();
      if (const std::string found = made::found_in(own); !found.empty()) return own + ": " + found;
      if (!entry.is_regular_file()) continue;
      const std::string found = made::found_in(volume::read_whole_file(entry.path()));
      if (!found.empty()) return own + ": " + found;
    }
    return {};
  }

  static void expect_silent(const Ended& ended) {
    EXPECT_EQ(made::found_in(ended.out + ended.err), "") << ended.out << ended.err;
  }
};

TEST_F(ImportDeidentify, LeavesNobodyInATree) {
  const Ended ended = dawson("import -i Beeblebrox_Zaphod -o bids --deidentify --key key");
  ASSERT_EQ(ended.code, 0) << ended.err;
  expect_silent(ended);
  EXPECT_EQ(found_below("bids"), "");
  const Ended verified = dawson("import --verify-deidentified bids");
  EXPECT_EQ(verified.code, 0) << verified.out;
  const core::Json audit = core::read_json(path("bids/deidentification.json"));
  EXPECT_EQ(audit["persons"], 1);
  EXPECT_EQ(audit["table"], "DICOM PS3.15 2026d, Table E.1-1");
  EXPECT_GT(audit["attributes"].size(), 3U);
  ASSERT_EQ(dawson("import -i Beeblebrox_Zaphod -o again --deidentify --key key").code, 0);
  EXPECT_EQ(testing::read(path("bids/participants.tsv")),
            testing::read(path("again/participants.tsv")));
}

TEST_F(ImportDeidentify, LeavesNobodyInDicom) {
  const Ended ended = dawson(
      "import -i Beeblebrox_Zaphod -o out --deidentify --to dicom --key key --dates shifted "
      "--clean descriptors --clean graphics --retain safe-private");
  ASSERT_EQ(ended.code, 0) << ended.err;
  expect_silent(ended);
  EXPECT_EQ(found_below("out"), "");
  const Ended verified = dawson("import --verify-deidentified out");
  EXPECT_EQ(verified.code, 0) << verified.out;
  const Ended bids = dawson("import -i out -o bids");
  EXPECT_EQ(bids.code, 0) << bids.err;
  EXPECT_NE(bids.err.find("1 scans"), std::string::npos) << "and it is still a FLAIR";
}

TEST_F(ImportDeidentify, FindsWhatIsLeft) {
  const Ended found = dawson("import --verify-deidentified Beeblebrox_Zaphod");
  EXPECT_EQ(found.code, 8);
  EXPECT_NE(found.out.find("PatientName"), std::string::npos);
  EXPECT_NE(found.out.find("the name holds a date"), std::string::npos);
  EXPECT_NE(found.out.find("private"), std::string::npos);
}

TEST_F(ImportDeidentify, FindsWhatIsSaidInTablesTextsAndLinks) {
  ASSERT_EQ(dawson("import -i Beeblebrox_Zaphod -o tree --deidentify --key key").code, 0);
  ASSERT_EQ(dawson("import --verify-deidentified tree").code, 0);
  const auto expect_found = [this](const std::string& words) {
    const Ended ended = dawson("import --verify-deidentified tree");
    EXPECT_EQ(ended.code, 8) << words;
    EXPECT_NE(ended.out.find(words), std::string::npos) << ended.out;
  };
  testing::write(path("tree/more.tsv"), "participant_id\tname\nsub-01\tAnna Meyer\n");
  expect_found("more.tsv\tcolumn name");
  fs::remove(path("tree/more.tsv"));
  const std::string readme = testing::read(path("tree/README"));
  testing::write(path("tree/README"), "Anna Meyer, born 1950\n");
  expect_found("README\tis of a kind that nobody looked into");
  testing::write(path("tree/README"), readme);
  fs::create_directory_symlink("..", path("tree/up"));
  expect_found("up\tis a link");
  fs::remove(path("tree/up"));
  fs::create_directory(path("tree/Meyer^Anna"));
  expect_found("Meyer^Anna\tthe name looks like a person's");
}

TEST_F(ImportDeidentify, FindsGivenWordsInCompressedBytes) {
  volume::Image image = made::numbered(made::oblique_grid());
  fs::create_directories(path("tree"));
  volume::write_nifti(path("tree/scan.nii.gz"), image);
  EXPECT_EQ(dawson("import --verify-deidentified tree").code, 0);
  const std::string hidden = "zaphod";
  std::memcpy(image.data.data(), hidden.data(), hidden.size());
  volume::write_nifti(path("tree/scan.nii.gz"), image);
  testing::write(path("words"), "Zaphod\n4711\n");
  EXPECT_EQ(dawson("import --verify-deidentified tree").code, 0);
  EXPECT_EQ(dawson("import --verify-deidentified tree --words words").code, 8);
}

TEST_F(ImportDeidentify, TakesNamesOutOfBidsTrees) {
  ASSERT_EQ(dawson("import -i Beeblebrox_Zaphod -o named").code, 0);
  fs::rename(path("named/sub-4711081542"), path("named/sub-Beeblebrox"));
  for (const std::string ending : {".nii.gz", ".json"}) {
    fs::rename(path("named/sub-Beeblebrox/anat/sub-4711081542_FLAIR" + ending),
               path("named/sub-Beeblebrox/anat/sub-Beeblebrox_acq-Zaphod_FLAIR" + ending));
  }
  testing::write(path("named/participants.tsv"),
                 "participant_id\tage\tsex\tsite\tscanner\nsub-Beeblebrox\t93\tM\tMagrathea\t"
                 "Siemens Magrathea\n");
  testing::write(path("named/sub-Beeblebrox/anat/sub-Beeblebrox_acq-Zaphod_FLAIR.json"),
                 R"({"EchoTime": 0.1, "PatientName": "Zaphod", "Manufacturer": "Beeblebrox Inc",
                     "AcquisitionDateTime": "2020-01-31T10:00:00"})");
  EXPECT_EQ(dawson("import --verify-deidentified named").code, 8);
  const Ended ended = dawson("import -i named -o clean --deidentify --key key --retain patient");
  ASSERT_EQ(ended.code, 0) << ended.err;
  expect_silent(ended);
  EXPECT_EQ(found_below("clean"), "");
  EXPECT_NE(testing::read(path("clean/participants.tsv")).find("\t90.0\tM"), std::string::npos)
      << testing::read(path("clean/participants.tsv"));
  EXPECT_EQ(dawson("import --verify-deidentified clean").code, 0);
}

TEST_F(ImportDeidentify, KeepsACrosswalkForTheKeysOwner) {
  ASSERT_EQ(
      dawson("import -i Beeblebrox_Zaphod -o bids --deidentify --key key --crosswalk who").code, 0);
  EXPECT_EQ(made::found_in(testing::read(path("who"))), "");
  const Ended opened = dawson("import --open-crosswalk who --key key");
  EXPECT_EQ(opened.code, 0) << opened.err;
  EXPECT_NE(opened.out.find("4711081542\tP"), std::string::npos) << opened.out;
  ASSERT_EQ(dawson("import --new-key other").code, 0);
  EXPECT_EQ(dawson("import --open-crosswalk who --key other").code, 3);
  EXPECT_EQ(
      dawson("import -i Beeblebrox_Zaphod -o more --deidentify --key key --crosswalk who").code, 4);
  EXPECT_FALSE(fs::exists(path("more")));
}

TEST_F(ImportDeidentify, RefusesWhatContradictsItself) {
  testing::write(path("no-key"), "a password");
  EXPECT_EQ(dawson("import -i Beeblebrox_Zaphod -o bids --deidentify --key no-key").code, 3);
  EXPECT_EQ(dawson("import -i Beeblebrox_Zaphod -o bids --deidentify --key absent").code, 3);
  EXPECT_EQ(dawson("import -i Beeblebrox_Zaphod -o bids --key key").code, 2);
  EXPECT_EQ(dawson("import -i Beeblebrox_Zaphod -o bids --to dicom").code, 2);
  EXPECT_EQ(dawson("import -i Beeblebrox_Zaphod -o Beeblebrox_Zaphod/out --deidentify").code, 2);
  EXPECT_EQ(dawson("import --new-key key").code, 4) << "a key is never written over";
  EXPECT_FALSE(fs::exists(path("bids")));
  const Ended without = dawson("import -i Beeblebrox_Zaphod -o bids --deidentify");
  EXPECT_EQ(without.code, 0);
  EXPECT_NE(without.err.find("no --key is given"), std::string::npos);
}

TEST_F(ImportDeidentify, StopsAtTextInThePixelsWhereAskedTo) {
  volume::Image image(made::oblique_grid());
  image = volume::Image({{64, 32, 4}, {1, 1, 3}, image.grid.direction, {0, 0, 0}});
  for (int letter = 0; letter < 8; ++letter) {  // eight marks of 3 x 7 in a row
    for (int y = 5; y < 12; ++y) {
      for (int x = 0; x < 3; ++x) image.at(4 + 6 * letter + x, y, 1) = 900;
    }
  }
  made::write_series(path("drawn"), image);
  const Ended warned = dawson("import -i drawn -o a --deidentify --key key --to dicom");
  EXPECT_EQ(warned.code, 0) << warned.err;
  EXPECT_NE(warned.err.find("1 lines in the pixels look like text"), std::string::npos);
  for (const std::string form : {"bids", "dicom"}) {
    EXPECT_EQ(dawson("import -i drawn -o b --deidentify --key key --strict --to " + form).code, 8);
    EXPECT_FALSE(fs::exists(path("b")));
    EXPECT_EQ(dawson("import -i drawn -o c-" + form +
                     " --deidentify --key key --strict --clean pixels --to " + form)
                  .code,
              0);
  }
}

TEST_F(ImportDeidentify, GoesOnToAReportThatNamesNobody) {
  volume::Image head = made::head(made::coarse_grid()).scan;
  for (float& v : head.data) v = std::max(0.0F, v);
  made::SeriesSettings settings;
  settings.uid = "1.2.77";
  settings.change = [](DcmDataset& d, int) { made::plant_everywhere(d, 1); };
  made::write_series(path("Zaphod"), head, settings);
  for (const std::string form : {"bids", "dicom"}) {
    const Ended imported =
        dawson("import -i Zaphod -o " + form + " --deidentify --key key --to " + form);
    ASSERT_EQ(imported.code, 0) << imported.err;
    const Ended ended = dawson("segment -i " + form + " -o out-" + form + " --progress plain");
    ASSERT_EQ(ended.code, 0) << ended.err;
    expect_silent(imported);
    expect_silent(ended);
    EXPECT_EQ(found_below("out-" + form), "");
    EXPECT_FALSE(fs::is_empty(path("out-" + form)));
  }
}

TEST_F(ImportDeidentify, LetsNoUidLeadOutOfTheFolder) {
  made::SeriesSettings settings;
  settings.uid = "../../../escaped";
  made::write_series(path("tricky"), made::numbered(made::oblique_grid()), settings);
  const Ended ended =
      dawson("import -i tricky -o out --deidentify --key key --to dicom --retain uids");
  EXPECT_EQ(ended.code, 0) << ended.err;
  for (const std::string& name : contents()) {
    EXPECT_EQ(name.find("escaped"), std::string::npos) << name;
  }
}

TEST_F(ImportDeidentify, LooksForANameThatOnlyTheHeaderHas) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) {
    made::put(d, DCM_PatientName, "Meyer^Anna");
    made::put(d, DCM_PatientSex, "ANNA");
    made::put(d, DCM_Manufacturer, "SIEMENS Meyer");
    made::put(d, DCM_ImageType, "ORIGINAL\\PRIMARY\\MEYER");
  };
  made::write_series(path("in"), made::numbered(made::oblique_grid()), settings);
  ASSERT_EQ(dawson("import -i in -o bids --deidentify --key key --retain patient").code, 0);
  for (const auto& entry : fs::recursive_directory_iterator(path("bids"))) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = dicom::folded(volume::read_whole_file(entry.path()));
    EXPECT_EQ(bytes.find("meyer"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find("anna"), std::string::npos) << entry.path();
  }
}

TEST_F(ImportDeidentify, TakesOutFaces) {
  volume::Image head = made::head(made::coarse_grid()).scan;
  for (float& v : head.data) v = std::max(0.0F, v);
  made::SeriesSettings flair, t1w, elsewhere;
  flair.uid = "1.2.77";
  t1w.uid = "1.2.78";
  elsewhere.uid = "1.2.79";
  t1w.description = elsewhere.description = "t1_se";
  t1w.inversion_ms = elsewhere.inversion_ms = 0;
  t1w.echo_ms = elsewhere.echo_ms = 12;
  t1w.repetition_ms = elsewhere.repetition_ms = 500;
  for (made::SeriesSettings* settings : {&flair, &t1w, &elsewhere}) {
    settings->change = [settings, &elsewhere](DcmDataset& d, int) {
      made::put(d, DCM_StudyInstanceUID, "1.2.7");
      made::put(d, DCM_FrameOfReferenceUID, settings == &elsewhere ? "1.2.8" : "1.2.9");
    };
  }
  made::write_series(path("in/flair"), head, flair);
  made::write_series(path("in/t1w"), head, t1w);
  const Ended bids = dawson("import -i in -o bids --deidentify --key key --deface");
  ASSERT_EQ(bids.code, 0) << bids.err;
  const core::Json audit = core::read_json(path("bids/deidentification.json"));
  bool told = false;
  for (const auto& line : audit["attributes"]) {
    told = told || (line["attribute"] == "image: face" && line["count"] == 2);
  }
  EXPECT_TRUE(told) << audit.dump(1);
  for (const auto& entry : fs::recursive_directory_iterator(path("bids"))) {
    if (!entry.path().string().ends_with(".nii.gz")) continue;
    const volume::Image left = volume::read_nifti(entry.path()).image;
    std::size_t changed = 0;
    for (std::size_t v = 0; v < left.data.size(); ++v) {
      const float before = std::floor(head.data[v]);  // as DICOM holds it
      if (left.data[v] == before) continue;
      EXPECT_EQ(left.data[v], 0) << "what is changed is taken out";
      ++changed;
    }
    EXPECT_GT(changed, 0U) << entry.path();
    EXPECT_LT(changed, left.data.size() / 3) << entry.path();
  }
  made::write_series(path("in/elsewhere"), head, elsewhere);
  const Ended dicom = dawson("import -i in -o out --deidentify --key key --deface --to dicom");
  EXPECT_EQ(dicom.code, 7) << dicom.err;
  EXPECT_NE(dicom.err.find("another frame of reference"), std::string::npos) << dicom.err;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path("out"))) {
    files += entry.path().extension() == ".dcm" ? 1 : 0;
  }
  EXPECT_EQ(files, 2 * std::size_t(head.grid.size[2]));
  made::write_series(path("alone"), head, t1w);
  EXPECT_EQ(dawson("import -i alone -o none --deidentify --key key --deface --to dicom").code, 3);
  EXPECT_FALSE(fs::exists(path("none")));
}

TEST_F(ImportDeidentify, KeepsWhatIsSecretOutOfTheTree) {
  fs::create_directories(path("out"));
  EXPECT_EQ(
      dawson("import -i Beeblebrox_Zaphod -o out --deidentify --key key --crosswalk out/who").code,
      2);
  EXPECT_EQ(dawson("import -i Beeblebrox_Zaphod --deidentify --key key --dry-run").code, 2);
  fs::create_directories(path("empty/Beeblebrox^Zaphod"));
  testing::write(path("empty/Beeblebrox^Zaphod/no.dcm"), std::string(128, ' ') + "DICMxx");
  const Ended refused = dawson("import -i empty -o bids --deidentify --key key");
  EXPECT_EQ(refused.code, 3);
  expect_silent(refused);
}

/// A folder appears in one step: at whatever moment the process is killed, it is whole or absent.
TEST_F(ImportDeidentify, LeavesNothingHalfWayWhenKilled) {
  made::SeriesSettings settings;
  settings.uid = "1.2.99";
  made::write_series(path("many"),
                     volume::Image({{6, 5, 150}, {1, 1, 2}, made::oblique_grid().direction, {}}),
                     settings);
  for (const char* seconds : {"1.0", "1.2", "1.4", "1.7", "2.0"}) {
    const std::string name = std::string("out-") + seconds;
    (void)std::system(("cd '" + path("").string() + "' && timeout -s KILL " + seconds + " " +
                       DAWSON_PROGRAM + " import -i many -o " + name +
                       " --deidentify --key key --to dicom >/dev/null 2>&1")
                          .c_str());
    if (!fs::exists(path(name))) continue;
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(path(name))) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    EXPECT_EQ(files, 151U) << name;
  }
}

}  // namespace
}  // namespace dawson::cli
