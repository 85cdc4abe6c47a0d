#!/usr/bin/env bash
# The table of docs/machines.md: every network on the three machines, as Markdown. One run each, batch 1, mappings of least energy.
#   scripts/machines_table.sh                    all networks (an hour on one core)
#   scripts/machines_table.sh lenet5 resnet18    these
#   scripts/machines_table.sh --update [names]   writes the rows into docs/machines.md; rows of networks not named stay
set -euo pipefail
cd "$(dirname "$0")/.."
eyrie=${EYRIE:-build/release/eyrie}
machines=(eyeriss_v1 diannao tpu_like_32x32)
page=docs/machines.md
update=0
if [[ "${1:-}" == --update ]]; then update=1; shift; fi
if (($# > 0)); then networks=("$@"); else mapfile -t networks < <("$eyrie" list workloads --format names); fi

# Cycles in thousands, share of PE-cycles that are MAC slots, energy with DRAM, operations per energy, layers left to the host.
cells() {
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; ++i) { sub(/\r$/, "", $i); column[$i] = i }; next }
    { place = $column["place"] }
    place == "host" { ++host }
    place == "machine" {
      cycles += $column["cycles"]; ops += $column["ops"]; energy += $column["energy_pj"]
      busy += $column["mac_pe_cycles"] + $column["gated_mac_pe_cycles"]
      for (name in column) if (name ~ /_pe_cycles$/) all += $column[name]
      bad += $column["mismatches"]
    }
    END {
      if (bad > 0) { print "wrong ofmaps" > "/dev/stderr"; exit 1 }
      printf " %.1f | %.1f | %.1f | %.3f | %d |", cycles / 1e3, all ? 100 * busy / all : 0, energy / 1e6, energy ? ops / energy : 0, host
    }'
}

row() {
  local text="| \`$1\` |" machine
  for machine in "${machines[@]}"; do
    text+=$("$eyrie" run --arch "$machine" --workload "$1" --format csv --quiet | cells)
  done
  echo "$text"
}

for network in "${networks[@]}"; do
  line=$(row "$network")
  if ((update)); then
    # The row takes its place; a new one goes before the end mark.
    awk -v name="| \`$network\` |" -v line="$line" '
      index($0, name) == 1 { print line; done = 1; next }
      /<!-- end of the table -->/ && !done { print line }
      { print }' "$page" > "$page.new"
    mv "$page.new" "$page"
  fi
  echo "$line"
done
