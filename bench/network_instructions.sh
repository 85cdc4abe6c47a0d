#!/usr/bin/env bash
# Instructions that simulating a whole network takes per PE-cycle, counted by callgrind: all layers that run on the
# machine, one image, mapped for least energy (beforehand: the mapper is not counted, nor are reference and report).
#   bench/network_instructions.sh eyeriss_v1 mobilenet_v1     # a row of a table; 5 s to 10 min
# What other work the computer does makes no difference to it. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
(($# == 2)) || { echo "usage: bench/network_instructions.sh MACHINE NETWORK" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
eyrie=build/release/eyrie

"$eyrie" map --arch "$1" --workload "$2" --out "$scratch/mappings" --quiet > /dev/null
valgrind --tool=callgrind --callgrind-out-file="$scratch/%p.out" --toggle-collect='eyrie::simulate(*' \
  "$eyrie" run --arch "$1" --workload "$2" --mapping "$scratch/mappings/$2.yaml" --jobs 1 --out "$scratch/run" --quiet --format csv \
  2> "$scratch/log" > /dev/null
sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$scratch/log" | awk -v machine="$1" -v network="$2" \
  -v cycles="$(awk -F, '$3 == "machine" { sum += $6 } END { printf "%d", sum }' "$scratch/run/layers.csv")" \
  -v pes="$(sed -n 's/.*"pes": *\([0-9]*\).*/\1/p' "$scratch/run/result.json" | head -1)" '
  { sum += $1 }
  END { printf "| %s | %s | %.1f | %.1f | %.2f |\n", machine, network, cycles * pes / 1e6, sum / 1e6, sum / cycles / pes }'
