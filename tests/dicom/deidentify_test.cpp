// Whatever was planted in a DICOM file, no byte of it is in the one that is written.
#include "dawson/dicom/deidentify.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/dicom/pixels.h"
#include "dawson/dicom/stack.h"
#include "dawson/dicom/temporal.h"
#include "dicom/made_series.h"
#include "dicom/planted.h"
#include "support/temporary_folder.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

Profile everything_kept() {
  return {Dates::shifted, true, false, false, false, true, true, true, true, false, false};
}

class Deidentify : public ::testing::Test {
 protected:
  /// One slice, changed as wanted, under `in`.
  fs::path made(const made::SeriesSettings& settings = {}) const {
    made::write_series(folder_ / "in", made::numbered(made::oblique_grid()), settings);
    return folder_ / "in/IM1";
  }

  [[nodiscard]] Deidentified run(const fs::path& file, const DeidentifySettings& settings = {},
                                 const std::string& name = "out.dcm") const {
    return deidentify(file, folder_ / name, settings, pseudonyms_);
  }

  [[nodiscard]] std::string text(const DcmTagKey& tag, const std::string& name = "out.dcm") const {
    DcmFileFormat format;
    EXPECT_TRUE(format.loadFile((folder_ / name).c_str()).good());
    OFString value;
    format.getDataset()->findAndGetOFStringArray(tag, value, true);
    return value.c_str();
  }

  [[nodiscard]] bool has(const DcmTagKey& tag, bool anywhere = false) const {
    DcmFileFormat format;
    EXPECT_TRUE(format.loadFile((folder_ / "out.dcm").c_str()).good());
    return format.getDataset()->tagExists(tag, anywhere);
  }

  testing::TemporaryFolder folder_;
  /// Known, so that no digits of a UID look like a leak by chance.
  static core::SecretKey known_key() {
    const testing::TemporaryFolder folder;
    testing::write(folder / "key", "dawson key 1\n" + std::string(64, 'a') + "\n");
    return core::SecretKey::read(folder / "key");
  }

  core::SecretKey key_ = known_key();
  Pseudonyms pseudonyms_{key_};
};

TEST_F(Deidentify, LeavesNothingOfWhatWasPlanted) {
  for (const E_TransferSyntax syntax :
       {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit,
        EXS_DeflatedLittleEndianExplicit, EXS_RLELossless}) {
    made::SeriesSettings settings;
    settings.syntax = syntax;
    settings.change = [](DcmDataset& d, int) { made::plant_everywhere(d); };
    const fs::path file = made(settings);
    if (syntax != EXS_DeflatedLittleEndianExplicit) {
      ASSERT_FALSE(made::found_in(made::bytes_of_file(file)).empty()) << "nothing was planted";
    }
    for (const Profile& profile : {Profile{}, everything_kept()}) {
      const Deidentified done = run(file, {profile, {}});
      EXPECT_EQ(made::found_in(made::bytes_of_file(folder_ / "out.dcm")), "") << int(syntax);
      for (const Audit::Line& line : done.audit.lines()) {
        EXPECT_EQ(made::found_in(line.attribute + line.done + line.why), "")
            << "the audit names values: " << line.attribute;
      }
      const auto remaining = remaining_identifiers(folder_ / "out.dcm").lines();
      EXPECT_TRUE(remaining.empty()) << remaining.front().attribute << remaining.front().why;
    }
  }
}

TEST_F(Deidentify, FindsThePlantedInFilesAsTheyCome) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) { made::plant_everywhere(d, 1); };
  EXPECT_GT(remaining_identifiers(made(settings)).lines().size(), 40U);
}

TEST_F(Deidentify, LeavesNothingBeforeBetweenAndBehind) {
  const fs::path file = made();
  std::string bytes = made::bytes_of_file(file);
  bytes.replace(0, made::family.size(), made::family);  // the preamble
  DcmFileFormat format;
  format.loadFile(file.c_str());
  DcmDataset& d = *format.getDataset();
  format.getMetaInfo()->putAndInsertString(DCM_SourceApplicationEntityTitle, "BEEBLEBROX");
  format.getMetaInfo()->putAndInsertString(DcmTag(0x0002, 0x0100, EVR_UI), "1.2.4711081542");
  made::put_bytes(*format.getMetaInfo(), DcmTag(0x0002, 0x0102, EVR_OB), made::family);
  std::vector<Uint16> longer(6 * 5);
  const std::string behind = made::family + made::family;
  for (std::size_t i = 0; i + 1 < behind.size(); i += 2) {
    longer.push_back(Uint16(behind[i] | behind[i + 1] << 8));
  }
  d.putAndInsertUint16Array(DCM_PixelData, longer.data(), longer.size());
  ASSERT_TRUE(format.saveFile(file.c_str(), EXS_LittleEndianExplicit).good());
  bytes = made::bytes_of_file(file);
  bytes.replace(0, made::family.size(), made::family);
  testing::write(file, bytes);
  ASSERT_EQ(made::found_in(bytes), made::family);
  (void)run(file);
  EXPECT_EQ(made::found_in(made::bytes_of_file(folder_ / "out.dcm")), "");
}

TEST_F(Deidentify, TakesTextsOfOtherCharacterSets) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) {
    made::put(d, DCM_SpecificCharacterSet, "ISO_IR 100");
    made::put(d, DCM_PatientName, "M\xFCller^J\xFCrgen");
    made::put(d, DCM_SequenceName, "tir M\xFCller");
  };
  (void)run(made(settings));
  const std::string bytes = made::bytes_of_file(folder_ / "out.dcm");
  EXPECT_EQ(bytes.find("M\xFCller"), std::string::npos);
  EXPECT_EQ(bytes.find("M\xC3\xBCller"), std::string::npos);
  EXPECT_EQ(bytes.find("ller"), std::string::npos);
}

/// What an officer would try: each value in an attribute that stays, or behind one that is cut off.
TEST_F(Deidentify, IsNotFooledByHowAValueIsWritten) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) {
    const auto put = [&d](const DcmTagKey& tag, const std::string& value) {
      d.putAndInsertOFStringArray(tag, OFString(value.data(), value.size()));
    };
    using std::string_literals::operator""s;
    made::put(d, DCM_SpecificCharacterSet, "ISO_IR 192");
    put(DCM_PatientName, "M\xC3\xBCller_Rose^Anna");
    put(DCM_PatientID, "98765");
    put(DCM_OtherPatientNames, "Wu.Tang/Clan");
    put(DCM_RETIRED_OtherPatientIDs, "AB12345\\CD67890");
    put(DCM_AccessionNumber, "\0ACCLEAK"s);
    put(DCM_StationName, "REMOVED\0STATIONLEAK"s);
    put(DCM_SequenceName, "tir\0SEQLEAK"s);
    put(DCM_PulseSequenceName, "tir CD67890");
    put(DCM_SoftwareVersions, "syngo 9-8765");
    put(DCM_ReceiveCoilName, "HEAD M\xC3\x9CLLER");
    put(DCM_TransmitCoilName, "HEAD MUELLER");
    put(DCM_Manufacturer, "Clan");
    put(DCM_BodyPartExamined, "ROSE");
    put(DCM_StackID, "20200131");
    put(DCM_StudyDate, "20200131-20200202");
    put(DCM_SeriesDate, "20200131Anna");
    put(DCM_StudyTime, "Anna");
    put(DCM_PatientAge, "1200M");
    put(DCM_FrameOfReferenceUID, "1.2.840.10008.Anna");
    put(DCM_SeriesDescription, "T2 FLAIR 31.01.50 tel 030 123 456 78");
    made::put_bytes(d, DcmTag(0x0028, 0x3006, EVR_OW), "lut 98765 Anna");
    made::put_bytes(d, DcmTag(0x0028, 0x2000, EVR_OB), "icc Anna");
    const Uint8 letters[] = "AnnaAnna";
    auto* disguised = new DcmFloatingPointDouble(DcmTag(DCM_ViewName, DcmVR(EVR_FD)));
    disguised->putFloat64Array(reinterpret_cast<const Float64*>(letters), 1);
    d.insert(disguised, true);
  };
  const fs::path file = made(settings);
  Profile profile = everything_kept();
  for (const Dates dates : {Dates::shifted, Dates::kept}) {
    profile.dates = dates;
    (void)run(file, {profile, {}});
    const std::string bytes = made::bytes_of_file(folder_ / "out.dcm");
    for (const char* leak : {"LEAK", "CD67890", "8765", "LLER", "MUELLER", "Clan", "ROSE", "Anna",
                             "20200202", "1200M", "030 123", "31.01", "icc", "AnnaAnna"}) {
      EXPECT_EQ(bytes.find(leak), std::string::npos) << leak;
    }
    EXPECT_EQ(text(DCM_StackID), "REMOVED");
    EXPECT_EQ(text(DCM_PatientAge), "");
    EXPECT_EQ(text(DCM_SeriesDescription), "T2 FLAIR");
    EXPECT_EQ(text(DCM_Modality), "MR");
  }
}

TEST_F(Deidentify, EmptiesWhatIsBlank) {  // the fuzzer found it
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) { made::put(d, DCM_PatientSex, "  "); };
  (void)run(made(settings));
  EXPECT_TRUE(remaining_identifiers(folder_ / "out.dcm").lines().empty());
}

TEST_F(Deidentify, SaysThatTextIsThereWhereItWasLeft) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) { made::put(d, DCM_BurnedInAnnotation, "YES"); };
  EXPECT_EQ(run(made(settings)).text_lines, 1U);
  EXPECT_EQ(text(DCM_BurnedInAnnotation), "YES");
  EXPECT_FALSE(run(made(settings), {{.pixels = true}, {}}).text_is_covered) << "nobody found it";
}

TEST_F(Deidentify, IsTheSameUnderTheSameKey) {
  const fs::path file = made();
  (void)run(file, {}, "a.dcm");
  (void)run(file, {}, "b.dcm");
  EXPECT_EQ(made::bytes_of_file(folder_ / "a.dcm"), made::bytes_of_file(folder_ / "b.dcm"));
  (void)deidentify(file, folder_ / "c.dcm", {}, Pseudonyms(core::SecretKey::random()));
  EXPECT_NE(made::bytes_of_file(folder_ / "a.dcm"), made::bytes_of_file(folder_ / "c.dcm"));
}

TEST_F(Deidentify, KeepsReferencesBetweenFiles) {
  made::SeriesSettings settings;
  settings.change = [&settings](DcmDataset& d, int k) {
    DcmItem* item = nullptr;
    d.findOrCreateSequenceItem(DCM_ReferencedImageSequence, item, 0);
    made::put(*item, DCM_ReferencedSOPClassUID, UID_MRImageStorage);
    made::put(*item, DCM_ReferencedSOPInstanceUID, settings.uid + ".2." + std::to_string(k + 2));
  };
  (void)made(settings);
  const Deidentified first = run(folder_ / "in/IM0", {}, "0.dcm");
  const Deidentified second = run(folder_ / "in/IM1", {}, "1.dcm");
  EXPECT_EQ(first.series, second.series);
  EXPECT_EQ(first.study, second.study);
  EXPECT_NE(first.instance, second.instance);
  EXPECT_EQ(text(DCM_ReferencedSOPInstanceUID, "0.dcm"), second.instance);
  EXPECT_EQ(text(DCM_ReferencedSOPClassUID, "0.dcm"), UID_MRImageStorage);
  EXPECT_TRUE(first.instance.starts_with("2.25."));
}

TEST_F(Deidentify, SaysWhatWasDone) {
  (void)run(made(), {{.dates = Dates::shifted, .device = true}, {}});
  EXPECT_EQ(text(DCM_PatientIdentityRemoved), "YES");
  EXPECT_NE(text(DCM_DeidentificationMethod).find("DICOM PS3.15 2026d"), std::string::npos);
  EXPECT_EQ(text(DCM_LongitudinalTemporalInformationModified), "MODIFIED");
  EXPECT_EQ(text(DCM_RecognizableVisualFeatures), "YES");
  EXPECT_FALSE(has(DCM_BurnedInAnnotation));
  DcmFileFormat format;
  format.loadFile((folder_ / "out.dcm").c_str());
  std::vector<std::string> codes;
  DcmItem* item = nullptr;
  for (long n = 0; format.getDataset()
                       ->findAndGetSequenceItem(DCM_DeidentificationMethodCodeSequence, item, n)
                       .good();
       ++n) {
    OFString value;
    item->findAndGetOFString(DCM_CodeValue, value);
    codes.emplace_back(value.c_str());
  }
  EXPECT_EQ(codes, (std::vector<std::string>{"113100", "113107", "113109"}));
}

TEST_F(Deidentify, KeepsWhatIsAskedFor) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) {
    made::put(d, DCM_StudyDate, "20200301");
    made::put(d, DCM_StudyTime, "101500");
    made::put(d, DCM_PatientAge, "093Y");
    made::put(d, DCM_InstitutionName, "Saint Elsewhere");
    made::put(d, DCM_DeviceSerialNumber, "45321");
    d.putAndInsertString(DcmTag(0x0019, 0x0010, EVR_LO), "SIEMENS MR HEADER");
    d.putAndInsertString(DcmTag(0x0019, 0x100C, EVR_IS), "1000");
    d.putAndInsertString(DcmTag(0x0019, 0x1008, EVR_CS), "IMAGE NUM 4");
  };
  const fs::path file = made(settings);
  (void)run(file);
  EXPECT_EQ(text(DCM_StudyDate), "");
  EXPECT_EQ(text(DCM_PatientAge), "");
  EXPECT_EQ(text(DCM_PatientSex), "");
  EXPECT_EQ(text(DCM_InstitutionName), "REMOVED");
  EXPECT_FALSE(has(DCM_SeriesDescription));
  EXPECT_FALSE(has({0x0019, 0x100C}));
  EXPECT_EQ(text(DCM_EchoTime), "119");

  (void)run(file,
            {{.dates = Dates::kept, .device = true, .institution = true, .patient = true}, {}});
  EXPECT_EQ(text(DCM_StudyDate), "20200301");
  EXPECT_EQ(text(DCM_PatientAge), "090Y") << "above 89 are one group";
  EXPECT_EQ(text(DCM_PatientSex), "F");
  EXPECT_EQ(text(DCM_InstitutionName), "Saint Elsewhere");
  EXPECT_EQ(text(DCM_DeviceSerialNumber), "45321");

  (void)run(file, {{.dates = Dates::shifted, .safe_private = true, .descriptors = true}, {}});
  EXPECT_EQ(text(DCM_StudyDate), *moved_back("20200301", pseudonyms_.days_back("P-17")));
  EXPECT_EQ(text(DCM_StudyTime), "101500");
  EXPECT_EQ(text(DCM_SeriesDescription), "t2_flair_tra");
  EXPECT_EQ(text({0x0019, 0x100C}), "1000");
  EXPECT_FALSE(has({0x0019, 0x1008})) << "not among the safe ones";

  (void)run(file, {{.uids = true}, {}});
  EXPECT_EQ(text(DCM_SeriesInstanceUID), settings.uid);
}

TEST_F(Deidentify, LeavesEveryVoxelAsItWas) {
  for (const E_TransferSyntax syntax : {EXS_LittleEndianExplicit, EXS_BigEndianExplicit,
                                        EXS_DeflatedLittleEndianExplicit, EXS_RLELossless}) {
    const volume::Image image = made::numbered(made::oblique_grid());
    made::SeriesSettings settings;
    settings.syntax = syntax;
    fs::remove_all(folder_ / "in");
    fs::remove_all(folder_ / "clean");
    made::write_series(folder_ / "in", image, settings);
    fs::create_directories(folder_ / "clean");
    for (int k = 0; k < image.grid.size[2]; ++k) {
      const std::string name = "IM" + std::to_string(k);
      (void)run(folder_ / ("in/" + name), {}, "clean/" + name);
    }
    Progress progress;
    const Found found = find_series(folder_ / "clean", progress);
    ASSERT_EQ(found.series.size(), 1U);
    const volume::Image read = read_volume(found.series.front(), progress);
    EXPECT_EQ(read.data, image.data);
    EXPECT_TRUE(volume::same_grid(read.grid, image.grid));
  }
}

TEST_F(Deidentify, TakesEnhancedImages) {
  const volume::Image image = made::numbered(made::oblique_grid());
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) { made::plant_everywhere(d, 2); };
  made::write_enhanced(folder_ / "in/enhanced", image, settings);
  (void)run(folder_ / "in/enhanced", {everything_kept(), {}});
  EXPECT_EQ(made::found_in(made::bytes_of_file(folder_ / "out.dcm")), "");
  const auto header = read_header(folder_ / "out.dcm");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->slices.size(), 4U);
  EXPECT_EQ(read_pixels(folder_ / "out.dcm", 6, 5, 4), image.data);
}

TEST_F(Deidentify, HidesPlaces) {
  const fs::path file = made();
  const auto before = read_header(file);
  const double middle = before->slices.front().origin[0];
  const Deidentified done =
      run(file, {{.features = true}, [middle](const volume::Vector3& p) { return p[0] > middle; }});
  EXPECT_GT(done.hidden_pixels, 10U);
  EXPECT_LT(done.hidden_pixels, 30U);
  EXPECT_EQ(text(DCM_RecognizableVisualFeatures), "NO");
}

TEST_F(Deidentify, KeepsOverlaysWithoutTextWhereAskedTo) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) {
    d.putAndInsertUint16(DcmTag(0x6000, 0x0010, EVR_US), 5);
    d.putAndInsertUint16(DcmTag(0x6000, 0x0011, EVR_US), 6);
    d.putAndInsertString(DcmTag(0x6000, 0x0040, EVR_CS), "R");
    made::put_bytes(d, DcmTag(0x6000, 0x3000, EVR_OW), std::string("\x01\x02\x00\x01", 4));
  };
  const fs::path file = made(settings);
  (void)run(file);
  EXPECT_FALSE(has({0x6000, 0x3000}));
  EXPECT_FALSE(has({0x6000, 0x0010}));
  (void)run(file, {{.graphics = true}, {}});
  EXPECT_TRUE(has({0x6000, 0x3000}));
}

TEST_F(Deidentify, ClearsOverlaysOutOfThePixelsBits) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) {
    d.putAndInsertUint16(DCM_BitsStored, 12);
    d.putAndInsertUint16(DCM_HighBit, 11);
    d.putAndInsertUint16(DcmTag(0x6000, 0x0100, EVR_US), 16);
    d.putAndInsertUint16(DcmTag(0x6000, 0x0102, EVR_US), 15);
    const std::vector<Uint16> pixels(30, 0x8123);
    d.putAndInsertUint16Array(DCM_PixelData, pixels.data(), pixels.size());
  };
  (void)run(made(settings));
  DcmFileFormat format;
  format.loadFile((folder_ / "out.dcm").c_str());
  const Uint16* pixels = nullptr;
  format.getDataset()->findAndGetUint16Array(DCM_PixelData, pixels);
  ASSERT_NE(pixels, nullptr);
  EXPECT_EQ(pixels[7], 0x0123);
}

TEST_F(Deidentify, RefusesWhatIsNoImageOfMr) {
  made::SeriesSettings settings;
  settings.change = [](DcmDataset& d, int) {
    made::put(d, DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
  };
  EXPECT_THROW((void)run(made(settings)), Error);
  settings.change = [](DcmDataset& d, int) { d.findAndDeleteElement(DCM_StudyInstanceUID); };
  EXPECT_THROW((void)run(made(settings)), Error);
  testing::write(folder_ / "text", "no DICOM");
  EXPECT_THROW((void)run(folder_ / "text"), Error);
  EXPECT_FALSE(fs::exists(folder_ / "out.dcm"));
}

}  // namespace
}  // namespace dawson::dicom
