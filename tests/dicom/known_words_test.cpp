#include "dawson/dicom/known_words.h"

#include <gtest/gtest.h>

namespace dawson::dicom {
namespace {

KnownWords of_names(const std::string& name) {
  KnownWords words;
  words.add_name(name);
  return words;
}

TEST(KnownWords, AreFoundInAnyCaseAndAccent) {
  const KnownWords words = of_names("M\xC3\xBCller^Ren\xC3\xA9=\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD");
  for (const char* text : {"MULLER", "Mueller 3", "m\xC3\x9Cller", "tirRENE", "rene",
                           "\xD0\x98\xD0\x92\xD0\x90\xD0\x9D"}) {
    EXPECT_TRUE(words.occur_in(text)) << text;
  }
  EXPECT_FALSE(words.occur_in("t2_tirm_tra"));
}

TEST(KnownWords, AreTakenApartWhateverParts) {
  for (const char* name : {"Meyer_Anna", "Meyer.Anna", "Meyer/Anna", "Meyer'Anna",
                           "Meyer\xC2\xA0"
                           "Anna",
                           "Meyer\xE3\x80\x80"
                           "Anna"}) {
    EXPECT_TRUE(of_names(name).occur_in("tirMeyer")) << name;
    EXPECT_TRUE(of_names(name).occur_in_code("ANNA")) << name;
  }
}

TEST(KnownWords, OfThreeLettersAreWordsOfTheirOwn) {
  const KnownWords words = of_names("Fox^Li");
  EXPECT_TRUE(words.occur_in("for fox"));
  EXPECT_FALSE(words.occur_in("foxtrot"));
  EXPECT_FALSE(words.occur_in("Li")) << "two letters are not looked for";
}

TEST(KnownWords, OfSeveralValuesAreEach) {
  KnownWords words;
  words.add_value("AB12345\\CD-67890");
  EXPECT_TRUE(words.occur_in("x ab12345"));
  EXPECT_TRUE(words.occur_in("CD67890"));
  EXPECT_TRUE(words.occur_in("cd 678-90"));
  EXPECT_FALSE(words.occur_in("12345"));
}

}  // namespace
}  // namespace dawson::dicom
