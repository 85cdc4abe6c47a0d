#!/usr/bin/env bash
# Property tests on cases that no run has met before: seeds from today's date, or from EYRIE_TEST_SEED. Needs a release build
# (scripts/setup.sh release). Arguments go to the test program.
set -euo pipefail
cd "$(dirname "$0")/.."
export EYRIE_TEST_SEED="${EYRIE_TEST_SEED:-$(date -u +%Y%m%d)000000}"
echo "EYRIE_TEST_SEED=$EYRIE_TEST_SEED"
exec build/release/tests/eyrie_tests "[property]~[slow]" "$@"
