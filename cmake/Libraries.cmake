# Third-party libraries, each found once, for the one room that uses it (docs/dependencies.md).
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Torch REQUIRED)
if(TORCH_CXX_FLAGS MATCHES "CXX11_ABI=0")
  add_compile_options(${TORCH_CXX_FLAGS})  # libtorch's std::string is the old one, so all of ours
endif()
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)

# dawson_library(NAME HEADER header [SUFFIX folder] LIBRARIES name...): a library by its header and
# its files, for those whose own CMake or pkg-config files a machine may lack. Headers of rooms do
# not show it, so installed rooms only link it.
function(dawson_library name)
  cmake_parse_arguments(PARSE_ARGV 1 library "" "HEADER;SUFFIX" "LIBRARIES")
  find_path(${name}_INCLUDE_DIR ${library_HEADER} PATH_SUFFIXES ${library_SUFFIX} REQUIRED)
  add_library(dawson_${name} INTERFACE)
  target_include_directories(dawson_${name} SYSTEM INTERFACE
    $<BUILD_INTERFACE:${${name}_INCLUDE_DIR}>)
  foreach(file IN LISTS library_LIBRARIES)
    find_library(${name}_${file} ${file} REQUIRED)
    target_link_libraries(dawson_${name} INTERFACE
      $<BUILD_INTERFACE:${${name}_${file}}> $<INSTALL_INTERFACE:${file}>)
  endforeach()
  set_target_properties(dawson_${name} PROPERTIES EXPORT_NAME library_${name})
  set_property(GLOBAL APPEND PROPERTY DAWSON_LIBRARIES dawson_${name})
endfunction()

dawson_library(sodium HEADER sodium.h LIBRARIES sodium)

if(NOT DAWSON_TRAINING_ONLY)
  find_package(PkgConfig REQUIRED)
  find_package(ZLIB REQUIRED)
  pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
  # ITKImageStatistics only for a test that checks our overlaps against ITK's.
  find_package(ITK REQUIRED COMPONENTS
    ITKCommon ITKImageStatistics ITKIOImageBase ITKIOMeta ITKIONRRD ITKMetricsv4
    ITKOptimizersv4 ITKRegistrationMethodsv4)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo cairo-pdf pangocairo)
  pkg_check_modules(LIBPNG REQUIRED IMPORTED_TARGET libpng)
  pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
  pkg_check_modules(QPDF REQUIRED IMPORTED_TARGET libqpdf)
  # OpenCV's CMake files come only with libopencv-dev, which fetches every module there is.
  dawson_library(opencv HEADER opencv2/imgproc.hpp SUFFIX opencv4
    LIBRARIES opencv_core opencv_imgproc)
  set(OpenCV_LIBS dawson_opencv)
  # DCMTK's CMake files name libraries that Debian packs apart; GDCM's ask for all of its tools.
  dawson_library(dcmtk HEADER dcmtk/dcmdata/dctk.h LIBRARIES dcmjpeg dcmjpls dcmdata oflog ofstd)
  dawson_library(gdcm HEADER gdcmImageReader.h SUFFIX gdcm-3.0
    LIBRARIES gdcmMSFF gdcmDSED gdcmDICT gdcmCommon)
  dawson_library(opencv_ml HEADER opencv2/ml.hpp SUFFIX opencv4 LIBRARIES opencv_core opencv_ml)
endif()
