#!/usr/bin/env bash
# The generated parts of docs/technologies.md, between their marks: the fit of SRAM sweeps, machines in technologies on AlexNet CONV3, shares of Eyeriss, its power
# layer by layer. Less than a minute.
# jq is needed (a Debian package; not in scripts/packages.txt).
set -euo pipefail
cd "$(dirname "$0")/.."
eyrie=${EYRIE:-build/release/eyrie}
page=docs/technologies.md
command -v jq > /dev/null || { echo "jq is missing: apt-get install jq" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A run's first layer on the machine: MACs, energy with DRAM, on chip, power on chip.
layer() { # machine, table, layer, further arguments
  "$eyrie" run --arch "$1" --workload alexnet --layers "$3" --format csv --quiet --set "architecture.energy_table=$2" "${@:4}" | awk -F, '
    NR == 1 { for (i = 1; i <= NF; ++i) { sub(/\r$/, "", $i); column[$i] = i }; next }
    $column["place"] == "machine" { print $column["macs"], $column["energy_pj"], $column["energy_chip_pj"], $column["power_mw"], $column["latency_ms"] }'
}

fits() {
  echo "| sweep | figure | typical | worst | worst at | edge |"
  echo "|---|---|---:|---:|---|---:|"
  for sweep in $("$eyrie" list technologies | grep '^cacti/'); do
    "$eyrie" show sram "$sweep" --format markdown | grep -E '\| (read|write|leakage|area) \|'
  done
}

machines() {
  echo "| machine | table | pJ/MAC on chip | pJ/MAC with DRAM | mW on chip |"
  echo "|---|---|---:|---:|---:|"
  for machine in eyeriss_v1 eyeriss_v2_dense diannao shidiannao tpu_like_32x32; do
    own=$("$eyrie" show architectures "$machine" | awk '$1 == "energy_table:" { print $2 }')
    for table in "$own" $([[ $machine == eyeriss_v1 ]] && echo eyeriss_65nm eyeriss_28nm) generic_{130,65,45,28,16,7}nm; do
      layer "$machine" "$table" conv3 | awk -v m="$machine" -v t="$table" '{ printf "| `%s` | `%s` | %.2f | %.2f | %.0f |\n", m, t, $3 / $1, $2 / $1, $3 / $5 * 1e-6 }'
    done
  done
}

shares() {
  echo "| table | PE array | networks | buffer | rest |"
  echo "|---|---:|---:|---:|---:|"
  for table in eyeriss_v1_65nm eyeriss_65nm generic_65nm generic_28nm; do
    "$eyrie" run --arch eyeriss_v1 --workload alexnet --layers conv1,conv2,conv3,conv4,conv5 --batch 4 --format json --quiet \
      --set "architecture.energy_table=$table" > "$scratch/run.json"
    jq -r --arg table "$table" '.totals | (.energy_pj // .energy_fj) | .by_component | del(.dram) as $c | ($c | add) as $all
      | [["ifmap_spad", "filter_spad", "psum_spad", "mac", "pe_array"], ["filter_gin", "ifmap_gin", "psum_gin", "psum_gon", "psum_link"], ["glb"], ["chip", "rlc"]]
      | map([.[] as $name | $c[$name] // 0] | add / $all * 1000 | round / 10)
      | "| `\($table)` | \(.[0]) % | \(.[1]) % | \(.[2]) % | \(.[3]) % |"' "$scratch/run.json"
  done
  echo "| published (ISSCC 2016) | 77.8 % | 15.6 % | 2.7 % | |"
}

powers() {
  echo "| layer | published | \`generic_65nm\` | \`eyeriss_65nm\` | \`eyeriss_v1_65nm\` |"
  echo "|---|---:|---:|---:|---:|"
  local published=(332 288 266 235 236) i
  for i in 1 2 3 4 5; do
    text="| CONV$i | ${published[i - 1]} |"
    for table in generic_65nm eyeriss_65nm eyeriss_v1_65nm; do
      text+=$(layer eyeriss_v1 "$table" "conv$i" --batch 4 | awk '{ printf " %.0f |", $3 / $5 * 1e-6 }')
    done
    echo "$text"
  done
}

for part in fits machines shares powers; do
  "$part" > "$scratch/part"
  awk -v file="$scratch/part" -v part="$part" '
    $0 == "<!-- " part " -->" { print; print ""; while ((getline line < file) > 0) print line; print ""; skip = 1; next }
    $0 == "<!-- end of " part " -->" { skip = 0 }
    !skip { print }' "$page" > "$scratch/page"
  cat "$scratch/page" > "$page"
done
