# Third-party libraries, each found once, for the one room that uses it (docs/dependencies.md).
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Torch REQUIRED)
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)

# Without pkg-config, which a GPU machine may lack: header and library beside each other suffice.
find_path(SODIUM_INCLUDE_DIR sodium.h REQUIRED)
find_library(SODIUM_LIBRARY sodium REQUIRED)
add_library(dawson_sodium INTERFACE)
target_include_directories(dawson_sodium INTERFACE $<BUILD_INTERFACE:${SODIUM_INCLUDE_DIR}>)
target_link_libraries(dawson_sodium INTERFACE $<BUILD_INTERFACE:${SODIUM_LIBRARY}>
  $<INSTALL_INTERFACE:sodium>)

if(NOT DAWSON_TRAINING_ONLY)
  find_package(PkgConfig REQUIRED)
  find_package(ZLIB REQUIRED)
  pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
  find_package(ITK REQUIRED COMPONENTS
    ITKCommon ITKBiasCorrection ITKDistanceMap ITKImageFilterBase ITKImageGrid ITKImageIntensity
    ITKIOImageBase ITKIOMeta ITKIONRRD ITKRegistrationMethodsv4 ITKSmoothing ITKTransform)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo cairo-pdf pangocairo)
  pkg_check_modules(QPDF REQUIRED IMPORTED_TARGET libqpdf)
  find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs)
endif()
