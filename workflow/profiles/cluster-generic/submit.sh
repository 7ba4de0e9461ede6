#!/usr/bin/env bash
# Submit one job script and print its id. Here: a process of its own, detached from the terminal.
# For a scheduler, e.g. Grid Engine:  qsub -terse "$1"
set -euo pipefail
state=.snakemake/cluster-generic
mkdir -p "$state"
id=$(mktemp -u "$state/XXXXXXXX")
setsid bash -c 'bash "$1" && echo success >"$2.done" || echo failed >"$2.done"' job "$1" "$id" \
  </dev/null >"$id.out" 2>&1 &
echo $! >"$id.pid"
echo "$id"
