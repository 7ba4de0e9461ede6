#!/usr/bin/env bash
# submit.sh CORES MEMORY_MB MINUTES SCRIPT: submit a job script, print its id and nothing else.
# Here: a process group of its own, detached from the terminal. For a scheduler, its own words:
#   Grid Engine:  qsub -terse -cwd -pe smp "$1" -l h_vmem="$2M" -l h_rt="$((60 * $3))" "$4"
#   PBS:          qsub -l select=1:ncpus="$1":mem="$2mb" -l walltime="$((60 * $3))" "$4"
set -euo pipefail
state=$SNAKEMAKE_CLUSTER_SIDECAR_VARS # the folder that sidecar.sh made for this run
id=$(mktemp -u "$state/XXXXXXXX")
echo "cores $1, memory $2 MB, time $3 min, script $4" >"$id.asked"
# As under a scheduler, TERM at the end of its time or from cancel.sh, and KILL for what stays: a
# Snakemake whom TERM finds holding its own lock waits for ever.
setsid timeout "$3m" bash -c '
  trap "ended=1" TERM
  bash "$1" & wait $! && state=success || state=failed
  if [ "${ended:-}" ]; then trap "" TERM; sleep 10; kill -KILL 0; fi
  echo "$state" >"$2.done"
' job "$4" "$id" </dev/null >"$id.out" 2>&1 &
echo $! >"$id.pid"
echo "$id"
