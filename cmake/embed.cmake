# The scenarios become part of the program: scenarios.inc is a list of {"name", "content"} rows.
# Included from CMakeLists.txt it defines the step; run with -P it writes the file.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB scenarios ${SCENARIOS}/*.yaml)
  set(rows "")
  foreach(scenario IN LISTS scenarios)
    get_filename_component(name ${scenario} NAME_WE)
    file(READ ${scenario} hex HEX)  # as hex: CMake's lists would eat brackets and semicolons
    string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
    string(APPEND rows "{\"${name}\", \"${escaped}\"},\n")
  endforeach()
  file(WRITE ${OUTPUT} "${rows}")
  return()
endif()

file(GLOB scenarios CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/scenarios/*.yaml)
set(embedded ${CMAKE_BINARY_DIR}/generated/scenarios.inc)
add_custom_command(OUTPUT ${embedded}
  COMMAND ${CMAKE_COMMAND} -DSCENARIOS=${CMAKE_SOURCE_DIR}/tests/scenarios -DOUTPUT=${embedded}
    -P ${CMAKE_CURRENT_LIST_FILE}
  DEPENDS ${scenarios} ${CMAKE_CURRENT_LIST_FILE})
target_sources(plumb_app PRIVATE ${embedded})
