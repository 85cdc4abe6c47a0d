#!/usr/bin/env bash
# The main job on a fresh Debian 12 machine: installs what is missing, builds, and simulates AlexNet on Eyeriss v1.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh release eyrie
exec build/release/eyrie run --arch eyeriss_v1 --workload alexnet --batch 4 --out out/alexnet "$@"
