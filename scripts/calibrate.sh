#!/usr/bin/env bash
# Calibrates Eyeriss v1 again, after its timing or mappings changed: the shipped energy table, and what docs/calibration.md shows of it.
#   scripts/calibrate.sh       EYRIE names another program than build/release/eyrie
# Ends with the calibration's exit code; where the fit is not good enough nothing is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
eyrie=${EYRIE:-build/release/eyrie}
page=docs/calibration.md

shown=$("$eyrie" calibrate configs/calibrations/eyeriss_v1.yaml --quiet --out configs/technologies/eyeriss_v1_65nm.yaml) || { code=$?; echo "$shown"; exit $code; }
echo "$shown"
awk -v shown="$shown" '
  /<!-- end of calibrated -->/ { skip = 0 }
  !skip { print }
  /<!-- calibrated -->/ { skip = 1; print "```\n" shown "\n```" }' "$page" > "$page.new"
mv "$page.new" "$page"
