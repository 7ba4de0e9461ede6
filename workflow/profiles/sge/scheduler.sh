#!/usr/bin/env bash
# scheduler.sh submit CORES MEMORY_MB MINUTES SCRIPT | status ID | cancel ID...   for Grid Engine
# CORTEX_QUEUE and CORTEX_ACCOUNT name queue and project where the cluster wants them; the parallel
# environment is `smp`, or what CORTEX_PARALLEL_ENVIRONMENT says. h_vmem is memory per core.
set -euo pipefail
case $1 in
  submit)
    qsub -terse -cwd -V -b y -pe "${CORTEX_PARALLEL_ENVIRONMENT:-smp}" "$2" \
      -l "h_vmem=$(($3 / $2))M" -l "h_rt=$((60 * $4))" \
      ${CORTEX_QUEUE:+-q "$CORTEX_QUEUE"} ${CORTEX_ACCOUNT:+-P "$CORTEX_ACCOUNT"} /bin/bash "$5"
    ;;
  status)
    if qstat -j "$2" >/dev/null 2>&1; then echo running; exit; fi
    told=$(qacct -j "$2" 2>/dev/null) || { echo running; exit; } # accounts come seconds later
    grep -Eq '^exit_status +0 *$' <<<"$told" && grep -Eq '^failed +0 *$' <<<"$told" &&
      echo success || echo failed
    ;;
  cancel) qdel "${@:2}" ;;
esac
