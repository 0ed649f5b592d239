// T1w and T2w as they are asked for on the command line.
#include "support/made_sequences.h"
#include "support/made_tree.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

class AskedSequences : public ProgramTest {};

TEST_F(AskedSequences, NamesThatAreNoneAreRefused) {
  made::add_to_tree(path("data"), "sub-01", made::head(made::coarse_grid()));
  expect_refusal(2, "there is no sequence 'T3w'", "prepare -i data -o cache --sequences T1w,T3w");
  expect_refusal(2, "names 'T1w' twice", "prepare -i data -o cache --sequences T1w,T1w");
  expect_refusal(2, "is for lesions", "prepare -i data -o cache --target brain --sequences T1w");
}

TEST_F(AskedSequences, AModelThatReadsFlairAloneRefusesAT1w) {
  scan("sub-01_FLAIR.nii.gz");
  scan("sub-01_T1w.nii.gz");
  expect_refusal(2, "the model 'lesion' does not read a T1w",
                 "segment -i sub-01_FLAIR.nii.gz --t1w sub-01_T1w.nii.gz -o out");
}

TEST_F(AskedSequences, OneT1wDoesNotBelongToSeveralScans) {
  scan("a.nii.gz");
  scan("b.nii.gz");
  expect_refusal(2, "belongs to one scan", "segment -i a.nii.gz -i b.nii.gz --t1w a.nii.gz -o out");
}

TEST_F(AskedSequences, PrepareMakesAChannelOfEachInTheirOrder) {
  const made::Head head = made::head(made::coarse_grid());
  made::add_to_tree(path("data"), "sub-01", head);
  volume::write_nifti(path("data/sub-01/anat/sub-01_T1w.nii.gz"), made::t1w(head.scan));
  const Ended ended = dawson(
      "prepare -i data -o cache --sequences T2w,T1w --in-plane 4 --slice 4 --keep-bias "
      "--progress none");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(json("cache/index.json").at("recipe").at("channels"),
            (core::Json{"FLAIR", "T1w", "T2w", "lesion_frequency"}));
}

}  // namespace
}  // namespace dawson::cli
