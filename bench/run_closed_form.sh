#!/usr/bin/env bash
# Builds the closed form's benchmark and runs it on one core. Arguments go to the program, for instance
#   bench/run_closed_form.sh --benchmark_filter='^eyeriss_v1/alexnet_conv3/' --benchmark_repetitions=9
# or, for executed instructions a mapping, which other work on the machine does not change (needs valgrind),
#   bench/run_closed_form.sh --instructions eyeriss_v1/alexnet_conv3/traffic
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release > /dev/null
cmake --build --preset release --target eyrie_bench_closed_form > /dev/null
program=build/release/bench/eyrie_bench_closed_form

# Of a benchmark, with so many evaluations, making its mappings included.
instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" --benchmark_filter="^$1/iterations" --evaluations="$2" 2>&1 |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

if [[ "${1:-}" == --instructions ]]; then
  for name in "${@:2}"; do
    once=$(instructions "$name" 4096) twice=$(instructions "$name" 8192)
    echo "$name: $(((twice - once) / 4096)) instructions a mapping"
  done
  exit
fi
lscpu | grep -E '^(Model name|L1d cache|L2 cache|L3 cache)' || true
"$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' build/release/CMakeCache.txt)" --version | head -1
exec taskset -c 0 "$program" --benchmark_repetitions=9 --benchmark_report_aggregates_only=true "$@"
