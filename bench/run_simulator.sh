#!/usr/bin/env bash
# Builds the simulator's benchmark and runs it. Arguments go to the program:
#   bench/run_simulator.sh --benchmark_filter='^networks/eyeriss_v1/'   some of it
#   bench/run_simulator.sh --layers                                     a line for each layer besides
#   bench/run_simulator.sh --limit=60                                   seconds after which a search for a mapping is stopped (10)
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release > /dev/null
cmake --build --preset release --target eyrie_bench_simulator > /dev/null
exec build/release/bench/eyrie_bench_simulator "$@"
