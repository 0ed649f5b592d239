#include "dawson/dicom/temporal.h"

#include <gtest/gtest.h>

namespace dawson::dicom {
namespace {

TEST(Dates, AreMovedOverMonthsAndLeapYears) {
  EXPECT_EQ(moved_back("20200301", 1), "20200229");
  EXPECT_EQ(moved_back("20210301", 1), "20210228");
  EXPECT_EQ(moved_back("20200101", 366), "20181231");
  EXPECT_EQ(moved_back("20200301120000.5+0100", 1), "20200229120000.5+0100");
}

TEST(Dates, ThatAreNoneAreNotMoved) {
  for (const char* text : {"", "2020", "20201301", "2020.01.31", "DoeJane1", "00010101",
                           "20200131-20200202", "20200131Doe^Jane", "20200131 "}) {
    EXPECT_FALSE(moved_back(text, 10)) << text;
  }
}

TEST(Times, HoldNothingElse) {
  for (const char* text : {"10", "1015", "101500", "101500.25"}) EXPECT_TRUE(is_time(text)) << text;
  for (const char* text : {"", "1", "Doe", "101500Doe", "10:15:00", "101500.", "101500.1234567"}) {
    EXPECT_FALSE(is_time(text)) << text;
  }
}

TEST(Ages, AboveEightyNineAreOne) {
  EXPECT_EQ(told_age("089Y"), "089Y");
  EXPECT_EQ(told_age("095Y"), "090Y");
  EXPECT_EQ(told_age("999M"), "999M");
  EXPECT_EQ(told_age("018M"), "018M");
  for (const char* text : {"95Y", "095y", "101", "1200M", "095Y\\096Y", "Doe", ""}) {
    EXPECT_FALSE(told_age(text)) << text;
  }
}

TEST(Dates, AreSeenInTexts) {
  for (const char* text : {"20200131", "ses-20200131", "2020-01-31", "born 31.01.1950", "1/31/50",
                           "20200131101500", "v 2020.01.31"}) {
    EXPECT_TRUE(says_a_date(text)) << text;
  }
  for (const char* text : {"19000101", "syngo MR E11", "1.2.840.10008", "12345678", "3.0.21",
                           "t2_3mm", "2.25.20200131202001312020"}) {
    EXPECT_FALSE(says_a_date(text)) << text;
  }
}

}  // namespace
}  // namespace dawson::dicom
