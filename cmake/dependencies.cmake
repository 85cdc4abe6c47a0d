# Everything here is a package of Debian 12; scripts/packages.txt lists them.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost REQUIRED)
find_package(Catch2 2.13 REQUIRED)
find_package(Eigen3 REQUIRED)
pkg_check_modules(NLopt REQUIRED IMPORTED_TARGET nlopt_cxx)

# Arrays and images that networks compute with; stores of studies: digests, compressed results, a database; expressions.
foreach(package libzip libpng libcrypto zlib sqlite3 muparser)
  pkg_check_modules(${package} QUIET IMPORTED_TARGET ${package})
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "the library ${package} is not installed; scripts/setup.sh installs all that is missing")
  endif()
endforeach()
find_package(Pagmo REQUIRED)  # multi-objective search

# libopenmpi-dev, for `eyrie explore --engine mpi` alone; without it everything else is built.
pkg_check_modules(EYRIE_MPI QUIET IMPORTED_TARGET ompi-c)
if(EYRIE_MPI_FOUND)
  add_library(eyrie_mpi INTERFACE)
  target_link_libraries(eyrie_mpi INTERFACE PkgConfig::EYRIE_MPI)
  target_compile_definitions(eyrie_mpi INTERFACE OMPI_SKIP_MPICXX)
endif()

find_package(benchmark QUIET)  # libbenchmark-dev, for bench/ alone; without it everything else is built

# Debian builds libsystemc as C++17 and exports the version check of that standard only: name it under C++20.
pkg_check_modules(SystemC REQUIRED IMPORTED_TARGET systemc)
add_library(eyrie_systemc INTERFACE)
target_link_libraries(eyrie_systemc INTERFACE PkgConfig::SystemC)
target_compile_definitions(eyrie_systemc INTERFACE SC_CPLUSPLUS=201703L)

# ONNX's protobuf types (libonnx-dev), for interchange alone.
pkg_check_modules(Protobuf REQUIRED IMPORTED_TARGET protobuf)
find_library(EYRIE_ONNX_PROTO onnx_proto REQUIRED)
add_library(eyrie_onnx INTERFACE)
target_link_libraries(eyrie_onnx INTERFACE ${EYRIE_ONNX_PROTO} PkgConfig::Protobuf)
target_compile_definitions(eyrie_onnx INTERFACE ONNX_NAMESPACE=onnx ONNX_ML=1)

# All of libonnx, for its shape inference in tests.
find_library(EYRIE_ONNX onnx REQUIRED)
add_library(eyrie_onnx_library INTERFACE)
target_link_libraries(eyrie_onnx_library INTERFACE ${EYRIE_ONNX} eyrie_onnx)
