#include "dawson/dicom/pseudonyms.h"

#include <gtest/gtest.h>

#include <set>

#include "support/temporary_folder.h"

namespace dawson::dicom {
namespace {

core::SecretKey known_key() {
  const testing::TemporaryFolder folder;
  testing::write(
      folder / "key",
      "dawson key 1\n000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
  return core::SecretKey::read(folder / "key");
}

TEST(Pseudonyms, AreTheSameUnderTheSameKeyAlone) {
  const Pseudonyms ours(known_key()), again(known_key()), others(core::SecretKey::random());
  EXPECT_EQ(ours.person("P-17"), again.person("P-17"));
  EXPECT_NE(ours.person("P-17"), ours.person("P-18"));
  EXPECT_NE(ours.person("P-17"), others.person("P-17"));
  EXPECT_NE(ours.uid("1.2.3"), others.uid("1.2.3"));
}

TEST(Pseudonyms, ReplaceUidsByOnesBelow225) {
  const Pseudonyms pseudonyms(known_key());
  // The first 16 bytes of the digest in secret_key_test.cpp, version 8 and variant set, by Python.
  EXPECT_EQ(pseudonyms.uid("1.2.3"), "2.25.307536282589889189705726762311879346110");
  EXPECT_LE(pseudonyms.uid("1.2.4").size(), 64U);
}

TEST(Pseudonyms, OfManyPersonsDiffer) {
  const Pseudonyms pseudonyms(known_key());
  std::set<std::string> persons, uids;
  for (int i = 0; i < 20000; ++i) {
    persons.insert(pseudonyms.person(std::to_string(i)));
    uids.insert(pseudonyms.uid(std::to_string(i)));
  }
  EXPECT_EQ(persons.size(), 20000U);
  EXPECT_EQ(uids.size(), 20000U);
}

TEST(Pseudonyms, MoveDatesByOneShiftAPerson) {
  const Pseudonyms pseudonyms(known_key());
  std::set<int> shifts;
  for (int i = 0; i < 200; ++i) shifts.insert(pseudonyms.days_back(std::to_string(i)));
  EXPECT_GE(*shifts.begin(), 1);
  EXPECT_LE(*shifts.rbegin(), 3652);
  EXPECT_GT(shifts.size(), 150U);
  EXPECT_EQ(pseudonyms.days_back("a"), pseudonyms.days_back("a"));
}

}  // namespace
}  // namespace dawson::dicom
