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
find_package(benchmark QUIET)  # libbenchmark-dev, for bench/ alone; without it everything else is built

# Debian builds libsystemc as C++17 and exports the version check of that standard only: name it under C++20.
pkg_check_modules(SystemC REQUIRED IMPORTED_TARGET systemc)
add_library(eyrie_systemc INTERFACE)
target_link_libraries(eyrie_systemc INTERFACE PkgConfig::SystemC)
target_compile_definitions(eyrie_systemc INTERFACE SC_CPLUSPLUS=201703L)
