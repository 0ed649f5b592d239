#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "dawson/anatomy/brain.h"
#include "dawson/anatomy/face.h"
#include "dawson/volume/nifti.h"

namespace dawson::anatomy {
namespace {

using volume::Image;
using volume::Mask;
using volume::Vector3;

/// A scan of Tabriz whose lower slices show eyes and nose, with the centres of its eyes (RAS+ mm),
/// read off the slices.
struct FacedScan {
  const char* name;
  std::array<Vector3, 2> eyes;
};
constexpr FacedScan faced_scans[] = {{"sub-101228", {{{-23.8, 91.0, -9.8}, {39.9, 91.2, -13.8}}}},
                                     {"sub-110218", {{{-32.7, 95.9, -3.6}, {33.6, 91.2, -0.6}}}}};

std::string folder() {
  return std::string(DAWSON_TEST_DATA) + "/tabriz/";
}

Image image_of(const FacedScan& scan, const std::string& sequence) {
  const std::string name = scan.name;
  return volume::read_nifti(folder() + name + "/anat/" + name + "_" + sequence + ".nii.gz").image;
}

Mask manual_mask(const FacedScan& scan, const std::string& label) {
  const std::string name = scan.name;
  return volume::read_nifti_mask(folder() + "derivatives/manual_masks/" + name + "/anat/" + name +
                                 "_space-FLAIR_label-" + label + "_mask.nii.gz");
}

std::size_t changed_in(const Mask& mask, const Image& before, const Image& after) {
  std::size_t changed = 0;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] != 0 && before.data[v] != after.data[v]) ++changed;
  }
  return changed;
}

/// What is brighter than the mean of the volume, before the eyes' centres along the slices, below
/// 10 mm above them and no more than 12 mm to their sides: lids, nose, cheeks, the roots of brows.
Mask face_of(const FacedScan& faced, const Image& scan) {
  const auto& [a, b] = faced.eyes;
  const Vector3 middle{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2};
  const double half_width_mm = std::abs(a[0] - b[0]) / 2 + 12;
  const auto& direction = scan.grid.direction;  // stored L, A, S
  const double mean = std::accumulate(scan.data.begin(), scan.data.end(), 0.0) / scan.data.size();
  Mask face(scan.grid);
  for (int k = 0; k < scan.grid.size[2]; ++k) {
    for (int j = 0; j < scan.grid.size[1]; ++j) {
      for (int i = 0; i < scan.grid.size[0]; ++i) {
        const Vector3 world = scan.grid.to_world({double(i), double(j), double(k)});
        double ahead = 0;
        double above = 0;
        for (int r = 0; r < 3; ++r) {
          ahead += (world[r] - middle[r]) * direction[r][1];
          above += (world[r] - middle[r]) * direction[r][2];
        }
        face.at(i, j, k) = scan.at(i, j, k) > mean && ahead > 0 && above < 10 &&
                                   std::abs(world[0] - middle[0]) < half_width_mm
                               ? 1
                               : 0;
      }
    }
  }
  return face;
}

// The brain is the shipped model's, as it is wherever faces are taken out.
TEST(RealFaces, AreTakenOutOfAllSequencesWithoutAVoxelOfBrain) {
  const BrainFinder finder(bundle::Bundle::open(std::string(DAWSON_SOURCE_DIR) + "/models/brain"));
  for (const FacedScan& faced : faced_scans) {
    Progress progress;
    const Image flair = image_of(faced, "FLAIR");
    const Brain brain = finder.find(flair, progress);
    const Face face = fit_face(brain.mask);
    const Mask faced_voxels = face_of(faced, flair);
    const auto all = std::count(faced_voxels.data.begin(), faced_voxels.data.end(), 1);
    EXPECT_GT(all, 5000) << faced.name;
    for (const char* sequence : {"FLAIR", "T1w", "T2w"}) {
      const Image before = image_of(faced, sequence);
      Image after = before;
      deface(after, face, brain.mask);
      EXPECT_GT(double(changed_in(faced_voxels, before, after)), 0.97 * double(all))
          << faced.name << " " << sequence;
      EXPECT_EQ(changed_in(brain.mask, before, after), 0U) << faced.name << " " << sequence;
      for (const char* label : {"brain", "lesion"}) {
        EXPECT_EQ(changed_in(manual_mask(faced, label), before, after), 0U)
            << faced.name << " " << sequence << " " << label;
      }
    }
    for (const Vector3& eye : faced.eyes) {
      EXPECT_TRUE(face.contains(eye)) << faced.name;
    }
  }
}

// So that a scan without its face is prepared and segmented as it was with it.
TEST(RealFaces, LeaveABrainThatIsFoundAsBeforeAndAHeadThatIsNoStrippedOne) {
  const BrainFinder finder(bundle::Bundle::open(std::string(DAWSON_SOURCE_DIR) + "/models/brain"));
  for (const FacedScan& faced : faced_scans) {
    Progress progress;
    Image scan = image_of(faced, "FLAIR");
    const Brain before = finder.find(scan, progress);
    deface(scan, fit_face(before.mask), before.mask);
    EXPECT_FALSE(is_stripped(scan));
    const Brain after = finder.find(scan, progress);
    double both = 0;
    double sum = 0;
    for (std::size_t v = 0; v < scan.data.size(); ++v) {
      both += before.mask.data[v] * after.mask.data[v];
      sum += before.mask.data[v] + after.mask.data[v];
    }
    EXPECT_GT(2 * both / sum, 0.98) << faced.name;
  }
}

}  // namespace
}  // namespace dawson::anatomy
