# Third-party libraries, each found once, for the one room that uses it (docs/dependencies.md).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
find_package(Torch REQUIRED)

if(NOT DAWSON_TRAINING_ONLY)
  find_package(ZLIB REQUIRED)
  pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
  find_package(ITK REQUIRED COMPONENTS
    ITKCommon ITKBiasCorrection ITKDistanceMap ITKImageFilterBase ITKImageGrid ITKImageIntensity
    ITKIOImageBase ITKIOMeta ITKIONRRD ITKRegistrationMethodsv4 ITKSmoothing ITKTransform)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo cairo-pdf pangocairo)
  pkg_check_modules(QPDF REQUIRED IMPORTED_TARGET libqpdf)
  find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs)
endif()
