#!/usr/bin/env bash
# Installs what is missing (Debian packages of packages.txt) and configures and builds a preset.
#   scripts/setup.sh [PRESET] [TARGET...]     PRESET: release (default), debug, asan
set -euo pipefail
cd "$(dirname "$0")/.."
preset="${1:-release}"
shift || true

scripts/install.sh scripts/packages.txt
cmake --preset "$preset" --log-level=WARNING
cmake --build --preset "$preset" ${1:+--target "$@"}
