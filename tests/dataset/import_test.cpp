// From a survey to names, and to a BIDS tree.
#include "dawson/dataset/import.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/participants.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

volume::Grid grid_of(int size) {
  volume::Grid grid;
  grid.size = {size, 3, 2};
  grid.spacing = {1, 1, 3};
  return grid;
}

FoundImage found(const std::string& person, const std::string& visit, Kind kind, int size = 4) {
  FoundImage image;
  image.name = person + " " + visit + " " + name_of(kind);
  image.person = person;
  image.visit = visit;
  image.kind = kind;
  image.why = "its name";
  image.read = [size, kind](Progress&) {
    volume::NiftiImage read;
    read.image = volume::Image(grid_of(size), is_mask(kind) ? 1.0F : 100.0F);
    read.header.geometry = volume::geometry_of(read.image.grid);
    return read;
  };
  return image;
}

Survey survey_of(std::vector<FoundImage> images) {
  return {.form = "NIfTI", .images = std::move(images), .problems = {}, .people = {}};
}

std::vector<std::string> stems(const Survey& survey, const std::vector<Renamed>& renamed = {}) {
  std::vector<std::string> all;
  for (const Placed& p : place_images(survey, renamed)) all.push_back(p.stem());
  return all;
}

using Names = std::vector<std::string>;

TEST(PlaceImages, MakesLabelsOfNames) {
  EXPECT_EQ(stems(survey_of({found("sub-01", "", Kind::flair), found("Ann B.", "", Kind::flair),
                             found("ANN-B", "", Kind::flair), found("../..", "", Kind::flair)})),
            (Names{"sub-01", "sub-AnnBx2", "sub-ANNB", "sub-unnamed"}));
}

TEST(PlaceImages, NumbersVisitsInTheirOrder) {
  EXPECT_EQ(stems(survey_of({found("a", "tp10", Kind::flair), found("a", "tp2", Kind::flair),
                             found("b", "tp2", Kind::flair)})),
            (Names{"sub-a_ses-2", "sub-a_ses-1", "sub-b"}));
}

TEST(PlaceImages, KeepsSessionsThatHaveNames) {
  Survey survey = survey_of({found("a", "x", Kind::flair)});
  survey.images[0].session = "ses-month 6";
  EXPECT_EQ(stems(survey), Names{"sub-a_ses-month6"});
}

TEST(PlaceImages, NumbersImagesOfAKind) {
  EXPECT_EQ(stems(survey_of({found("a", "", Kind::flair), found("a", "", Kind::flair),
                             found("a", "", Kind::t1w_contrast)})),
            (Names{"sub-a_run-1", "sub-a_run-2", "sub-a_ce-gd"}));
}

TEST(PlaceImages, TakesOtherNames) {
  const Survey survey = survey_of({found("Doe", "1", Kind::flair), found("Doe", "2", Kind::flair),
                                   found("Roe", "", Kind::flair)});
  EXPECT_EQ(stems(survey, {{"Doe", "", "sub-01", ""}}),
            (Names{"sub-01_ses-1", "sub-01_ses-2", "sub-Roe"}));
  EXPECT_EQ(
      stems(survey, {{"Doe", "", "01", ""}, {"Doe", "2", "01", "late"}, {"Roe", "", "02", ""}}),
      (Names{"sub-01_ses-1", "sub-01_ses-late", "sub-02"}));
  EXPECT_THROW((void)stems(survey, {{"Poe", "", "03", ""}}), Error);
  EXPECT_THROW((void)stems(survey, {{"Doe", "1", "01", "x"}, {"Doe", "2", "01", "X"}}), Error);
}

TEST(PlaceImages, TwoPersonsGivenOneNameAreOneWithTwoVisits) {
  EXPECT_EQ(stems(survey_of({found("Doe", "", Kind::flair), found("Roe", "", Kind::flair)}),
                  {{"Doe", "", "01", ""}, {"Roe", "", "01", ""}}),
            (Names{"sub-01_ses-1", "sub-01_ses-2"}));
}

class RenamedTable : public made::FolderTest {};

TEST_F(RenamedTable, IsReadOrRefused) {
  write("names.tsv", "person\tvisit\tparticipant_id\nDoe\tn/a\tsub-01\nDoe\t2\tsub-01\n");
  const auto renamed = read_renamed(folder() / "names.tsv");
  ASSERT_EQ(renamed.size(), 2U);
  EXPECT_EQ(renamed[0].visit, "");
  EXPECT_EQ(renamed[1].visit, "2");
  for (const char* wrong : {"person\tparticipant_id\nDoe\t01\nDoe\t02\n",
                            "person\tparticipant_id\nDoe\t--\n", "name\tid\nDoe\t01\n"}) {
    write("names.tsv", wrong);
    EXPECT_THROW((void)read_renamed(folder() / "names.tsv"), Error) << wrong;
  }
}

class ImportToBids : public made::FolderTest {
 protected:
  Imported import(const Survey& survey) {
    Progress progress;
    return import_to_bids(survey, place_images(survey, {}), tree_, progress);
  }
  [[nodiscard]] core::Json record() const { return core::read_json(tree_ / "import.json"); }
  fs::path tree_;
  void SetUp() override {
    made::FolderTest::SetUp();
    tree_ = folder() / "out" / "site";
  }
};

TEST_F(ImportToBids, WritesATreeThatDawsonReads) {
  Survey survey = survey_of({found("a", "1", Kind::flair), found("a", "2", Kind::flair),
                             found("a", "1", Kind::t1w), found("a", "1", Kind::lesion_mask),
                             found("b", "", Kind::flair), found("b", "", Kind::t1w_contrast)});
  survey.images[0].facts["EchoTime"] = 0.1;
  Participant a;
  a.id = "a";
  a.age_years = 41.5;
  a.sex = "F";
  survey.people = {a};
  const Imported done = import(survey);
  EXPECT_EQ(done.scans, 5U);
  EXPECT_EQ(done.masks, 1U);
  EXPECT_EQ(done.participants, 2U);
  EXPECT_TRUE(done.failures.empty());
  const std::vector<Scan> scans = find_scans(tree_);
  ASSERT_EQ(scans.size(), 3U);
  EXPECT_EQ(scans[0].name(), "site/sub-a/ses-1");
  EXPECT_TRUE(scans[0].t1w && scans[0].lesion_mask);
  EXPECT_FALSE(scans[1].lesion_mask);
  EXPECT_FALSE(scans[2].t1w) << "with contrast agent it is no T1w";
  EXPECT_TRUE(fs::exists(tree_ / "sub-b/anat/sub-b_ce-gd_T1w.nii.gz"));
  EXPECT_EQ(core::read_json(tree_ / "sub-a/ses-1/anat/sub-a_ses-1_FLAIR.json")["EchoTime"], 0.1);
  const auto people = participants_of(scans);
  EXPECT_EQ(people[0].age_years, 41.5);
  EXPECT_EQ(people[0].sex, "F");
  EXPECT_FALSE(people[2].sex);
  ASSERT_EQ(record()["images"].size(), 6U);
  EXPECT_EQ(record()["images"][0]["file"], "sub-a/ses-1/anat/sub-a_ses-1_FLAIR.nii.gz");
}

TEST_F(ImportToBids, GivesAMaskToTheRunWhoseGridItHas) {
  const Imported done =
      import(survey_of({found("a", "", Kind::flair, 4), found("a", "", Kind::flair, 5),
                        found("a", "", Kind::lesion_mask, 5)}));
  EXPECT_TRUE(done.failures.empty());
  EXPECT_TRUE(fs::exists(
      tree_ /
      "derivatives/manual_masks/sub-a/anat/sub-a_run-2_space-FLAIR_label-lesion_mask.nii.gz"));
}

TEST_F(ImportToBids, NamesMasksThatFitNothing) {
  const Imported done = import(
      survey_of({found("a", "", Kind::flair, 4), found("a", "", Kind::lesion_mask, 5),
                 found("b", "", Kind::flair, 4), found("b", "", Kind::brain_mask, 4),
                 found("b", "", Kind::brain_mask, 4), found("c", "", Kind::lesion_mask, 4)}));
  EXPECT_EQ(done.masks, 1U);
  ASSERT_EQ(done.failures.size(), 3U);
  EXPECT_NE(done.failures[0].find("another grid than the FLAIR"), std::string::npos);
  EXPECT_NE(done.failures[1].find("a second brain mask"), std::string::npos);
  EXPECT_NE(done.failures[2].find("a visit that has no FLAIR"), std::string::npos);
  EXPECT_EQ(record()["images"][1]["taken"], false);
  EXPECT_NE(record()["images"][1]["why"].get<std::string>().find("another grid"),
            std::string::npos);
}

TEST_F(ImportToBids, GoesOnWhereOneCannotBeRead) {
  Survey survey = survey_of({found("a", "", Kind::flair), found("b", "", Kind::flair)});
  survey.images[0].read = [](Progress&) -> volume::NiftiImage {
    throw Error(ExitCode::input, "is cut short", "a.nii.gz");
  };
  const Imported done = import(survey);
  EXPECT_EQ(done.scans, 1U);
  EXPECT_EQ(done.participants, 1U);
  EXPECT_EQ(done.failures, Names{"a  FLAIR: is cut short"});
  EXPECT_FALSE(fs::exists(tree_ / "sub-a"));
}

TEST_F(ImportToBids, LeavesNothingWhereItFails) {
  const auto code_of = [this](const Survey& survey) {
    try {
      import(survey);
    } catch (const Error& e) {
      return e.code();
    }
    return ExitCode::done;
  };
  EXPECT_EQ(code_of(survey_of({found("a", "", Kind::t1w)})), ExitCode::input);
  Survey unreadable = survey_of({found("a", "", Kind::flair)});
  unreadable.images[0].read = [](Progress&) -> volume::NiftiImage {
    throw Error(ExitCode::input, "is cut short", "a.nii.gz");
  };
  EXPECT_EQ(code_of(unreadable), ExitCode::input);
  Survey full = survey_of({found("a", "", Kind::flair), found("b", "", Kind::flair)});
  full.images[1].read = [](Progress&) -> volume::NiftiImage {
    throw Error(ExitCode::output, "the disk is full", "b.nii.gz");
  };
  EXPECT_EQ(code_of(full), ExitCode::output);
  EXPECT_FALSE(fs::exists(tree_));
  if (fs::exists(tree_.parent_path())) {
    EXPECT_TRUE(fs::is_empty(tree_.parent_path()));
  }
  write("out/site/mine.txt", "kept");
  EXPECT_EQ(code_of(survey_of({found("a", "", Kind::flair)})), ExitCode::output);
  EXPECT_TRUE(fs::exists(tree_ / "mine.txt"));
}

}  // namespace
}  // namespace dawson::dataset
