#!/usr/bin/env bash
# sidecar.sh: stay beside a run and, when it ends, end the jobs it has left behind. Snakemake names
# to cancel.sh only the jobs it is not just asking about, so an interrupt can miss some.
# What it prints reaches submit.sh as $SNAKEMAKE_CLUSTER_SIDECAR_VARS: the folder of this run's jobs.
# For a scheduler: let submit.sh leave the ids that qsub prints in that folder, and qdel those here.
set -euo pipefail
mkdir -p .snakemake/cluster-generic
run=$(mktemp -d .snakemake/cluster-generic/XXXXXX)
cancel() {
  for pid in "$run"/*.pid; do
    [ -e "$pid" ] && [ ! -s "${pid%.pid}.done" ] && bash "${0%/*}/cancel.sh" "${pid%.pid}"
  done
  exit 0
}
trap cancel TERM
trap '' INT # an interrupt of the terminal: Snakemake ends its own things first, then this
echo "$run"
# a run that was killed leaves its jobs: the next run asks for them by their ids
while kill -0 "$PPID" 2>/dev/null; do
  sleep 1 >/dev/null & # not holding the pipe to Snakemake open
  wait $! || true
done
