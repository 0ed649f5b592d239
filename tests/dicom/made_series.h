// DICOM files made from a volume, as a scanner would write them.
#pragma once

#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::made {

namespace fs = std::filesystem;

/// An oblique grid, coarse along k.
inline volume::Grid oblique_grid() {
  const double a = 0.3, b = -0.2;  // turns about z, then x
  const volume::Matrix3 z{
      {{std::cos(a), -std::sin(a), 0}, {std::sin(a), std::cos(a), 0}, {0, 0, 1}}};
  const volume::Matrix3 x{
      {{1, 0, 0}, {0, std::cos(b), -std::sin(b)}, {0, std::sin(b), std::cos(b)}}};
  using volume::operator*;
  return {{6, 5, 4}, {0.9, 1.1, 4.5}, x * z, {-20.25, 13.5, 40.125}};
}

/// Values that name their voxel: i + 10 j + 100 k.
inline volume::Image numbered(const volume::Grid& grid) {
  volume::Image image(grid);
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        image.at(i, j, k) = static_cast<float>(i + 10 * j + 100 * k);
  return image;
}

inline std::string decimals(const std::vector<double>& values) {
  std::string text;
  char number[40];
  for (const double v : values) {
    std::snprintf(number, sizeof number, "%.9g", v);
    text += (text.empty() ? "" : "\\") + std::string(number);
  }
  return text;
}

struct SeriesSettings {
  std::string uid = "1.2.826.0.1.3680043.2.1125.1";
  std::string description = "t2_flair_tra";
  std::string image_type = "ORIGINAL\\PRIMARY\\M\\ND";
  double echo_ms = 119, repetition_ms = 9000, inversion_ms = 2500;
  E_TransferSyntax syntax = EXS_LittleEndianExplicit;
  double slope = 1, intercept = 0;
  /// The last word on each slice's data set.
  std::function<void(DcmDataset&, int k)> change = [](DcmDataset&, int) {};
  std::function<fs::path(int k)> name = [](int k) { return "IM" + std::to_string(k); };
};

/// DICOM's left and back are this world's minus.
inline std::vector<double> lps(double x, double y, double z) {
  return {-x, -y, z};
}

inline void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  item.putAndInsertString(tag, value.c_str());
}

inline std::string position_of(const volume::Grid& grid, int k) {
  const volume::Vector3 at = grid.to_world({0, 0, double(k)});
  return decimals(lps(at[0], at[1], at[2]));
}

inline std::string orientation_of(const volume::Grid& grid) {
  const auto& m = grid.direction;
  std::vector<double> six = lps(m[0][0], m[1][0], m[2][0]);
  for (const double v : lps(m[0][1], m[1][1], m[2][1])) six.push_back(v);
  return decimals(six);
}

inline void describe(DcmDataset& d, const volume::Grid& grid, const SeriesSettings& s) {
  put(d, DCM_StudyInstanceUID, s.uid + ".1");
  put(d, DCM_SeriesInstanceUID, s.uid);
  put(d, DCM_Modality, "MR");
  put(d, DCM_PatientID, "P-17");
  put(d, DCM_PatientName, "Doe^Jane");
  put(d, DCM_PatientSex, "F");
  put(d, DCM_PatientAge, "034Y");
  put(d, DCM_SeriesDescription, s.description);
  put(d, DCM_ImageType, s.image_type);
  put(d, DCM_SeriesNumber, "5");
  if (s.echo_ms > 0) put(d, DCM_EchoTime, decimals({s.echo_ms}));
  if (s.repetition_ms > 0) put(d, DCM_RepetitionTime, decimals({s.repetition_ms}));
  if (s.inversion_ms > 0) put(d, DCM_InversionTime, decimals({s.inversion_ms}));
  d.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(grid.size[1]));
  d.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(grid.size[0]));
  d.putAndInsertUint16(DCM_SamplesPerPixel, 1);
  put(d, DCM_PhotometricInterpretation, "MONOCHROME2");
  d.putAndInsertUint16(DCM_BitsAllocated, 16);
  d.putAndInsertUint16(DCM_BitsStored, 16);
  d.putAndInsertUint16(DCM_HighBit, 15);
  d.putAndInsertUint16(DCM_PixelRepresentation, 0);
}

inline void store(DcmFileFormat& file, const fs::path& path, E_TransferSyntax syntax) {
  DcmRLEEncoderRegistration::registerCodecs();
  fs::create_directories(path.parent_path());
  if (file.getDataset()->chooseRepresentation(syntax, nullptr).bad() ||
      file.saveFile(path.c_str(), syntax).bad()) {
    throw std::runtime_error("the test cannot write " + path.string());
  }
}

/// A classic series: a file a slice.
inline void write_series(const fs::path& folder, const volume::Image& image,
                         const SeriesSettings& s = {}) {
  const volume::Grid& grid = image.grid;
  const std::size_t area = std::size_t(grid.size[0]) * std::size_t(grid.size[1]);
  for (int k = 0; k < grid.size[2]; ++k) {
    DcmFileFormat file;
    DcmDataset& d = *file.getDataset();
    describe(d, grid, s);
    put(d, DCM_SOPClassUID, UID_MRImageStorage);
    put(d, DCM_SOPInstanceUID, s.uid + ".2." + std::to_string(k + 1));
    put(d, DCM_ImagePositionPatient, position_of(grid, k));
    put(d, DCM_ImageOrientationPatient, orientation_of(grid));
    put(d, DCM_PixelSpacing, decimals({grid.spacing[1], grid.spacing[0]}));
    put(d, DCM_SliceThickness, decimals({grid.spacing[2]}));
    put(d, DCM_RescaleSlope, decimals({s.slope}));
    put(d, DCM_RescaleIntercept, decimals({s.intercept}));
    std::vector<Uint16> pixels(area);
    for (std::size_t p = 0; p < area; ++p) {
      pixels[p] = static_cast<Uint16>(image.data[static_cast<std::size_t>(k) * area + p]);
    }
    d.putAndInsertUint16Array(DCM_PixelData, pixels.data(), pixels.size());
    s.change(d, k);
    store(file, folder / s.name(k), s.syntax);
  }
}

inline DcmItem& group(DcmItem& frame, const DcmTagKey& sequence) {
  DcmItem* item = nullptr;
  frame.findOrCreateSequenceItem(sequence, item, -2);
  return *item;
}

/// One Enhanced multi-frame file.
inline void write_enhanced(const fs::path& path, const volume::Image& image,
                           const SeriesSettings& s = {}) {
  const volume::Grid& grid = image.grid;
  DcmFileFormat file;
  DcmDataset& d = *file.getDataset();
  SeriesSettings without_times = s;
  without_times.echo_ms = without_times.repetition_ms = without_times.inversion_ms = 0;
  describe(d, grid, without_times);
  put(d, DCM_SOPClassUID, UID_EnhancedMRImageStorage);
  put(d, DCM_SOPInstanceUID, s.uid + ".2.1");
  put(d, DCM_NumberOfFrames, std::to_string(grid.size[2]));
  DcmItem& shared = group(d, DCM_SharedFunctionalGroupsSequence);
  put(group(shared, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient,
      orientation_of(grid));
  DcmItem& measures = group(shared, DCM_PixelMeasuresSequence);
  put(measures, DCM_PixelSpacing, decimals({grid.spacing[1], grid.spacing[0]}));
  put(measures, DCM_SliceThickness, decimals({grid.spacing[2]}));
  group(shared, DCM_MREchoSequence).putAndInsertFloat64(DCM_EffectiveEchoTime, s.echo_ms);
  group(shared, DCM_MRModifierSequence).putAndInsertFloat64(DCM_InversionTimes, s.inversion_ms);
  for (int k = 0; k < grid.size[2]; ++k) {
    DcmItem* frame = nullptr;
    d.findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, k);
    put(group(*frame, DCM_PlanePositionSequence), DCM_ImagePositionPatient, position_of(grid, k));
    DcmItem& scale = group(*frame, DCM_PixelValueTransformationSequence);
    put(scale, DCM_RescaleSlope, decimals({s.slope}));
    put(scale, DCM_RescaleIntercept, decimals({s.intercept}));
  }
  const std::vector<Uint16> pixels(image.data.begin(), image.data.end());
  d.putAndInsertUint16Array(DCM_PixelData, pixels.data(), pixels.size());
  s.change(d, 0);
  store(file, path, s.syntax);
}

}  // namespace dawson::made
