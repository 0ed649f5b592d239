// Over random data sets: wherever the person's name stands, it is gone afterwards, and doing it
// again changes nothing that is still to be changed.
#include <gtest/gtest.h>

#include "dawson/core/random.h"
#include "dawson/dicom/deidentify.h"
#include "dicom/made_series.h"
#include "dicom/planted.h"
#include "support/temporary_folder.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

/// A text with the name in it at a random place, as the representation can hold it.
std::string text_with_name(core::Random& random, DcmEVR vr) {
  if (vr == EVR_IS || vr == EVR_DS) return made::number;
  if (vr == EVR_DA) return "19521013";
  if (vr == EVR_TM) return "101500";
  if (vr == EVR_DT) return "19521013101500";
  if (vr == EVR_AS) return "067Y";
  if (vr == EVR_UI) return "1.2." + made::number;
  const auto letters = [&random](std::uint64_t most) {
    std::string text;
    for (std::uint64_t n = random.below(most); n > 0; --n) {
      text += static_cast<char>('A' + random.below(26));
    }
    return text;
  };
  std::string name = random.chance(0.5) ? made::family : made::given;
  if (vr == EVR_CS) {
    for (char& c : name) c = static_cast<char>(std::toupper(c));
    return letters(3) + name;
  }
  return letters(8) + (random.chance(0.5) ? " " : "") + name + letters(8);
}

/// Elements of the dictionary, drawn anew each time, private ones and sequences among them.
void fill(core::Random& random, DcmItem& item, int depth) {
  DcmDataDictionary& dictionary = dcmDataDict.wrlock();
  std::vector<DcmTag> known;
  for (auto at = dictionary.normalBegin(); at != dictionary.normalEnd(); ++at) {
    const DcmTagKey key = (*at)->getKey();
    const bool data = key.getGroup() >= 0x0008 && key.getGroup() < 0x7FE0;
    if (!data || key.getGroup() % 2 == 1 || key.getElement() == 0) continue;
    known.emplace_back(key, DcmVR((*at)->getEVR()));
  }
  dcmDataDict.wrunlock();
  for (int n = 0; n < 30; ++n) {
    const DcmTag& tag = known[random.below(known.size())];
    const DcmEVR vr = tag.getEVR();
    if (tag.getGroup() == 0x0028 || tag == DCM_SOPClassUID || item.tagExists(tag)) continue;
    if (vr == EVR_SQ && depth > 0) {
      DcmItem* inner = nullptr;
      if (item.findOrCreateSequenceItem(tag, inner, -2).good()) fill(random, *inner, depth - 1);
    } else if (vr == EVR_OB || vr == EVR_OW) {
      made::put_bytes(item, tag, text_with_name(random, EVR_UT));
    } else if (vr != EVR_SQ && vr != EVR_AT) {
      item.putAndInsertString(tag, text_with_name(random, vr).c_str());
    }
  }
  const auto group = static_cast<Uint16>(0x0009 + 2 * random.below(40));
  item.putAndInsertString(DcmTag(group, 0x0010, EVR_LO), text_with_name(random, EVR_LO).c_str());
  item.putAndInsertString(DcmTag(group, 0x1001, EVR_UT), text_with_name(random, EVR_UT).c_str());
}

TEST(DeidentifyProperty, NoNameIsLeftInAnyDataSet) {
  const testing::TemporaryFolder folder;
  const Pseudonyms pseudonyms(core::SecretKey::random());
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    core::Random random(seed);
    const bool options = random.chance(0.5);
    made::SeriesSettings settings;
    settings.syntax = random.chance(0.5) ? EXS_LittleEndianImplicit : EXS_BigEndianExplicit;
    settings.change = [&random](DcmDataset& d, int k) {
      if (k > 0) return;
      fill(random, d, 2);
      made::put(d, DCM_PatientName, made::family + "^" + made::given);
      made::put(d, DCM_PatientID, made::number);
    };
    made::write_series(folder / "in", made::numbered(made::oblique_grid()), settings);
    const Profile profile{random.chance(0.5) ? Dates::shifted : Dates::removed,
                          options,
                          false,
                          false,
                          false,
                          options,
                          options,
                          options,
                          options,
                          false,
                          false};
    (void)deidentify(folder / "in/IM0", folder / "out", {profile, {}}, pseudonyms);
    ASSERT_EQ(made::found_in(made::bytes_of_file(folder / "out")), "") << "seed " << seed;
    const auto remaining = remaining_identifiers(folder / "out").lines();
    ASSERT_TRUE(remaining.empty())
        << "seed " << seed << ": " << remaining.front().attribute << " " << remaining.front().why;
  }
}

}  // namespace
}  // namespace dawson::dicom
