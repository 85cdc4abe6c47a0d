#!/usr/bin/env bash
# A Slurm cluster of one node, this machine, to try `eyrie explore --engine slurm` on. It lives in a folder of its own and
# needs neither systemd nor a configured Slurm; packages: slurm-wlm munge.
#   scripts/slurm_one_node.sh start DIR   starts it and prints the SLURM_CONF to use: export "$(... start DIR)"
#   scripts/slurm_one_node.sh stop DIR    ends its jobs and daemons
# Exit code 77 where there is no Slurm.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"

usage() {
  sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
  exit 2
}
[ "$#" -eq 2 ] || usage
mkdir -p "$2"
dir="$(cd "$2" && pwd)"
daemons=(slurmd slurmctld munged) # in the order in which they end
seconds=30

free_port() {
  local port
  for port in $(shuf -i 20000-32000 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

# The process of a daemon, if it is alive and ours.
process_of() {
  local pid
  pid="$(cat "$dir/$1.pid" 2>/dev/null)" && grep -q "^$pid ($1) [^ZX]" "/proc/$pid/stat" 2>/dev/null && echo "$pid"
}

# Waits until a command succeeds.
wait_for() {
  local what="$1" tries
  shift
  for ((tries = seconds * 10; tries > 0; --tries)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "$what did not come up; its log is under $dir/log" >&2
  tail -n 5 "$dir"/log/* >&2
  return 1
}

configure() {
  local node memory
  node="$(hostname -s)"
  memory="$(awk '/^MemTotal:/ {print int($2 / 1024 * 0.9)}' /proc/meminfo)"
  cat >"$dir/slurm.conf" <<CONF
ClusterName=one_node
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld
SlurmdLogFile=$dir/log/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
PlugStackConfig=$dir/plugstack.conf
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,bf_interval=1,sched_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=$((memory / $(nproc)))
ReturnToService=2
KillWait=2
MinJobAge=3600
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
  : >"$dir/plugstack.conf"
}

start() {
  local program
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" >/dev/null && continue
    echo "there is no $program; install slurm-wlm and munge" >&2
    exit 77
  done
  for program in "${daemons[@]}"; do
    process_of "$program" >/dev/null || continue
    echo "a cluster runs in $dir: $0 stop $dir" >&2
    exit 1
  done
  mkdir -p "$dir/log" "$dir/state" "$dir/spool" "$dir/munge"
  chmod 755 "$dir"
  chmod 700 "$dir/munge"
  configure
  trap 'stop' ERR
  [ -s "$dir/munge/key" ] || (umask 077 && head -c 1024 /dev/urandom >"$dir/munge/key")
  # --force: the folders above may be writable by others, as /tmp is.
  munged --force --num-threads=2 --key-file="$dir/munge/key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
    --log-file="$dir/log/munged" --seed-file="$dir/munge/seed" 2>/dev/null
  export SLURM_CONF="$dir/slurm.conf"
  wait_for munged test -S "$dir/munge.socket"
  slurmctld -c
  wait_for slurmctld scontrol ping
  slurmd
  wait_for slurmd sh -c 'sinfo --noheader --states=idle | grep -q .'
  echo "SLURM_CONF=$SLURM_CONF"
}

stop() {
  trap - ERR
  local program pid tries
  if process_of slurmctld >/dev/null; then
    SLURM_CONF="$dir/slurm.conf" timeout 10 scancel --quiet --user="$(id -un)" 2>/dev/null || true
    for ((tries = 50; tries > 0; --tries)); do
      [ -n "$(SLURM_CONF="$dir/slurm.conf" timeout 10 squeue --noheader 2>/dev/null)" ] || break
      sleep 0.1
    done
  fi
  for program in "${daemons[@]}"; do
    pid="$(process_of "$program")" || continue
    kill "$pid" 2>/dev/null || true
    for ((tries = 100; tries > 0; --tries)); do
      process_of "$program" >/dev/null || break
      sleep 0.1
    done
    pid="$(process_of "$program")" && kill -9 "$pid" 2>/dev/null
  done
  return 0
}

case "$1" in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
