#!/usr/bin/env bash
# Builds the mapper's benchmark and runs it on one core. Arguments go to the program, for instance
#   bench/run_mapper.sh --limit=60 --benchmark_filter='^eyeriss_v1/.*/energy/'
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release > /dev/null
cmake --build --preset release --target eyrie_bench_mapper > /dev/null
lscpu | grep -E '^(Model name|L1d cache|L2 cache|L3 cache)' || true
"$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' build/release/CMakeCache.txt)" --version | head -1
limits=(--limit=10)
[[ "$*" == *--limit=* ]] && limits=()
# One process a machine, so that each has a peak of memory of its own.
if [[ "$*" == *--benchmark_filter=* ]]; then
  exec taskset -c 0 build/release/bench/eyrie_bench_mapper "${limits[@]}" "$@"
fi
for part in eyeriss_v1 diannao_like tpu_like; do
  taskset -c 0 build/release/bench/eyrie_bench_mapper "${limits[@]}" --benchmark_filter="^$part/" "$@"
done
