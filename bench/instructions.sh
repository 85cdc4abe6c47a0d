#!/usr/bin/env bash
# Counts the instructions of small fixed pieces of work (instructions.cpp) under callgrind and compares them with
# bench/instructions.json: more than 5 % above or below fails and names the case.
#   bench/instructions.sh [BUILD]            BUILD: folder with the built programs (build/release)
#   bench/instructions.sh --update [BUILD]   writes the counts as the new baseline
#   bench/instructions.sh --table            the baseline as Markdown, nothing is run
# Exit code 77: nothing was compared, because the baseline is for another compiler or build, or a tool is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
baseline=bench/instructions.json
mode=compare
case "${1:-}" in
  --update | --table) mode=${1#--}; shift ;;
esac
program=${1:-build/release}/bench/eyrie_bench_instructions

# FIELD of CASE, one case a line.
recorded() { sed -n "s/^ *\"$1\": {.*\"$2\": \"\{0,1\}\([^,\"}]*\).*/\1/p" "$baseline"; }
recorded_build() { sed -n 's/^ *"build": "\(.*\)",$/\1/p' "$baseline"; }
skip() { echo "skipped: $1"; exit 77; }

if [[ $mode == table ]]; then
  echo "| case | of what | amount | instructions, 10^6 | instructions each |"
  echo "|---|---|---:|---:|---:|"
  sed -n 's/^ *"\([a-z0-9_]*\)": {.*/\1/p' "$baseline" | grep -v cases | while read -r name; do
    awk -v name="$name" -v unit="$(recorded "$name" unit)" -v n="$(recorded "$name" amount)" -v i="$(recorded "$name" instructions)" \
      'BEGIN { printf "| `%s` | %s | %d | %.1f | %.4g |\n", name, unit, n, i / 1e6, i / n }'
  done
  exit
fi

command -v valgrind > /dev/null || skip "valgrind is not installed"
grep -q -m1 -w avx2 /proc/cpuinfo || skip "the baseline is for processors with AVX2"
build=$("$program" --build)
if [[ $mode == compare && "$build" != "$(recorded_build)" ]]; then
  skip "the baseline is for $(recorded_build), and this is $build"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
entries=() wrong=0
for name in $("$program" --list); do
  valgrind --tool=callgrind --collect-atstart=no --toggle-collect=eyrie_measured --callgrind-out-file="$scratch/out" \
    "$program" "$name" > "$scratch/amount" 2> "$scratch/log" || { cat "$scratch/log"; exit 1; }
  read -r unit amount < "$scratch/amount"
  count=$(sed -n 's/^.*Collected : *\([0-9]*\).*/\1/p' "$scratch/log")
  [[ "${count:-0}" -gt 0 ]] || { echo "callgrind counted nothing in $name"; exit 1; }
  entries+=("    \"$name\": {\"unit\": \"$unit\", \"amount\": $amount, \"instructions\": $count}")
  [[ $mode == compare ]] || { echo "$name: $count for $amount $unit"; continue; }
  before=$(recorded "$name" instructions)
  if [[ -z "$before" ]]; then
    echo "$name: not in $baseline; add it with bench/instructions.sh --update"
    wrong=1
  else
    awk -v name="$name" -v now="$count" -v before="$before" -v amount="$amount" -v unit="$unit" 'BEGIN {
      change = 100 * (now / before - 1)
      verdict = change > 5 ? "MORE than the baseline allows (5 %)" : change < -5 ? "LESS: lower the baseline with bench/instructions.sh --update" : "as before"
      printf "%s: %d instructions, %.4g each of %d %s, %+.1f %%: %s\n", name, now, now / amount, amount, unit, change, verdict
      exit change > 5 || change < -5 }' || wrong=1
  fi
done

if [[ $mode == update ]]; then
  {
    printf '{\n  "build": "%s",\n  "cases": {\n' "$build"
    (IFS=,; echo "${entries[*]}") | sed 's/},/},\n/g'
    printf '  }\n}\n'
  } > "$baseline"
fi
exit $wrong
