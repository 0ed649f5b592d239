#include "dawson/dicom/sequence.h"

#include <gtest/gtest.h>

namespace dawson::dicom {
namespace {

Facts facts(const std::string& description, double tr, double te, double ti,
            const std::string& sequence = "SE") {
  Facts f;
  f.modality = "MR";
  f.image_type = {"ORIGINAL", "PRIMARY", "M"};
  f.description = description;
  f.repetition_ms = tr;
  f.echo_ms = te;
  f.inversion_ms = ti;
  f.scanning_sequence = sequence;
  return f;
}

Sequence sequence_of(const Facts& f) {
  return guess_sequence(f).sequence;
}

TEST(GuessSequence, GoesByTimesFirst) {
  EXPECT_EQ(sequence_of(facts("ax 3", 9000, 119, 2500, "SE\\IR")), Sequence::flair);
  EXPECT_EQ(sequence_of(facts("spc ir 3D", 5000, 388, 1800, "SE\\IR")), Sequence::flair);
  EXPECT_EQ(sequence_of(facts("mprage", 2300, 2.9, 900, "GR\\IR")), Sequence::t1w);
  EXPECT_EQ(sequence_of(facts("flair", 2000, 10, 860, "SE\\IR")), Sequence::t1w);  // a T1 FLAIR
  EXPECT_EQ(sequence_of(facts("stir", 4000, 60, 150, "SE\\IR")), Sequence::other);
  EXPECT_EQ(sequence_of(facts("ax", 4500, 100, 0)), Sequence::t2w);
  EXPECT_EQ(sequence_of(facts("ax", 3500, 15, 0)), Sequence::other);  // proton density
  EXPECT_EQ(sequence_of(facts("ax", 550, 12, 0)), Sequence::t1w);
  EXPECT_EQ(sequence_of(facts("swi", 28, 20, 0, "GR")), Sequence::other);
}

TEST(GuessSequence, GoesByNamesWhereNoTimesAreSaid) {
  EXPECT_EQ(sequence_of(facts("T2_TIRM_dark-fluid", 0, 0, 0)), Sequence::flair);
  EXPECT_EQ(sequence_of(facts("3D FLAIR sag", 4800, 340, 0)), Sequence::flair);
  EXPECT_EQ(sequence_of(facts("t1_mprage_sag", 0, 0, 0)), Sequence::t1w);
  EXPECT_EQ(sequence_of(facts("t2_tse_tra", 0, 0, 0)), Sequence::t2w);
  EXPECT_EQ(sequence_of(facts("series 4", 0, 0, 0)), Sequence::other);
  EXPECT_NE(guess_sequence(facts("T2_TIRM", 0, 0, 0)).why.find("T2_TIRM"), std::string::npos);
}

TEST(GuessSequence, KnowsAContrastAgent) {
  EXPECT_EQ(sequence_of(facts("t1_se_tra_Gd", 550, 12, 0)), Sequence::t1w_contrast);
  Facts f = facts("t1", 550, 12, 0);
  f.contrast_agent = "Gadovist";
  EXPECT_EQ(sequence_of(f), Sequence::t1w_contrast);
  EXPECT_EQ(sequence_of(facts("FLAIR post Gd", 9000, 120, 2500)), Sequence::flair);
}

TEST(GuessSequence, LeavesOutWhatIsNoScanOfAHead) {
  Facts f = facts("FLAIR", 9000, 120, 2500);
  for (const char* type : {"LOCALIZER", "MOSAIC", "MPR", "ADC", "PROJECTION IMAGE"}) {
    f.image_type = {"DERIVED", "PRIMARY", type};
    EXPECT_EQ(sequence_of(f), Sequence::other) << type;
  }
  f.image_type = {"DERIVED", "PRIMARY", "FILTERED"};
  EXPECT_EQ(sequence_of(f), Sequence::flair);
  f.modality = "CT";
  EXPECT_EQ(sequence_of(f), Sequence::other);
  EXPECT_EQ(sequence_of(facts("ep2d_diff trace", 6000, 90, 2500)), Sequence::other);
}

}  // namespace
}  // namespace dawson::dicom
