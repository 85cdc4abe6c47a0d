#!/usr/bin/env bash
# Draws docs/images/study_*.png with chromium, from the page of a study that exists.
#   eyrie explore configs/studies/eyeriss_sizing.yaml --out out/sizing
#   scripts/study_screenshots.sh out/sizing/study.html
set -euo pipefail
cd "$(dirname "$0")/.."
study="$(realpath "${1:?which page? for example out/sizing/study.html}")"
modules="$PWD/build/release/tests/browser"
[ -d "$modules/node_modules" ] || { echo "build first: scripts/setup.sh release eyrie_browser_packages" >&2; exit 2; }
BROWSER_MODULES="$modules" exec node tests/browser/screenshots.mjs study "$study" docs/images
