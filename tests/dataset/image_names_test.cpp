#include "dawson/dataset/image_names.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dawson::dataset {
namespace {

using Words = std::vector<std::string>;

TEST(WordsOf, SplitsAtMarksAndCapitals) {
  EXPECT_EQ(words_of("01-LesionSeg_FLAIR"), (Words{"01", "Lesion", "Seg", "FLAIR"}));
  EXPECT_EQ(words_of("P12 T2w.brainMask"), (Words{"P12", "T2w", "brain", "Mask"}));
  EXPECT_EQ(words_of("FLAIRMask"), (Words{"FLAIR", "Mask"}));
  EXPECT_EQ(words_of("Müller_1"), (Words{"Müller", "1"}));
  EXPECT_TRUE(words_of("--").empty());
}

TEST(WordsOf, KeepsADateWhole) {
  EXPECT_EQ(words_of("P1_2020-01-31_FLAIR"), (Words{"P1", "20200131", "FLAIR"}));
}

struct Case {
  const char* name;
  std::optional<Kind> kind;
  const char* person;
  const char* visit;
};

class PartsOf : public ::testing::TestWithParam<Case> {};

TEST_P(PartsOf, FindsImagePersonAndVisit) {
  const NameParts parts = parts_of(GetParam().name);
  EXPECT_EQ(parts.kind, GetParam().kind);
  EXPECT_EQ(parts.person, GetParam().person);
  EXPECT_EQ(parts.visit, GetParam().visit);
}

// Names as public sets and hospitals have them.
INSTANTIATE_TEST_SUITE_P(
    Names, PartsOf,
    ::testing::Values(Case{"FLAIR", Kind::flair, "", ""}, Case{"P1_FLAIR", Kind::flair, "P1", ""},
                      Case{"patient01_FLAIR_preprocessed", Kind::flair, "patient01", ""},
                      Case{"T2_FLAIR", Kind::flair, "", ""},
                      Case{"P7_T2_FLAIR_ax", Kind::flair, "P7", ""},
                      Case{"P1_T1_FLAIR", Kind::flair, "P1", "t1"},
                      Case{"P1_T3_T1", Kind::t1w, "P1", "t3"},
                      Case{"training01_02_flair", Kind::flair, "training01_02", ""},
                      Case{"3DFLAIR", Kind::flair, "", ""}, Case{"1-Flair", Kind::flair, "1", ""},
                      Case{"1-LesionSeg-Flair", Kind::lesion_mask, "1", ""},
                      Case{"1-LesionSeg-T1", std::nullopt, "1", ""},
                      Case{"patient1_consensus_gt", Kind::lesion_mask, "patient1", ""},
                      Case{"Consensus", Kind::lesion_mask, "", ""},
                      Case{"case3_brainmask", Kind::brain_mask, "case3", ""},
                      Case{"case3_brain_mask", Kind::brain_mask, "case3", ""},
                      Case{"case3_ventricle_mask", Kind::ventricle_mask, "case3", ""},
                      Case{"case3_lesion_mask_in_brain", Kind::lesion_mask, "case3_in", ""},
                      Case{"wmh", Kind::lesion_mask, "", ""},
                      Case{"anna_MPRAGE_Gd", Kind::t1w_contrast, "anna", ""},
                      Case{"anna_T1C", Kind::t1w_contrast, "anna", ""},
                      Case{"anna_ses-02_T2w", Kind::t2w, "anna", "ses02"},
                      Case{"anna_tp1_T2w", Kind::t2w, "anna", "tp1"},
                      Case{"anna_2019-11-02_T1w", Kind::t1w, "anna", "20191102"},
                      Case{"anna_baseline_T1w", Kind::t1w, "anna", "baseline"},
                      Case{"anna_PD", std::nullopt, "anna", ""},
                      Case{"anna_FLAIR_probseg", std::nullopt, "anna_probseg", ""}));

TEST(VisitIsEarlier, CountsAsPeopleDo) {
  std::vector<std::string> visits{"tp10", "tp2", "baseline", "20200131", "tp02x", "20191230"};
  std::sort(visits.begin(), visits.end(), visit_is_earlier);
  EXPECT_EQ(visits,
            (std::vector<std::string>{"baseline", "20191230", "20200131", "tp2", "tp02x", "tp10"}));
  EXPECT_FALSE(visit_is_earlier("tp2", "tp2"));
  EXPECT_FALSE(visit_is_earlier("tp02", "tp2"));
  EXPECT_FALSE(visit_is_earlier("tp2", "tp02"));
}

TEST(KindOfWords, OfAWordWithoutEndIsUnknown) {
  // std::regex would recurse into each letter.
  EXPECT_EQ(kind_of_words(words_of("prob" + std::string(1'000'000, 'a'))), std::nullopt);
  EXPECT_EQ(kind_of_words(words_of("FLAIR_mask" + std::string(1'000'000, '1'))), Kind::flair);
}

TEST(SaysLesion, KnowsTheWords) {
  EXPECT_TRUE(says_lesion("MS lesions"));
  EXPECT_TRUE(says_lesion("WMH"));
  EXPECT_FALSE(says_lesion("other pathology"));
}

}  // namespace
}  // namespace dawson::dataset
