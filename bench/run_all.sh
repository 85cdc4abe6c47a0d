#!/usr/bin/env bash
# Measures everything about the simulator's speed and writes it into docs/performance.md, between the marks
# `<!-- NAME -->` and `<!-- end of NAME -->`: the tables of run_simulator.sh, instructions, machine and compiler; growth.sh
# writes docs/images.
#   bench/run_all.sh                          everything (ten minutes)
#   bench/run_all.sh command growth           these: networks stepping command instructions growth
#   bench/run_all.sh networks/eyeriss_v1      these rows of a table; the others stay
# The mapper has a script of its own, run_mapper.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/performance.md
parts=("$@")
((${#parts[@]})) || parts=(networks stepping command instructions growth)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# replace NAME FILE: the lines between the marks of NAME become those of FILE.
replace() {
  grep -q "^<!-- $1 -->$" "$page" && grep -q "^<!-- end of $1 -->$" "$page" || { echo "$page has no marks for $1" >&2; exit 1; }
  awk -v name="$1" -v file="$2" '
    $0 == "<!-- " name " -->" { print; while ((getline line < file) > 0) print line; skip = 1; next }
    $0 == "<!-- end of " name " -->" { skip = 0 }
    !skip { print }' "$page" > "$scratch/page"
  cat "$scratch/page" > "$page"
}

# merge NAME FILE: the table between the marks with the rows of FILE in the place of those of the same name, new ones last.
merge() {
  sed -n "/^<!-- $1 -->\$/,/^<!-- end of $1 -->\$/{/^|/p}" "$page" > "$scratch/before"
  awk -F'|' -v cells="$([[ $1 == networks ]] && echo 2 || echo 1)" '
    function key() { return cells == 2 ? $2 "|" $3 : $2 }
    !/^\|/ { next }
    FNR <= 2 { head = FNR == 1 ? $0 : head "\n" $0; next }
    { if (!(key() in row)) order[++rows] = key(); row[key()] = $0 }
    END { print head; for (i = 1; i <= rows; ++i) print row[order[i]] }' "$scratch/before" <(grep '^|' "$2")
}

measured_on() {
  local model cache compiler
  model=$(lscpu | sed -n 's/^Model name: *//p' | head -1)
  cache=$(lscpu | sed -n 's/^L3 cache: *//p' | sed 's/ (.*//')
  compiler=$("$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' build/release/CMakeCache.txt)" --version | head -1)
  printf 'Measured on %s (family %s, model %s), %s processors, L3 cache %s, with %s, flags `%s`.\n' "$model" \
    "$(lscpu | sed -n 's/^CPU family: *//p')" "$(lscpu | sed -n 's/^Model: *//p')" "$(nproc)" "${cache:-unknown}" "$compiler" \
    "$(sed -n 's/^CMAKE_CXX_FLAGS_RELEASE:[A-Z]*=//p' build/release/CMakeCache.txt)"
}

for part in "${parts[@]}"; do
  echo "== $part"
  name=${part%%/*}
  case $name in
    networks | stepping | command)
      bench/run_simulator.sh --benchmark_filter="^$part" | tee "$scratch/out"
      merge "$name" "$scratch/out" > "$scratch/table" ;;
    instructions)
      cmake --build --preset release --target eyrie_bench_instructions > /dev/null
      bench/instructions.sh || echo "the baseline is another; the table shows the baseline" >&2
      bench/instructions.sh --table > "$scratch/table" ;;
    growth)
      bench/growth.sh | tee "$scratch/out"
      { echo '```'; grep -v , "$scratch/out"; echo '```'; } > "$scratch/table" ;;
    *) echo "no part is called $part" >&2; exit 2 ;;
  esac
  replace "$name" "$scratch/table"
done
measured_on > "$scratch/table"
replace machine "$scratch/table"
