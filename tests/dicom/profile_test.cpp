// Rows of PS3.15, Table E.1-1 (2026d), and what is chosen from them.
#include "dawson/dicom/profile.h"

#include <gtest/gtest.h>

namespace dawson::dicom {
namespace {

Action action(std::uint16_t group, std::uint16_t element, const Profile& profile = {}) {
  Row row;
  if (!find_row(group, element, profile, row)) ADD_FAILURE() << "no such row";
  return row.action;
}

TEST(Profiles, FollowTheBasicColumn) {
  EXPECT_EQ(table_edition(), "2026d");
  EXPECT_EQ(action(0x0010, 0x0010), Action::empty);        // Patient's Name: Z
  EXPECT_EQ(action(0x0010, 0x1001), Action::remove);       // Other Patient Names: X
  EXPECT_EQ(action(0x0008, 0x0018), Action::replace_uid);  // SOP Instance UID: U
  EXPECT_EQ(action(0x0008, 0x0080), Action::dummy);        // Institution Name: X/Z/D
  EXPECT_EQ(action(0x0008, 0x0022), Action::empty);        // Acquisition Date: X/Z
  EXPECT_EQ(action(0x0008, 0x1140), Action::replace_uid);  // Referenced Image Sequence: X/Z/U*
}

TEST(Profiles, LetOptionsSpeakForTheirColumns) {
  EXPECT_EQ(action(0x0008, 0x0020, {.dates = Dates::kept}), Action::keep);
  EXPECT_EQ(action(0x0008, 0x0020, {.dates = Dates::shifted}), Action::clean);
  EXPECT_EQ(action(0x0018, 0x1000), Action::dummy);
  EXPECT_EQ(action(0x0018, 0x1000, {.device = true}), Action::keep);
  EXPECT_EQ(action(0x0008, 0x0080, {.institution = true}), Action::keep);
  EXPECT_EQ(action(0x0010, 0x1010, {.patient = true}), Action::keep);
  EXPECT_EQ(action(0x0008, 0x103E), Action::remove);
  EXPECT_EQ(action(0x0008, 0x103E, {.descriptors = true}), Action::clean);
  EXPECT_EQ(action(0x0020, 0x000D, {.uids = true}), Action::keep);
}

TEST(Profiles, KnowRepeatingGroups) {
  EXPECT_EQ(action(0x6002, 0x3000), Action::remove);
  EXPECT_EQ(action(0x6002, 0x3000, {.graphics = true}), Action::clean);
  EXPECT_EQ(action(0x5012, 0x0005), Action::remove);
  Row row;
  EXPECT_FALSE(find_row(0x0028, 0x0010, {}, row)) << "Rows identify nobody";
}

TEST(Profiles, SayTheirCodesAndAreMadeOfThem) {
  const Profile all{Dates::shifted, true, true, true, true, true, true, true, true, true, true};
  std::vector<std::string> values;
  for (const Profile::Code& code : all.codes()) values.push_back(code.value);
  EXPECT_EQ(values.size(), 12U);
  EXPECT_EQ(values.front(), "113100");
  const Profile again = Profile::of_codes(values);
  EXPECT_EQ(again.dates, Dates::shifted);
  EXPECT_TRUE(again.safe_private && again.uids && again.device && again.institution &&
              again.patient && again.descriptors && again.structured && again.graphics &&
              again.pixels && again.features);
  EXPECT_EQ(Profile{}.codes().size(), 1U);
}

}  // namespace
}  // namespace dawson::dicom
