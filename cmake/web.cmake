# The pages of reports and studies: built from report/web with npm and esbuild in the build tree, then put into eyrie_report.

set(EYRIE_PAGE "" CACHE FILEPATH "A ready-made page.html for the report, with study.html beside it; then neither node nor npm is needed")

# eyrie_npm_packages(FOLDER LOCKED STAMP): a folder of the build tree with the packages that package.json and package-lock.json of LOCKED name.
# npm runs only when one of these two changes; STAMP names the variable with the file to depend on.
function(eyrie_npm_packages folder locked stamp)
  set(done ${folder}/node_modules/.eyrie_installed)
  add_custom_command(OUTPUT ${done}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${CMAKE_COMMAND} -E copy ${locked}/package.json ${locked}/package-lock.json ${locked}/.npmrc ${folder}
    COMMAND ${CMAKE_COMMAND} -E chdir ${folder} ${EYRIE_NPM} ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error --no-progress
    COMMAND ${CMAKE_COMMAND} -E touch ${done}
    DEPENDS ${locked}/package.json ${locked}/package-lock.json ${locked}/.npmrc
    COMMENT "npm packages of ${locked}" VERBATIM)
  set(${stamp} ${done} PARENT_SCOPE)
endfunction()

# eyrie_page(TARGET SOURCE_FOLDER): TARGET gets page_template() and study_page_template().
function(eyrie_page target source)
  set(folder ${CMAKE_BINARY_DIR}/web)
  if(EYRIE_PAGE)
    if(NOT EXISTS ${EYRIE_PAGE})
      message(FATAL_ERROR "EYRIE_PAGE is ${EYRIE_PAGE}, which does not exist; give the path of a page.html that report/web/build.mjs wrote.")
    endif()
    get_filename_component(page ${EYRIE_PAGE} ABSOLUTE BASE_DIR ${CMAKE_BINARY_DIR})
    get_filename_component(EYRIE_PAGE_FOLDER ${page} DIRECTORY)
    if(NOT page STREQUAL "${EYRIE_PAGE_FOLDER}/page.html" OR NOT EXISTS ${EYRIE_PAGE_FOLDER}/study.html)
      message(FATAL_ERROR "EYRIE_PAGE is ${EYRIE_PAGE}; it must be called page.html and study.html must stand beside it, as report/web/build.mjs writes them.")
    endif()
  else()
    find_program(EYRIE_NODE NAMES node nodejs)
    find_program(EYRIE_NPM npm)
    if(NOT EYRIE_NODE OR NOT EYRIE_NPM)
      message(FATAL_ERROR "The page of the report is built with node (18 or newer) and npm: install the packages nodejs and npm, or give a ready-made page with -DEYRIE_PAGE=/path/page.html.")
    endif()
    eyrie_npm_packages(${folder} ${source} installed)
    set(EYRIE_PAGE_FOLDER ${folder})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${source}/src/*)
    add_custom_command(OUTPUT ${folder}/page.html ${folder}/study.html
      COMMAND ${CMAKE_COMMAND} -E rm -rf ${folder}/src
      COMMAND ${CMAKE_COMMAND} -E copy_directory ${source}/src ${folder}/src
      COMMAND ${CMAKE_COMMAND} -E copy ${source}/build.mjs ${folder}
      COMMAND ${EYRIE_NODE} ${folder}/build.mjs ${folder}
      DEPENDS ${installed} ${sources} ${source}/build.mjs
      COMMENT "The pages of reports and studies" VERBATIM)
  endif()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/page_template.cpp.in ${folder}/page_template.cpp @ONLY)
  set_source_files_properties(${folder}/page_template.cpp PROPERTIES OBJECT_DEPENDS "${EYRIE_PAGE_FOLDER}/page.html;${EYRIE_PAGE_FOLDER}/study.html")
  target_sources(${target} PRIVATE ${folder}/page_template.cpp)
endfunction()
