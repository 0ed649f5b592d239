# Text files as constants in a C++ file, made when the program is built.
#
#   dawson_embed_text(TARGET OUTPUT name.cpp HEADER dawson/room/name.h NAMESPACE a::b
#                     TEXTS name=file[,file...] ...)
#
# defines std::string_view NAME for each text, with its files one after the other. JavaScript
# modules become one: their import lines and the word "export" are left out, so files stand after
# those that they import.
if(CMAKE_SCRIPT_MODE_FILE)
  set(code "// Made by cmake/EmbedText.cmake.\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
  string(REPLACE "|" ";" TEXTS "${TEXTS}")
  foreach(text IN LISTS TEXTS)
    string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${text}")
    set(name ${CMAKE_MATCH_1})
    string(REPLACE "," ";" files "${CMAKE_MATCH_2}")
    string(APPEND code "\nconst std::string_view ${name} =")
    foreach(file IN LISTS files)
      file(READ ${FOLDER}/${file} content)
      if(file MATCHES "[.]js$")
        string(REGEX REPLACE "(^|\n)import [^\n]*" "" content "${content}")
        string(REGEX REPLACE "(^|\n)export " "\\1" content "${content}")
      endif()
      # Compilers limit the length of one literal, not of several in a row.
      string(LENGTH "${content}" length)
      set(from 0)
      while(from LESS length)
        string(SUBSTRING "${content}" ${from} 8000 part)
        string(APPEND code "\n    R\"embedded(${part})embedded\"")
        math(EXPR from "${from} + 8000")
      endwhile()
    endforeach()
    string(APPEND code ";\n")
  endforeach()
  string(APPEND code "\n}  // namespace ${NAMESPACE}\n")
  file(WRITE ${OUTPUT} "${code}")
  return()
endif()

set(dawson_embed_text_script ${CMAKE_CURRENT_LIST_FILE})
function(dawson_embed_text target)
  cmake_parse_arguments(PARSE_ARGV 1 embed "" "OUTPUT;HEADER;NAMESPACE" "TEXTS")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${embed_OUTPUT})
  set(files "")
  foreach(text IN LISTS embed_TEXTS)
    string(REGEX REPLACE "^[a-z_]+=" "" names "${text}")
    string(REPLACE "," ";" names "${names}")
    list(APPEND files ${names})
  endforeach()
  list(TRANSFORM files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  string(REPLACE ";" "|" texts "${embed_TEXTS}")  # survives the way to the command
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${embed_HEADER}
            -DNAMESPACE=${embed_NAMESPACE} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}
            "-DTEXTS=${texts}" -P ${dawson_embed_text_script}
    DEPENDS ${files} ${dawson_embed_text_script} VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
