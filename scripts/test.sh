#!/usr/bin/env bash
# All tests on a fresh Debian 12 machine: installs what is missing, builds, runs ctest. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh scripts/packages_test.txt
scripts/setup.sh release
exec ctest --preset release "$@"
