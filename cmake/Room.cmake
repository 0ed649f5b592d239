# A room of the house (docs/architecture.md) is one static library, dawson_NAME.
#
#   dawson_room(NAME [USES room...] [LINKS target...] [TORCH] [WITHOUT file...])
#
# USES are the rooms it may include (scripts/check-arrows holds the includes to the same list),
# LINKS its own third-party libraries. TORCH: its files include libtorch, so they are C++17.
# WITHOUT names files that this build leaves out.
function(dawson_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "TORCH" "" "USES;LINKS;WITHOUT")
  set_property(GLOBAL APPEND PROPERTY DAWSON_ROOMS ${name})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(file IN LISTS room_WITHOUT)
    list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  list(TRANSFORM room_USES PREPEND dawson_)

  if(NOT sources)  # still empty: others may name it, and reach through it what it uses
    add_library(dawson_${name} INTERFACE)
    target_link_libraries(dawson_${name} INTERFACE ${room_USES})
  else()
    add_library(dawson_${name} STATIC ${sources})
    set_target_properties(dawson_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_include_directories(dawson_${name} PUBLIC
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(dawson_${name} PUBLIC ${room_USES} ${room_LINKS}
                                         PRIVATE $<BUILD_INTERFACE:dawson_warnings>)
    if(room_TORCH)
      set_target_properties(dawson_${name} PROPERTIES CXX_STANDARD 17)
    else()
      target_compile_features(dawson_${name} PUBLIC cxx_std_17)
    endif()
  endif()
  add_library(dawson::${name} ALIAS dawson_${name})
  set_target_properties(dawson_${name} PROPERTIES EXPORT_NAME ${name})
endfunction()
