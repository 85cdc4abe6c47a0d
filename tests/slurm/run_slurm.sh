#!/usr/bin/env bash
# `eyrie explore --engine slurm` on a real Slurm, in a cluster of one node of its own: tasks that are requeued or killed lose
# nothing, and the answer is a local run's, byte for byte.
#   run_slurm.sh EYRIE
# Exit code 77 where there is no Slurm.
set -euo pipefail
eyrie="$1"
cluster="$(cd "$(dirname "$0")/../../scripts" && pwd)/slurm_one_node.sh"
work="$(mktemp -d)"

clean() {
  if [ -d "$work/cluster" ]; then "$cluster" stop "$work/cluster" || true; fi
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP
# The daemons end also with a test that is killed.
setsid --fork bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 0.5; done; [ ! -d "$3/cluster" ] || "$2" stop "$3/cluster"; rm -rf "$3"' \
  guard "$$" "$cluster" "$work" </dev/null >/dev/null 2>&1

fail() {
  echo "FAILED: $*" >&2
  squeue --array >&2 || true
  tail -n 5 "$out"/slurm/*.log >&2 || true
  exit 1
}

out="$work/out of 100%"
conf="$("$cluster" start "$work/cluster")"
export "${conf?}"

cat >"$work/study.yaml" <<STUDY
kind: study
name: sizes of an array
architecture: eyeriss_v1
workloads: [tiny, lenet5]
parameters:
- {name: rows, set: [architecture.array.rows], values: [0, 6, 12]}
- {name: columns, set: [architecture.array.columns], values: [7, 14]}
- {name: filter_spad, set: [architecture.array.spads.filter_spad.depth], values: [112 words, 224 words]}
simulate: {sample: 4}
STUDY

submit() { "$eyrie" explore "$work/study.yaml" --out "$out" --engine slurm --shards 3 --jobs 1; }

# Waits up to a minute until a command succeeds.
until_true() {
  local what="$1" tries
  shift
  for ((tries = 600; tries > 0; --tries)); do
    "$@" && return
    sleep 0.1
  done
  fail "$what"
}
queue_empty() { [ -z "$(squeue --noheader)" ]; }
# Has a shard's store points of its stage?
has_points() {
  local told
  told="$("$eyrie" explore status "$out/shards/$1-of-3.sqlite" 2>/dev/null)" || true
  grep -Eq "(closed form|simulated): [1-9]" <<<"$told"
}
# The process of a shard's task.
task_of() { pgrep -of -- "--out $out --stage $1 --shard $2/3"; }
task_is_there() { task_of "$@" >/dev/null; }

"$eyrie" explore "$work/study.yaml" --out "$work/local" --quiet >/dev/null

same_as_local() {
  local name
  for name in study.json designs.csv front.csv study.html designs; do
    diff -r "$work/local/$name" "$out/$name" || fail "$name differs from a local run's"
  done
  "$eyrie" explore status "$out" | grep -qx complete || fail "status does not say that it is complete"
}

# 1: a task is requeued in its middle. Slurm holds it back for two minutes, which are not waited for.
jobs="$(submit)"
echo "$jobs"
closed="$(sed -n 's/^1-closed.sh: job //p' <<<"$jobs")"
until_true "shard 2 has no points" has_points closed-2
scontrol requeue "${closed}_2"
until_true "task 2 is not held back" sh -c "scontrol show job ${closed}_2 | grep -q 'JobState=PENDING.*BeginTime'"
"$eyrie" explore status "$out/shards/closed-2-of-3.sqlite" || true
scontrol update JobId="${closed}_2" StartTime=now
until_true "jobs do not end" queue_empty
# While a task is being requeued, and all others have ended, Slurm may take the array for ended: the merge then says what is
# missing, and the same command goes on.
if ! "$eyrie" explore status "$out"; then
  grep -q "not complete: run the missing shards" "$out/slurm/finish.log" || fail "the last job does not say what is missing"
  submit
  until_true "jobs do not end" queue_empty
fi
same_as_local
echo "a requeued task: the same answer"

# 2: a task's process is killed. Slurm calls that a failure; the last job says what is missing, and the same command goes on.
rm -rf "$out"
submit >/dev/null
until_true "shard 1 is not simulated" task_is_there simulated 1
kill -9 "$(task_of simulated 1)"
until_true "jobs do not end" queue_empty
grep -q "not complete: run the missing shards" "$out/slurm/finish.log" || fail "the last job does not say what is missing"
if "$eyrie" explore status "$out"; then fail "status calls it complete"; fi
submit >/dev/null
until_true "jobs do not end" queue_empty
same_as_local
echo "a killed task: the same answer"

# 3: a shard that fails in closed form: nothing is simulated, and the last job says so.
rm -rf "$out"
submit >/dev/null
until_true "shard 3 does not begin" task_is_there closed 3
kill -9 "$(task_of closed 3)"
until_true "jobs do not end" queue_empty
[ -e "$out/shards/closed-1-of-3.sqlite" ] || fail "shard 1 is not there"
[ ! -e "$out/shards/simulated-1-of-3.sqlite" ] || fail "shards were simulated without the closed form of all"
[ -s "$out/slurm/finish.log" ] || fail "the last job did not run"
echo "a killed shard: nothing is simulated"
