option(EYRIE_WARNINGS_AS_ERRORS "Treat warnings as errors" ON)

add_library(eyrie_warnings INTERFACE)
target_compile_options(eyrie_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow=local -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wno-missing-field-initializers  # designated initialisers name what differs from the defaults
  $<$<BOOL:${EYRIE_WARNINGS_AS_ERRORS}>:-Werror>
  # At -O3 g++ 12 sees overlapping copies in `"text" + std::string` (GCC bug 105651) and overflows inside fmt that aren't there.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow>
  # g++ 12 sees uninitialised values inside <regex> and std::optional under the sanitizers that aren't there.
  $<$<CONFIG:Asan>:-Wno-maybe-uninitialized>)

# eyrie_room(NAME SOURCES a.cpp b.cpp ROOMS base arch LIBRARIES fmt::fmt)
# One library per room, `eyrie_NAME`, linking the rooms that it may include and nothing else.
function(eyrie_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  add_library(eyrie_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(eyrie_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ROOM_ROOMS PREPEND eyrie_)
  target_link_libraries(eyrie_${name} PUBLIC ${ROOM_ROOMS} ${ROOM_LIBRARIES}
    PRIVATE eyrie_warnings ${ROOM_PRIVATE_LIBRARIES})
endfunction()
