#include <cmath>
#include <numeric>

#include "dawson/volume/nifti.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;
using volume::operator*;

class Explain : public ProgramTest {
 protected:
  [[nodiscard]] std::vector<volume::Image> volumes(const std::string& name) const {
    return volume::read_nifti_series(path(name));
  }
  static double sum(const volume::Image& image) {
    return std::accumulate(image.data.begin(), image.data.end(), 0.0);
  }
};

/// World position of the voxel of most relevance.
volume::Vector3 peak(const volume::Image& image) {
  const auto most = std::max_element(image.data.begin(), image.data.end()) - image.data.begin();
  const auto columns = image.grid.size[0], rows = image.grid.size[1];
  return image.grid.to_world({static_cast<double>(most % columns),
                              static_cast<double>(most / columns % rows),
                              static_cast<double>(most / columns / rows)});
}

double distance(const volume::Vector3& a, const volume::Vector3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST_F(Explain, WritesVolumesPictureAndFiguresOfALesion) {
  scan("sub-01_FLAIR.nii.gz");
  const Ended ended = dawson("explain -i sub-01_FLAIR.nii.gz -o out --lesion 2 --check");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "out/sub-01_lesion-2_relevance.png\n");
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(path("out"))) {
    names.insert(entry.path().filename().string());
  }
  EXPECT_EQ(names, (std::set<std::string>{"sub-01_lesion-2_relevance.json",
                                          "sub-01_lesion-2_relevance.nii.gz",
                                          "sub-01_lesion-2_relevance.png"}));
  EXPECT_EQ(testing::read(path("out/sub-01_lesion-2_relevance.png")).substr(1, 3), "PNG");

  const std::vector<volume::Image> maps = volumes("out/sub-01_lesion-2_relevance.nii.gz");
  ASSERT_EQ(maps.size(), 3U) << "FLAIR, lesion frequency, both";
  for (std::size_t v = 0; v < maps[0].data.size(); ++v) {
    ASSERT_NEAR(maps[2].data[v], maps[0].data[v] + maps[1].data[v], 1e-6);
  }
  // The made network reads each voxel's brightness alone: the second largest lesion's place.
  EXPECT_LT(distance(peak(maps[2]), made::usual_lesions()[1].centre), 7 + 4);

  const core::Json facts = json("out/sub-01_lesion-2_relevance.json");
  EXPECT_EQ(facts.at("lesion"), 2);
  EXPECT_EQ(facts.at("method"), "relevance");
  const core::Json& books = facts.at("relevance");
  EXPECT_NEAR(books.at("seeded").get<double>(),
              books.at("reached_input").get<double>() +
                  books.at("absorbed_by_biases").get<double>() +
                  books.at("absorbed_by_stabilisers").get<double>(),
              1e-4);
  EXPECT_NEAR(sum(maps[2]), books.at("reached_input").get<double>(), 1e-3);
  EXPECT_NEAR(facts.at("volumes")[2].at("sum").get<double>(), sum(maps[2]), 1e-3);
  EXPECT_TRUE(facts.at("checks").at("points_at_region").get<bool>());
  EXPECT_GT(facts.at("checks").at("mean_drop_most_relevant").get<double>(),
            facts.at("checks").at("mean_drop_random").get<double>());
  for (const char* key : {"dawson", "settings", "model", "seconds", "warnings", "mean_logit"}) {
    EXPECT_TRUE(facts.contains(key)) << key;
  }
}

TEST_F(Explain, LiesExactlyWhereTheScanLies) {
  // Thick, tilted slices.
  const volume::Grid oblique =
      test::centred({96, 112, 30}, {2, 2, 7}, test::turn(0, 9) * test::turn(2, -5));
  const fs::path file = scan("sub-02_FLAIR.nii.gz", oblique);
  ASSERT_EQ(dawson("explain -i sub-02_FLAIR.nii.gz -o out --no-mirror").code, 0);
  const volume::NiftiImage source = volume::read_nifti(file);
  const std::vector<volume::Image> maps = volumes("out/sub-02_lesion-1_relevance.nii.gz");
  ASSERT_EQ(maps.size(), 3U);
  for (const volume::Image& map : maps) {
    EXPECT_EQ(map.grid.size, source.image.grid.size);
    EXPECT_EQ(map.grid.affine(), source.image.grid.affine());
  }
  EXPECT_LT(distance(peak(maps[2]), made::usual_lesions()[0].centre), 9 + 7);
  EXPECT_NEAR(
      sum(maps[2]),
      json("out/sub-02_lesion-1_relevance.json").at("relevance").at("reached_input").get<double>(),
      1e-3);
}

TEST_F(Explain, TakesTheLesionsOfAFinishedCaseAndStandsBesideIt) {
  scan("sub-01_FLAIR.nii.gz");
  ASSERT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o case").code, 0);
  const std::string report = testing::read(path("case/sub-01_report.pdf"));
  const Ended ended = dawson("explain -i case -o case --lesion 3");
  ASSERT_EQ(ended.code, 0) << ended.err;
  ASSERT_EQ(dawson("explain -i sub-01_FLAIR.nii.gz -o apart --lesion 3").code, 0);
  const volume::Image of_case = volumes("case/sub-01_lesion-3_relevance.nii.gz")[2];
  const volume::Image of_scan = volumes("apart/sub-01_lesion-3_relevance.nii.gz")[2];
  ASSERT_EQ(of_case.data.size(), of_scan.data.size());
  for (std::size_t v = 0; v < of_case.data.size(); ++v) {
    ASSERT_NEAR(of_case.data[v], of_scan.data[v], 1e-6);
  }
  EXPECT_EQ(testing::read(path("case/sub-01_report.pdf")), report) << "nothing else was touched";

  expect_refusal(4, "sub-01_lesion-3_relevance", "explain -i case -o case --lesion 3");
  EXPECT_EQ(dawson("explain -i case -o case --lesion 3 --overwrite").code, 0);
  EXPECT_EQ(dawson("report -i case --overwrite").code, 0);
  EXPECT_NE(testing::read(path("case/sub-01_report.html")).find("elevance for lesion"),
            std::string::npos)
      << "the case page shows it";
}

TEST_F(Explain, AllLesionsTogetherAndHealthyPlaces) {
  scan("sub-01_FLAIR.nii.gz");
  ASSERT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o case").code, 0);
  const Ended all = dawson("explain -i case -o case --lesion all");
  EXPECT_EQ(all.out, "case/sub-01_lesion-all_relevance.png\n") << all.err;
  const volume::Image together = volumes("case/sub-01_lesion-all_relevance.nii.gz")[2];
  const volume::Mask mask = volume::read_nifti_mask(path("case/sub-01_label-lesion_mask.nii.gz"));
  double inside = 0;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] != 0) inside += together.data[v];
  }
  EXPECT_GT(inside, 0.5 * sum(together));

  const Ended healthy = dawson("explain -i case -o case --healthy=-30,-40,10 --radius 8");
  ASSERT_EQ(healthy.code, 0) << healthy.err;
  EXPECT_EQ(healthy.out, "case/sub-01_healthy_relevance.png\n");
  const core::Json facts = json("case/sub-01_healthy_relevance.json");
  EXPECT_LT(facts.at("mean_logit").get<double>(), 0);
  EXPECT_NEAR(facts.at("relevance").at("seeded").get<double>(), 1, 1e-3) << "for healthy";
  EXPECT_EQ(facts.at("healthy_radius_mm"), 8);
  EXPECT_TRUE(facts.at("lesion").is_null());
}

TEST_F(Explain, OtherMethodsAnswerOnTheSameLesion) {
  scan("sub-01_FLAIR.nii.gz");
  ASSERT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o case").code, 0);
  for (const char* method : {"gradient_x_input", "occlusion"}) {
    const std::string out = std::string("by-") + method;
    const Ended ended = dawson("explain -i case --no-mirror --lesion 2 --method " +
                               std::string(method) + " -o " + out);
    ASSERT_EQ(ended.code, 0) << ended.err;
    const core::Json facts = json(out + "/sub-01_lesion-2_relevance.json");
    EXPECT_EQ(facts.at("method"), method);
    EXPECT_FALSE(facts.contains("relevance")) << "nothing was propagated";
    // Covering 8 mm cubes of a 14 mm lesion tells the place only so well.
    EXPECT_LT(distance(peak(volumes(out + "/sub-01_lesion-2_relevance.nii.gz")[0]),
                       made::usual_lesions()[1].centre),
              7 + 8);
  }
}

TEST_F(Explain, RefusesInOneSentenceAndWritesNothing) {
  scan("sub-01_FLAIR.nii.gz");
  ASSERT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o case").code, 0);
  expect_refusal(2, "there are lesions 1 to 3", "explain -i case -o out --lesion 4");
  expect_refusal(2, "there are lesions 1 to 3",
                 "explain -i sub-01_FLAIR.nii.gz -o out --lesion 99");
  expect_refusal(2, "neither a lesion's number nor all", "explain -i case -o out --lesion first");
  expect_refusal(2, "must be one of epsilon_plus_flat", "explain -i case -o out --preset guess");
  expect_refusal(2, "must be one of relevance", "explain -i case -o out --method guess");
  expect_refusal(2, "three numbers", "explain -i case -o out --healthy 1,2");
  expect_refusal(3, "no brain without lesion", "explain -i case -o out --healthy 500,0,0");
  expect_refusal(3, "nowhere", "explain -i nowhere.nii.gz -o out");
  fs::remove(path("sub-01_FLAIR.nii.gz"));
  expect_refusal(3, "no longer there", "explain -i case -o out");
}

TEST_F(Explain, AScanWithoutLesionsHasNoneToExplain) {
  volume::write_nifti(path("clean.nii.gz"), made::head(made::coarse_grid(), {}).scan);
  expect_refusal(2, "no lesion to explain", "explain -i clean.nii.gz -o out");
}

TEST_F(Explain, SaysWhenAnotherModelFoundTheLesions) {
  scan("sub-01_FLAIR.nii.gz");
  ASSERT_EQ(dawson("segment -i sub-01_FLAIR.nii.gz -o case").code, 0);
  const std::string record = testing::read(path("case/sub-01_run.json"));
  const std::string sha = json("case/sub-01_run.json").at("model").at("sha256");
  std::string changed = record;
  changed.replace(changed.find(sha), 4, "0000");
  testing::write(path("case/sub-01_run.json"), changed);
  const Ended ended = dawson("explain -i case -o out");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(warnings("out/sub-01_lesion-1_relevance.json").find("another model"),
            std::string::npos);
}

}  // namespace
}  // namespace dawson::cli
