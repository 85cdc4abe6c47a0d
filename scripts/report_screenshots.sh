#!/usr/bin/env bash
# Draws docs/images/report_*.png with chromium, from a report that exists.
#   scripts/report_screenshots.sh REPORT.html
set -euo pipefail
cd "$(dirname "$0")/.."
report="$(realpath "${1:?which report? for example out/alexnet/report.html}")"
modules="$PWD/build/release/tests/browser"
[ -d "$modules/node_modules" ] || { echo "build first: scripts/setup.sh release eyrie_browser_packages" >&2; exit 2; }
BROWSER_MODULES="$modules" exec node tests/browser/screenshots.mjs "$report" docs/images
