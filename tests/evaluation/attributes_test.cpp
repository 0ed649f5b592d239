#include "dawson/evaluation/attributes.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "support/folder_test.h"

namespace dawson::evaluation {
namespace {

class PatientTables : public made::FolderTest {
 protected:
  [[nodiscard]] PatientTable read(const std::string& text) const {
    std::ofstream(place("participants.tsv"), std::ios::binary) << text;
    return read_patient_table(folder() / "participants.tsv");
  }
};

TEST_F(PatientTables, KeepEveryColumn) {
  const PatientTable t = read("participant_id\tage\tscanner\nsub-01\t34\tA\nsub-02\t n/a \t\n");
  EXPECT_TRUE(t.has_column("scanner"));
  EXPECT_FALSE(t.has_column("participant_id"));
  ASSERT_NE(t.find("tabriz/sub-01"), nullptr);
  EXPECT_EQ(t.find("tabriz/sub-01")->at("scanner"), "A");
  EXPECT_EQ(t.find("sub-02")->at("age"), "n/a");
  EXPECT_EQ(t.find("sub-02")->at("scanner"), "n/a");
  EXPECT_EQ(t.find("sub-03"), nullptr);
  EXPECT_TRUE(t.warnings.empty());
}

TEST_F(PatientTables, FindPatientsByFullNameFirst) {
  const PatientTable t = read("participant_id\tsex\na/sub-01\tF\nsub-01\tM\n7\tF\n");
  EXPECT_EQ(t.find("a/sub-01")->at("sex"), "F");
  EXPECT_EQ(t.find("b/sub-01")->at("sex"), "M");
  EXPECT_EQ(t.find("b/sub-7")->at("sex"), "F");
}

TEST_F(PatientTables, ReadWhatEditorsMakeOfThem) {
  const PatientTable t = read("\xEF\xBB\xBFparticipant_id\tsex\r\nsub-01\tF\r\n\r\nsub-02\tM\r\n");
  EXPECT_EQ(t.patients.size(), 2U);
  EXPECT_EQ(t.find("sub-02")->at("sex"), "M");
}

TEST_F(PatientTables, LeaveOutRowsThatCannotBeReadAndSaySo) {
  const PatientTable t =
      read("participant_id\tage\nsub-01\nsub-02\t30\t4\nsub-03\t50\nsub-03\t51\nn/a\t3\n");
  EXPECT_EQ(t.patients.size(), 1U);
  EXPECT_EQ(t.find("sub-03")->at("age"), "50");
  ASSERT_EQ(t.warnings.size(), 4U);
  EXPECT_EQ(t.warnings[0],
            "participants.tsv, line 2, was left out: it has 1 cells where the header has 2");
  EXPECT_NE(t.warnings[2].find("line 5, was left out: sub-03 is there already"), std::string::npos);
}

TEST_F(PatientTables, AreRefusedWithoutParticipants) {
  EXPECT_THROW(read("name,age\nx,4\n"), Error);
  EXPECT_THROW(read(""), Error);
  EXPECT_THROW(read_patient_table(folder() / "absent.tsv"), Error);
}

TEST_F(PatientTables, AreFoundAboveAMask) {
  touch("tree/participants.tsv");
  touch("tree/derivatives/manual_masks/sub-01/ses-1/anat/m.nii.gz");
  EXPECT_EQ(
      patient_table_above(folder() / "tree/derivatives/manual_masks/sub-01/ses-1/anat/m.nii.gz"),
      folder() / "tree/participants.tsv");
  EXPECT_TRUE(patient_table_above(folder() / "other/m.nii.gz").empty());
}

TEST(Groups, MakeBandsOfAges) {
  for (const auto& [age, band] :
       std::vector<std::pair<std::string, std::string>>{{"0", "< 30"},
                                                        {"29.9", "< 30"},
                                                        {"30", "30–39"},
                                                        {"39.99", "30–39"},
                                                        {"40", "40–49"},
                                                        {"59", "50–59"},
                                                        {"60", "≥ 60"},
                                                        {"89+", "≥ 60"}}) {
    EXPECT_EQ(group_of("age", age).group, band) << age;
    EXPECT_EQ(group_of("age", age).warning, "") << age;
  }
}

TEST(Groups, SayWhichValuesAreOdd) {
  for (const char* age : {"old", "-3", "340", "34y", "3O"}) {
    EXPECT_EQ(group_of("age", age).group, "n/a") << age;
    EXPECT_NE(group_of("age", age).warning.find(age), std::string::npos) << age;
  }
  EXPECT_EQ(group_of("sex", "42").group, "n/a");
  EXPECT_FALSE(group_of("sex", "42").warning.empty());
  EXPECT_EQ(group_of("scanner", std::string(300, 'x')).group, "n/a");
  for (const char* missing : {"", "n/a", "N/A", "nan", "unknown", "-"}) {
    EXPECT_EQ(group_of("age", missing).group, "n/a");
    EXPECT_EQ(group_of("age", missing).warning, "") << "missing is not odd";
  }
}

TEST(Groups, KnowTheSpellingsOfSexAndKeepOtherText) {
  for (const char* f : {"F", "f", "Female", "female"}) EXPECT_EQ(group_of("sex", f).group, "F");
  EXPECT_EQ(group_of("gender", "M").group, "M");
  EXPECT_EQ(group_of("scanner", "Siemens <1.5 T>").group, "Siemens <1.5 T>");
}

TEST(Groups, StandInTheirOrder) {
  std::vector<std::string> groups{"n/a", "≥ 60", "40–49", "< 30", "30–39"};
  std::sort(groups.begin(), groups.end(), group_before);
  EXPECT_EQ(groups, (std::vector<std::string>{"< 30", "30–39", "40–49", "≥ 60", "n/a"}));
}

}  // namespace
}  // namespace dawson::evaluation
