// A person's name and numbers, put wherever a DICOM file can hold them, and looked for in bytes.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace dawson::made {

/// None of these occurs in DICOM by itself.
inline const std::string family = "Beeblebrox", given = "Zaphod", number = "4711081542",
                         hospital = "Magrathea", street = "Frogstar";
inline const std::vector<std::string> planted{family, given, number, hospital, street};

/// The text as bytes may hold it: as it is, in capitals and small letters, two bytes a character in
/// either order, and with every two bytes exchanged, as in words of the other byte order.
inline std::vector<std::string> spellings(const std::string& text) {
  std::vector<std::string> all{text, text, text};
  for (char& c : all[1]) c = static_cast<char>(std::toupper(c));
  for (char& c : all[2]) c = static_cast<char>(std::tolower(c));
  for (std::size_t n = 0; n < 3; ++n) {
    std::string little, big, exchanged = all[n];
    for (const char c : all[n]) {
      little += c;
      little += '\0';
      big += '\0';
      big += c;
    }
    for (std::size_t i = 0; i + 1 < exchanged.size(); i += 2) {
      std::swap(exchanged[i], exchanged[i + 1]);
    }
    all.push_back(little);
    all.push_back(big);
    all.push_back(exchanged.substr(0, exchanged.size() & ~std::size_t{1}));
  }
  return all;
}

/// What of the planted is in the bytes; empty: nothing.
inline std::string found_in(const std::string& bytes) {
  for (const std::string& text : planted) {
    for (const std::string& spelling : spellings(text)) {
      if (bytes.find(spelling) != std::string::npos) return text;
    }
  }
  return {};
}

inline std::string bytes_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void put_bytes(DcmItem& item, const DcmTag& tag, const std::string& text) {
  std::string even = text + (text.size() % 2 == 1 ? " " : "");
  auto* element = new DcmOtherByteOtherWord(tag);
  element->setVR(tag.getEVR());
  if (tag.getEVR() == EVR_OW) {
    element->putUint16Array(reinterpret_cast<const Uint16*>(even.data()), even.size() / 2);
  } else {
    element->putUint8Array(reinterpret_cast<const Uint8*>(even.data()), even.size());
  }
  item.insert(element, true);
}

/// In attributes that the profile names and in some that it does not, of every representation that
/// holds text or bytes.
inline void plant_in_standard(DcmItem& d) {
  const auto text = [&d](const DcmTagKey& tag, const std::string& value) {
    d.putAndInsertString(tag, value.c_str());
  };
  text(DCM_PatientName, family + "^" + given);
  text(DCM_PatientID, number);
  text(DCM_PatientBirthDate, "19521013");
  text(DCM_OtherPatientNames, given + "^" + family);
  text(DCM_PatientAddress, street + " 42");                              // LO
  text(DCM_AccessionNumber, number);                                     // SH
  text(DCM_InstitutionName, hospital);                                   // LO
  text(DCM_InstitutionAddress, street);                                  // ST
  text(DCM_StationName, hospital + "1");                                 // SH
  text(DCM_ReferringPhysicianName, family);                              // PN
  text(DCM_StudyDescription, "MRT of " + family);                        // LO
  text(DCM_SeriesDescription, "t2_flair_tra " + family);                 // LO
  text(DCM_ProtocolName, "flair " + given);                              // LO
  text(DCM_ImageComments, "seen by " + given);                           // LT
  text(DCM_AdditionalPatientHistory, family + " fell");                  // LT
  text(DCM_TextString, given);                                           // ST
  text(DCM_TextValue, family + " " + number);                            // UT
  text(DCM_LongCodeValue, hospital);                                     // UC
  text(DCM_RetrieveURL, "http://" + hospital + "/" + number);            // UR
  text(DCM_RetrieveAETitle, hospital);                                   // AE
  text(DCM_StationAETitle, hospital);                                    // AE
  text(DCM_ScanOptions, "ZAPHOD\\BEEBLEBROX");                           // CS
  text(DCM_BodyPartExamined, "BEEBLEBROX");                              // CS
  text(DCM_SequenceName, "*tir2d " + family);                            // SH, technical
  text(DCM_SoftwareVersions, "syngo " + hospital);                       // LO, technical
  text(DCM_ReceiveCoilName, "HEAD " + given);                            // SH, technical
  text(DCM_AcquisitionNumber, number);                                   // IS
  text(DCM_DeviceSerialNumber, number);                                  // LO
  text(DCM_InstanceCreatorUID, "1.2." + number);                         // UI
  text(DCM_FrameOfReferenceUID, "1.3." + number);                        // UI
  text(DCM_ImageID, number);                                             // SH, not named
  put_bytes(d, DcmTag(0x0042, 0x0011, EVR_OB), family + number);         // OB: a document
  put_bytes(d, DcmTag(0x5400, 0x0110, EVR_OB), given + family);          // OB, named nowhere
  put_bytes(d, DcmTag(0x0028, 0x2000, EVR_OB), "profile of " + family);  // OB, technical
  put_bytes(d, DcmTag(0x6000, 0x3000, EVR_OW), family + given + number);
  text(DcmTag(0x6000, 0x4000, EVR_LT), "over " + family);
  text(DcmTag(0x6002, 0x0022, EVR_LO), "over " + family);
  put_bytes(d, DcmTag(0x5002, 0x3000, EVR_OW), "curve of " + family + " ");
  put_bytes(d, DcmTag(0xFFFC, 0xFFFC, EVR_OB), "padding " + family);
}

/// In private elements of every representation, and in one that calls itself safe.
inline void plant_in_private(DcmItem& d) {
  d.putAndInsertString(DcmTag(0x0029, 0x0010, EVR_LO), (hospital + " PRIVATE").c_str());
  int at = 0x1000;
  for (const DcmEVR vr : {EVR_AE, EVR_CS, EVR_LO, EVR_LT, EVR_PN, EVR_SH, EVR_ST, EVR_UC, EVR_UR,
                          EVR_UT, EVR_IS, EVR_DS}) {
    const bool is_number = vr == EVR_IS || vr == EVR_DS;
    d.putAndInsertString(DcmTag(0x0029, Uint16(at++), vr), (is_number ? number : family).c_str());
  }
  put_bytes(d, DcmTag(0x0029, 0x1050, EVR_OB), family + given);
  put_bytes(d, DcmTag(0x0029, 0x1051, EVR_UN), family + number);
  d.putAndInsertString(DcmTag(0x0019, 0x0010, EVR_LO), "SIEMENS MR HEADER");
  d.putAndInsertString(DcmTag(0x0019, 0x100C, EVR_IS), "1000");
  d.putAndInsertString(DcmTag(0x0019, 0x100D, EVR_CS), "BEEBLEBROX");
  d.putAndInsertString(DcmTag(0x0019, 0x1018, EVR_LO), family.c_str());
}

/// All of that, and again within sequences, the standard's and private ones, three deep.
inline void plant_everywhere(DcmItem& d, int depth = 3) {
  plant_in_standard(d);
  plant_in_private(d);
  if (depth == 0) return;
  for (const DcmTag& sequence :
       {DcmTag(DCM_RequestAttributesSequence), DcmTag(DCM_ReferencedImageSequence),
        DcmTag(DCM_SharedFunctionalGroupsSequence), DcmTag(DCM_AcquisitionContextSequence),
        DcmTag(DCM_IconImageSequence), DcmTag(0x0029, 0x1080, EVR_SQ),
        DcmTag(DCM_AnatomicRegionSequence)}) {
    DcmItem* item = nullptr;
    if (d.findOrCreateSequenceItem(sequence, item, 0).good()) plant_everywhere(*item, depth - 1);
  }
}

}  // namespace dawson::made
