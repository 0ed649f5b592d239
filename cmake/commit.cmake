# Writes OUTPUT, a header with the git commit of SOURCE. Run at every build; the header is touched
# only when the commit has changed, so that nothing is compiled again in vain.
set(commit unknown)
find_program(git git)
if(git)
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed)
    set(commit ${found})
    execute_process(COMMAND ${git} -C ${SOURCE} diff --quiet HEAD --
      RESULT_VARIABLE changed OUTPUT_QUIET ERROR_QUIET)
    if(changed)
      string(APPEND commit "+")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define DAWSON_COMMIT \"${commit}\"\n" @ONLY)
