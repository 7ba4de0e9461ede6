#!/usr/bin/env bash
# scheduler.sh submit CORES MEMORY_MB MINUTES SCRIPT | status ID | cancel ID...   for PBS and Torque
# CORTEX_QUEUE and CORTEX_ACCOUNT name queue and account where the cluster wants them.
set -euo pipefail
case $1 in
  submit)
    qsub -V -l "select=1:ncpus=$2:mem=$3mb" -l "walltime=$((60 * $4))" \
      ${CORTEX_QUEUE:+-q "$CORTEX_QUEUE"} ${CORTEX_ACCOUNT:+-A "$CORTEX_ACCOUNT"} -- /bin/bash "$5"
    ;;
  status)
    told=$(qstat -x -f "$2" 2>/dev/null) || { echo running; exit; } # the server is busy: ask again
    if grep -Eq 'job_state = (F|C|X)' <<<"$told"; then
      grep -Eiq 'exit_status = 0$' <<<"$told" && echo success || echo failed
    else echo running; fi
    ;;
  cancel) qdel "${@:2}" ;;
esac
