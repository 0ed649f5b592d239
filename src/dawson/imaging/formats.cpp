#include "dawson/imaging/formats.h"

#include <itkMetaImageIO.h>
#include <itkNrrdImageIO.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/core/text.h"
#include "dawson/volume/checks.h"

namespace dawson::imaging {

namespace fs = std::filesystem;
using volume::Index3;

namespace {

// The longer ending first: ".nii.gz" before ".nii".
constexpr std::array<const char*, 6> extensions{".nii.gz", ".nii", ".nrrd",
                                                ".nhdr",   ".mha", ".mhd"};

/// The image extension that the name ends in, in lower case; empty where there is none.
std::string image_extension(const fs::path& file) {
  const std::string name = core::lower_case(file.filename().string());
  for (const std::string extension : extensions) {
    if (name.size() > extension.size() && name.ends_with(extension)) return extension;
  }
  return {};
}

[[noreturn]] void refuse(const fs::path& file, const std::string& fact,
                         const std::string& what_to_do = {}) {
  throw Error(ExitCode::input, fact, file.string(), what_to_do);
}

itk::ImageIOBase::Pointer open_header(const fs::path& file, const std::string& extension) {
  std::error_code code;
  if (!fs::exists(file, code)) refuse(file, "there is no such file");
  if (fs::is_directory(file, code)) refuse(file, "this is a folder, not an image file");
  if (fs::file_size(file, code) == 0 || code) refuse(file, "the file is empty");
  const bool nrrd = extension == ".nrrd" || extension == ".nhdr";
  // ITK's readers say on the terminal what they dislike: the marks are looked at before.
  std::ifstream stream(file, std::ios::binary);
  std::string start(256, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  const bool marked =
      nrrd ? start.starts_with("NRRD000") : start.find("NDims") != std::string::npos;
  if (!marked) refuse(file, nrrd ? "this is not an NRRD image" : "this is not a MetaImage");

  itk::ImageIOBase::Pointer io;
  if (nrrd) {
    io = itk::NrrdImageIO::New();
  } else {
    io = itk::MetaImageIO::New();
  }
  io->SetFileName(file.string());
  try {
    io->ReadImageInformation();
  } catch (const itk::ExceptionObject&) {
    refuse(file, "the header cannot be read");
  }
  return io;
}

Index3 size_of(const itk::ImageIOBase& io, const fs::path& file) {
  if (io.GetNumberOfComponents() != 1) refuse(file, "the file holds several values a voxel");
  Index3 size{1, 1, 1};
  std::int64_t voxels = 1;
  for (unsigned axis = 0; axis < io.GetNumberOfDimensions(); ++axis) {
    const auto n = static_cast<std::int64_t>(io.GetDimensions(axis));
    if (n < 1) refuse(file, "the header gives an empty dimension");
    if (axis >= 3) {
      if (n > 1) refuse(file, "the file holds " + std::to_string(n) + " volumes, not one");
      continue;
    }
    volume::check_voxels(voxels, n, file.string());
    voxels *= n;
    size[axis] = static_cast<int>(n);
  }
  return size;
}

/// ITK's world is LPS: x and y change their sign at this door.
volume::Grid grid_of(const itk::ImageIOBase& io, const Index3& size, const fs::path& file) {
  std::array<std::array<double, 4>, 3> affine{};
  for (int row = 0; row < 3; ++row) affine[row][row] = 1;
  const unsigned dimensions = std::min(3U, io.GetNumberOfDimensions());
  for (unsigned column = 0; column < dimensions; ++column) {
    const std::vector<double> direction = io.GetDirection(column);
    for (unsigned row = 0; row < dimensions; ++row) {
      affine[row][column] = direction[row] * io.GetSpacing(column);
    }
    affine[column][3] = io.GetOrigin(column);
  }
  for (int row = 0; row < 2; ++row) {
    for (double& value : affine[row]) value = -value;
  }
  try {
    return volume::grid_from_affine(size, affine);
  } catch (const Error& e) {
    refuse(file, e.fact(), "correct the header");
  }
}

template <typename T>
std::vector<float> to_float(const std::vector<char>& bytes, std::size_t voxels) {
  std::vector<float> values(voxels);
  const T* typed = reinterpret_cast<const T*>(bytes.data());
  std::transform(typed, typed + voxels, values.begin(),
                 [](T value) { return static_cast<float>(value); });
  return values;
}

/// Values as float and the NIfTI code of the stored type.
std::vector<float> convert(itk::IOComponentEnum type, const std::vector<char>& bytes,
                           std::size_t voxels, int& datatype, const fs::path& file) {
  const auto as = [&](auto kind, int code) {
    datatype = code;
    return to_float<decltype(kind)>(bytes, voxels);
  };
  using Type = itk::IOComponentEnum;
  switch (type) {
    case Type::UCHAR:
      return as(static_cast<unsigned char>(0), 2);
    case Type::CHAR:
      return as(static_cast<signed char>(0), 256);
    case Type::USHORT:
      return as(static_cast<unsigned short>(0), 512);
    case Type::SHORT:
      return as(static_cast<short>(0), 4);
    case Type::UINT:
      return as(0U, 768);
    case Type::INT:
      return as(0, 8);
    case Type::ULONG:
      return as(0UL, 1280);
    case Type::LONG:
      return as(0L, 1024);
    case Type::ULONGLONG:
      return as(0ULL, 1280);
    case Type::LONGLONG:
      return as(0LL, 1024);
    case Type::FLOAT:
      return as(0.0F, 16);
    case Type::DOUBLE:
      return as(0.0, 64);
    default:
      refuse(file, "the file holds values that are not grey values");
  }
}

/// Before anything is allocated: no compression of these formats gains more than 1032 to 1.
void check_promise(const itk::ImageIOBase& io, const std::string& extension, const fs::path& file) {
  const bool detached = extension == ".nhdr" || extension == ".mhd";
  if (detached) return;
  const auto promised = static_cast<std::uint64_t>(io.GetImageSizeInBytes());
  if (promised / 1032 > fs::file_size(file)) refuse(file, "the file is truncated", "copy it again");
}

/// Value of `key = value` in a MetaImage header; empty where it is not said.
std::string meta_value(const std::string& header, const std::string& key) {
  std::istringstream lines(header);
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string name, equals, value;
    if (words >> name >> equals >> value && name == key && equals == "=") return value;
  }
  return {};
}

/// MetaIO fills what is missing with nothing and says so only on the terminal; the length of the
/// data is compared beforehand.
void check_meta_length(const itk::ImageIOBase& io, const fs::path& file) {
  constexpr std::size_t longest_header = 1 << 16;
  std::ifstream stream(file, std::ios::binary);
  std::string header(longest_header, '\0');
  stream.read(header.data(), static_cast<std::streamsize>(header.size()));
  header.resize(static_cast<std::size_t>(stream.gcount()));
  const std::size_t last_key = header.find("ElementDataFile");
  if (last_key == std::string::npos) refuse(file, "the header cannot be read");
  const std::size_t header_bytes = std::min(header.find('\n', last_key), header.size() - 1) + 1;
  header.resize(header_bytes);

  const std::string place = meta_value(header, "ElementDataFile");
  const bool local = core::lower_case(place) == "local";
  if (core::lower_case(place) == "list" || place.find('%') != std::string::npos) {
    refuse(file, "the voxels are spread over several files, which is not read");
  }
  const fs::path data_file = local ? file : file.parent_path() / place;
  std::error_code code;
  const std::uintmax_t bytes = fs::file_size(data_file, code);
  if (code) refuse(file, "its data file " + place + " is missing");
  const std::uintmax_t here = local ? bytes - std::min<std::uintmax_t>(bytes, header_bytes) : bytes;
  std::uintmax_t promised = static_cast<std::uintmax_t>(io.GetImageSizeInBytes());
  if (core::lower_case(meta_value(header, "CompressedData")).starts_with('t')) {
    promised = std::strtoull(meta_value(header, "CompressedDataSize").c_str(), nullptr, 10);
  }
  if (here < promised) refuse(file, "the file is truncated", "copy it again");
}

}  // namespace

volume::NiftiImage read_image(const fs::path& file) {
  const std::string extension = image_extension(file);
  // A name without a known ending may still be NIfTI; its reader looks at the bytes.
  if (extension.empty() || extension.starts_with(".nii")) return volume::read_nifti(file);

  const auto io = open_header(file, extension);
  const Index3 size = size_of(*io, file);
  check_promise(*io, extension, file);
  if (extension.starts_with(".mh")) check_meta_length(*io, file);
  volume::NiftiImage result;
  result.image.grid = grid_of(*io, size, file);
  volume::check_grid(result.image.grid, file.string(), result.warnings);

  std::vector<char> bytes(static_cast<std::size_t>(io->GetImageSizeInBytes()));
  itk::ImageIORegion whole(io->GetNumberOfDimensions());
  for (unsigned axis = 0; axis < io->GetNumberOfDimensions(); ++axis) {
    whole.SetIndex(axis, 0);
    whole.SetSize(axis, io->GetDimensions(axis));
  }
  io->SetIORegion(whole);
  try {
    io->Read(bytes.data());
  } catch (const itk::ExceptionObject&) {
    refuse(file, "the voxels cannot be read: the file is truncated or damaged", "copy it again");
  }
  result.image.data = convert(io->GetComponentType(), bytes, result.image.grid.voxels(),
                              result.header.datatype, file);
  volume::mend_nonfinite(result.image.data, file.string(), result.warnings);
  result.header.geometry = volume::geometry_of(result.image.grid);
  return result;
}

bool is_image_name(const fs::path& file) {
  return !image_extension(file).empty();
}

std::string image_stem(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.size() - image_extension(file).size());
}

}  // namespace dawson::imaging
