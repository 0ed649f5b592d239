// What the header of one DICOM file says of its images.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/volume/grid.h"

namespace dawson::dicom {

/// One slice: the only image of a classic file, or one frame of an Enhanced one.
struct Slice {
  std::filesystem::path file;
  int frame = 0;                        ///< within the file, from 0
  int frames = 1;                       ///< that the file holds
  std::string sop_uid;                  ///< of the file
  volume::Vector3 origin{};             ///< centre of the first pixel, RAS+ mm
  volume::Vector3 along_row{};          ///< unit vector of growing column index, RAS+
  volume::Vector3 along_column{};       ///< unit vector of growing row index, RAS+
  std::array<double, 2> spacing{1, 1};  ///< mm between columns, between rows
  double slope = 1, intercept = 0;      ///< from stored values to the image's
  std::string part;  ///< what tells it from others at its place: echo, time, b-value, frame type
};

/// Who was scanned, as the header has it; empty: not said.
struct Person {
  std::string id, name, sex, age, birth_date;
};

/// Of a series. Empty or 0: not said.
struct Facts {
  std::string study_uid, series_uid, modality, description, protocol, manufacturer, model;
  std::string study_date;  ///< "20200131"
  std::string frame_of_reference;
  bool says_text_in_pixels = false;  ///< Burned In Annotation is YES
  int series_number = 0;
  std::vector<std::string> image_type;            ///< "ORIGINAL", "PRIMARY", …
  std::string scanning_sequence, contrast_agent;  ///< "SE\IR", "Gadovist"
  std::string acquisition;                        ///< "2D", "3D"
  double echo_ms = 0, repetition_ms = 0, inversion_ms = 0, b_value = 0, flip_degrees = 0;
  double thickness_mm = 0, field_tesla = 0;
  Person person;
};

/// From PatientAge ("034Y", "018M"), else from birth to the study's date; nothing where neither is
/// said or they are nonsense.
std::optional<double> age_in_years(const Facts& facts);

/// What tells the person from others: PatientID, else PatientName, else the study.
std::string person_of(const Facts& facts);

struct Header {
  Facts facts;
  int rows = 0, columns = 0, frames = 1;
  std::vector<Slice> slices;  ///< in the file's order; none where it has no geometry
};

/// By its first bytes: whether the file says that it is DICOM. False for one that cannot be read.
bool is_dicom(const std::filesystem::path& file);

/// Classic and Enhanced images (PS3.3, C.7.6.2 and C.7.6.16); pixels are left on disk. Nothing for
/// a file that is no DICOM or holds no image (a directory, a report). Throws Error{input} for one
/// that cannot be read or is cut short, has rows and no pixels, or whose orientation contradicts
/// itself.
std::optional<Header> read_header(const std::filesystem::path& file);

}  // namespace dawson::dicom
