#!/usr/bin/env bash
# Draws docs/images/report_*.png with chromium, from reports that exist: of one run, and of several beside each other.
#   eyrie run configs/experiments/alexnet_on_eyeriss_v1.yaml --out out/alexnet
#   eyrie run configs/experiments/kws_at_the_edge.yaml --out out/kws
#   scripts/report_screenshots.sh out/alexnet/report.html out/kws/report.html
set -euo pipefail
cd "$(dirname "$0")/.."
report="$(realpath "${1:?which report of a run? for example out/alexnet/report.html}")"
several="$(realpath "${2:?which report of several runs? for example out/kws/report.html}")"
modules="$PWD/build/release/tests/browser"
[ -d "$modules/node_modules" ] || { echo "build first: scripts/setup.sh release eyrie_browser_packages" >&2; exit 2; }
BROWSER_MODULES="$modules" exec node tests/browser/screenshots.mjs report "$report" "$several" docs/images
