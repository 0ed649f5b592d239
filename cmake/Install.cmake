# What `cmake --install` puts where: the program, the models, and the rooms as libraries that
# another project finds with find_package(dawson).
include(CMakePackageConfigHelpers)

get_property(rooms GLOBAL PROPERTY DAWSON_ROOMS)
list(TRANSFORM rooms PREPEND dawson_ OUTPUT_VARIABLE room_targets)
get_property(library_targets GLOBAL PROPERTY DAWSON_LIBRARIES)
install(TARGETS ${room_targets} ${library_targets} EXPORT dawson)
install(TARGETS dawson)
install(TARGETS dawson_program DESTINATION libexec)  # where apps/dawson.cpp looks

install(DIRECTORY src/dawson/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/dawson
  FILES_MATCHING PATTERN "*.h")
install(DIRECTORY models/ DESTINATION ${CMAKE_INSTALL_DATADIR}/dawson/models OPTIONAL)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/dawson)
install(EXPORT dawson NAMESPACE dawson:: FILE dawsonTargets.cmake DESTINATION ${package_folder})
configure_package_config_file(cmake/dawsonConfig.cmake.in dawsonConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(dawsonConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/dawsonConfig.cmake
              ${PROJECT_BINARY_DIR}/dawsonConfigVersion.cmake
        DESTINATION ${package_folder})
