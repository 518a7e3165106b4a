# Files of tests/ become part of the program: NAME.inc is a list of {"file", "its content"} rows, as literals with their
# length (…sv): counting 1.5 MB of characters is more than a compiler does in a constant expression.
# Included from CMakeLists.txt it defines the steps; run with -P it writes one file.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB files ${FILES})
  set(rows "")
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} content)
    string(APPEND rows "{\"${name}\"sv, R\"embedded(${content})embedded\"sv},\n")
  endforeach()
  file(WRITE ${OUTPUT} "${rows}")
  return()
endif()

function(plumb_embed name files)
  file(GLOB found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${files})
  string(MD5 which "${found}")  # in the command, because a file that is gone is no newer input
  set(embedded ${CMAKE_BINARY_DIR}/generated/${name}.inc)
  add_custom_command(OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DFILES=${CMAKE_SOURCE_DIR}/${files} -DOUTPUT=${embedded} -DWHICH=${which}
      -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${found} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  target_sources(plumb_app PRIVATE ${embedded})
endfunction()

plumb_embed(scenarios tests/scenarios/*.yaml)
plumb_embed(recordings tests/recordings/*.jsonl)
plumb_embed(recordings_expected tests/recordings/expected.yaml)
