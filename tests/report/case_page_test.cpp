#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/report/case_page_volume.h"
#include "dawson/report/content.h"
#include "dawson/report/display.h"
#include "dawson/volume/nifti.h"
#include "made_case.h"

namespace dawson::report {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

std::string page_of(const CaseReport& r) {
  const made::Folder folder;
  write(r, folder.path());
  return made::read(folder.path() / (r.stem + "_report.html"));
}

/// What stands between the tags of the element with this id.
std::string text_of(const std::string& page, const std::string& id) {
  const std::size_t tag = page.find("id=\"" + id + "\"");
  const std::size_t from = page.find('>', tag) + 1;
  return page.substr(from, page.find("</", from) - from);
}

core::Json data_of(const std::string& page) {
  return core::Json::parse(text_of(page, "case-data"));
}

/// The components in order of the page's voxels, from their runs (case_page_volume.h).
std::vector<std::size_t> labels_of(const PageVolume& page) {
  std::vector<std::size_t> labels(page.grid.voxels(), 0);
  std::size_t at = 0, voxel = 0;
  const auto number = [&] {
    std::size_t value = 0, unit = 1;
    for (;; unit *= 128) {
      const auto byte = static_cast<unsigned char>(page.labels.at(at++));
      value += (byte & 127U) * unit;
      if (byte < 128) return value;
    }
  };
  while (at < page.labels.size()) {
    voxel += number();
    const std::size_t length = number(), label = number();
    for (const std::size_t end = voxel + length; voxel < end; ++voxel) labels.at(voxel) = label;
  }
  return labels;
}

// --- the grid --------------------------------------------------------------------------------

// x to the patient's left, y to the back, z to the feet, whatever the order of the array's axes.
TEST(CasePageGrid, TurnsEveryOrientationTheSameWayUp) {
  for (const char* orientation : {"RAS", "LPS", "LAS", "PIR", "ASL", "SRA", "IPL", "LSP"}) {
    const made::Case c(made::grid(orientation, {40, 50, 60}, {3, 3.5, 3.25}));
    const volume::Mask none;
    const PageGrid page = page_grid(c.scan.grid, none, none, 1'000'000);
    EXPECT_EQ(page.grid.orientation(), "LPI") << orientation;
    EXPECT_EQ(page.voxels(), c.scan.grid.voxels());
    EXPECT_FALSE(page.reduced());
    // The same voxel lies at the same place in the world.
    const volume::Index3 voxel{7, 11, 13};
    const volume::Index3 block = page.block_of(voxel);
    const volume::Vector3 a = c.scan.grid.to_world({7, 11, 13});
    const volume::Vector3 b =
        page.grid.to_world({double(block[0]), double(block[1]), double(block[2])});
    for (std::size_t w = 0; w < 3; ++w) EXPECT_NEAR(a[w], b[w], 1e-9) << orientation;
  }
}

TEST(CasePageGrid, CropsToTheBrainWithAMarginButKeepsLesionsOutsideIt) {
  made::Case c(made::grid("LPS", {100, 100, 60}, {2, 2, 4}));
  const PageGrid brain =
      page_grid(c.scan.grid, c.segmentation.brain_mask, c.segmentation.lesion_mask, 1'000'000);
  // The brain is ±55 × ±65 × ±45 mm: with 12 mm on each side.
  EXPECT_NEAR(brain.size[0] * 2, 110 + 24, 5);
  EXPECT_NEAR(brain.size[1] * 2, 130 + 24, 5);
  EXPECT_NEAR(brain.size[2] * 4, 90 + 24, 9);
  c.segmentation.lesion_mask.at(1, 50, 30) = 1;
  const PageGrid both =
      page_grid(c.scan.grid, c.segmentation.brain_mask, c.segmentation.lesion_mask, 1'000'000);
  EXPECT_EQ(both.block_of({1, 50, 30})[0], 1);  // at the scan's edge: no margin is left there
}

TEST(CasePageGrid, NamesSlicesAsThePicturesDo) {
  for (const char* orientation : {"LPS", "RAI"}) {
    const made::Case c(made::grid(orientation, {40, 44, 20}, {4, 4, 6}));
    const PageGrid page =
        page_grid(c.scan.grid, c.segmentation.brain_mask, c.segmentation.lesion_mask, 1'000'000);
    const std::vector<PageSlice> slices = page_slices(page, 2);
    ASSERT_EQ(slices.size(), static_cast<std::size_t>(page.size[2]));
    const Display axial = display_of(c.scan.grid, Plane::axial);
    EXPECT_GT(slices.front().position_mm, slices.back().position_mm) << "from head to feet";
    for (const PageSlice& s : slices) {
      EXPECT_NEAR(s.position_mm, slice_position_mm(c.scan.grid, axial, s.number - 1), 1e-9);
    }
  }
}

TEST(CasePageGrid, MakesTheFinestAxesCoarserFirst) {
  const made::Case c(made::grid("LPS", {160, 180, 30}, {0.75, 0.75, 5}));
  const volume::Mask none;
  const PageGrid page = page_grid(c.scan.grid, none, none, 250'000);
  EXPECT_EQ(page.step, (volume::Index3{2, 2, 1}));
  EXPECT_LE(page.voxels(), 250'000U);
  EXPECT_NEAR(page.grid.spacing[0], 1.5, 1e-9);
  // A block's middle lies between its two voxels.
  const volume::Vector3 first = page.grid.to_world({0, 0, 0});
  const volume::Vector3 corner = c.scan.grid.to_world({0, 0, 29});
  EXPECT_NEAR(std::abs(first[0] - corner[0]), 0.375, 1e-9);
  EXPECT_NEAR(first[2], corner[2], 1e-9);
}

// --- the layers ------------------------------------------------------------------------------

TEST(CasePageVolume, HoldsEachLesionsVoxels) {
  const made::Case c = made::thick_case();
  const CaseReport r = c.report();
  const PageVolume page = page_volume(r);
  const std::vector<std::size_t> labels = labels_of(page);
  for (const segmentation::Lesion& l : c.segmentation.lesions) {
    EXPECT_EQ(static_cast<std::size_t>(
                  std::count(labels.begin(), labels.end(), static_cast<std::size_t>(l.id))),
              l.voxels);
  }
  // The mask's voxels are where the scan has them.
  for (int k = 0; k < 18; ++k) {
    for (int j = 0; j < 84; ++j) {
      for (int i = 0; i < 72; ++i) {
        if (c.segmentation.lesion_mask.at(i, j, k) == 0) continue;
        const volume::Index3 b = page.grid.block_of({i, j, k});
        EXPECT_NE(labels[page.grid.grid.offset(b[0], b[1], b[2])], 0U);
      }
    }
  }
}

TEST(CasePageVolume, ShowsALesionAtItsCentre) {
  const made::Case c = made::thick_case();
  const PageVolume page = page_volume(c.report());
  ASSERT_EQ(page.lesions.size(), 2U);
  for (std::size_t l = 0; l < 2; ++l) {
    const volume::Index3& v = page.lesions[l].voxel;
    const volume::Vector3 at = page.grid.grid.to_world({double(v[0]), double(v[1]), double(v[2])});
    const volume::Vector3& centre = c.segmentation.lesions[l].centroid_mm;
    EXPECT_NEAR(at[0], centre[0], 1.01);
    EXPECT_NEAR(at[1], centre[1], 1.01);
    EXPECT_NEAR(at[2], centre[2], 3.01);
  }
}

// A ring's centre of mass lies in no voxel of it: shown is one of its own.
TEST(CasePageVolume, ShowsAHollowLesionAtOneOfItsVoxels) {
  made::Case c(made::grid("RAS", {60, 70, 20}, {2, 2, 5}));
  for (int j = 0; j < 70; ++j) {
    for (int i = 0; i < 60; ++i) {
      const double r = std::hypot(i - 30, j - 35);
      if (r > 6 && r < 9) c.segmentation.lesion_mask.at(i, j, 10) = 1;
    }
  }
  c.recount();
  const PageVolume page = page_volume(c.report());
  ASSERT_EQ(page.lesions.size(), 1U);
  const volume::Index3& v = page.lesions[0].voxel;
  EXPECT_EQ(labels_of(page)[page.grid.grid.offset(v[0], v[1], v[2])], 1U);
  EXPECT_EQ(v[2], page.grid.block_of({30, 35, 10})[2]);
}

TEST(CasePageVolume, KeepsItsSizeAndLosesNoLesionInBlocks) {
  made::Case c = made::thick_case();
  c.segmentation.lesion_mask.at(36, 60, 12) = 1;  // one voxel of 24 mm³
  c.recount();
  const std::size_t whole = page_volume(c.report()).scan_png.size();
  const std::size_t most = whole / 2;
  const PageVolume page = page_volume(c.report(), most);
  EXPECT_TRUE(page.grid.reduced());
  EXPECT_LE(page.scan_png.size() + page.probability_png.size() + page.labels.size(), most);
  const std::vector<std::size_t> labels = labels_of(page);
  const std::set<std::size_t> seen(labels.begin(), labels.end());
  EXPECT_EQ(seen, (std::set<std::size_t>{0, 1, 2, 3}));
}

TEST(CasePageVolume, WritesRelevanceWithItsScaleAndLeavesOutWhatFindsNoPlace) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  volume::Image sum(c.scan.grid);
  sum.at(30, 40, 9) = 2;
  sum.at(31, 40, 9) = -0.5F;
  CaseReport r = c.report();
  for (const int id : {1, 2}) {
    const auto file = folder.path() / ("r" + std::to_string(id) + ".nii.gz");
    volume::write_nifti_series(file, {volume::Image(c.scan.grid, 7), sum});
    r.relevance.push_back({id, file});
  }
  const PageVolume page = page_volume(r);
  ASSERT_EQ(page.relevance.size(), 2U);
  EXPECT_EQ(page.relevance[1].lesion_id, 2);
  // Of two values that are not 0, the 99.9th percentile (rounded down) is the smaller.
  EXPECT_DOUBLE_EQ(page.relevance[0].scale, 0.5);
  EXPECT_TRUE(page.relevance_left_out.empty());

  const std::size_t others = page.scan_png.size() + page.probability_png.size() +
                             page.labels.size() + page.relevance[0].png.size();
  const PageVolume tight = page_volume(r, others * 4 / 3);
  EXPECT_EQ(tight.relevance.size() + tight.relevance_left_out.size(), 2U);
}

TEST(CasePageVolume, RefusesRelevanceOfAnotherGrid) {
  const made::Case c = made::thick_case();
  const made::Folder folder;
  CaseReport r = c.report();
  const auto file = folder.path() / "r.nii.gz";
  volume::write_nifti(file, volume::Image(made::grid("LPS", {9, 9, 9}, {2, 2, 2})));
  r.relevance = {{1, file}};
  try {
    page_volume(r);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_TRUE(contains(e.what(), "does not lie on the scan's grid"));
  }
}

// --- the page --------------------------------------------------------------------------------

TEST(CasePage, EscapesWhatWasGiven) {
  const made::Case c = made::thick_case();
  CaseReport r = c.report();
  r.patient.name = "<script>alert('x')</script> & \"Co\" {{stem}}";
  r.image_name = "\"><img src=x onerror=alert(1)>.nii";
  r.warnings = {"<b>bold</b>"};
  const std::string page = page_of(r);
  EXPECT_FALSE(contains(page, "<script>alert"));
  EXPECT_FALSE(contains(page, "<img src=x"));
  EXPECT_FALSE(contains(page, "<b>bold"));
  EXPECT_TRUE(contains(page,
                       "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; "
                       "&quot;Co&quot; {{stem}}"));
}

TEST(CasePage, IsOneFileThatFetchesAndRunsNothingElse) {
  const made::Case c = made::thick_case();
  const std::string page = page_of(c.report());
  EXPECT_FALSE(contains(page, "http:"));
  EXPECT_FALSE(contains(page, "https:"));
  EXPECT_TRUE(contains(page, "<html lang=\"en\">"));
  EXPECT_TRUE(contains(page, "default-src 'none'; img-src data:; style-src 'sha256-"));
  EXPECT_FALSE(contains(page, "unsafe"));
  EXPECT_EQ(count(page, " src=\""), count(page, " src=\"data:image/png;base64,iVBOR"));
  EXPECT_FALSE(contains(page, " style=\""));
  EXPECT_FALSE(contains(page, "export "));
  EXPECT_FALSE(contains(page, "\nimport "));
}

TEST(CasePage, GivesTheViewerWhatTheTableAndTheReportHave) {
  const made::Case c = made::thick_case();
  const std::string page = page_of(c.report());
  const core::Json data = data_of(page);
  ASSERT_EQ(data["lesions"].size(), 2U);
  ASSERT_EQ(data["columns"].size(), data["lesions"][0]["values"].size());
  EXPECT_EQ(data["columns"][1]["name"], "Volume (ml)");
  EXPECT_NEAR(data["lesions"][0]["values"][1].get<double>(), c.segmentation.lesions[0].volume_ml,
              5e-4);
  EXPECT_EQ(data["lesions"][0]["values"][9], c.segmentation.lesions[0].voxels);
  EXPECT_EQ(data["plane"], "axial");
  EXPECT_EQ(data["slices"]["axial"].size(), data["size"][2].get<std::size_t>());
  EXPECT_EQ(data["start"], data["lesions"][0]["voxel"]);
  for (const char* said :
       {"Total isolated lesions", "Severity estimated", "Lesion sizes",
        "Scan quality, as far as known", "Run record", "What this report cannot tell"}) {
    EXPECT_TRUE(contains(page, said)) << said;
  }
  EXPECT_EQ(count(page, "aria-current=\"true\"><"), 0U);
  EXPECT_TRUE(contains(page, "<li aria-current=\"true\">Mild"));
}

TEST(CasePage, OfAScanWithoutLesionsSaysSo) {
  const made::Case c(made::grid("RAS", {24, 24, 24}, {4, 4, 4}));
  const std::string page = page_of(c.report());
  EXPECT_TRUE(contains(page, english().no_lesions));
  EXPECT_TRUE(data_of(page)["lesions"].empty());
  EXPECT_EQ(text_of(page, "layer-labels"), "");
}

TEST(CasePage, WithoutProbabilitiesHasNoLayerOfThem) {
  made::Case c = made::thick_case();
  EXPECT_TRUE(contains(page_of(c.report()), "id=\"layer-probability\""));
  c.segmentation.probabilities = {};
  c.segmentation.lesions = segmentation::find_lesions(c.segmentation.lesion_mask, {});
  const std::string page = page_of(c.report());
  EXPECT_FALSE(contains(page, "id=\"layer-probability\""));
  EXPECT_TRUE(data_of(page)["lesions"][0]["values"][4].is_null());
}

// Noise is what compresses worst.
TEST(CasePage, StaysBelowEightMegabytesAndSaysThatItShowsBlocks) {
  made::Case c(made::grid("LPS", {280, 330, 120}, {0.5, 0.5, 1}));
  std::uint32_t state = 1;
  for (float& v : c.scan.data) {
    state = state * 1664525U + 1013904223U;
    v = static_cast<float>(state >> 24);
  }
  std::fill(c.segmentation.brain_mask.data.begin(), c.segmentation.brain_mask.data.end(), 1);
  c.add_lesion({0, 0, 0}, 6);
  const CaseReport r = c.report();
  const std::string page = report_html(r, content_of(r), std::string(1'400'000, '\0'));
  EXPECT_LT(page.size(), 8U * 1000 * 1000);
  EXPECT_GT(page.size(), 3U * 1000 * 1000);
  EXPECT_TRUE(contains(page, "the viewer shows blocks of"));
  EXPECT_FALSE(contains(page_of(made::thick_case().report()), "the viewer shows blocks of"));
}

}  // namespace
}  // namespace dawson::report
