#!/usr/bin/env bash
# scheduler.sh submit CORES MEMORY_MB MINUTES SCRIPT | status ID | cancel ID...   for LSF
# CORTEX_QUEUE and CORTEX_ACCOUNT name queue and project where the cluster wants them.
set -euo pipefail
case $1 in
  submit)
    bsub -n "$2" -R "span[hosts=1] rusage[mem=$3]" -M "$3" -W "$4" \
      ${CORTEX_QUEUE:+-q "$CORTEX_QUEUE"} ${CORTEX_ACCOUNT:+-P "$CORTEX_ACCOUNT"} /bin/bash "$5" |
      sed -n 's/^Job <\([0-9]*\)>.*/\1/p'
    ;;
  status)
    case $(bjobs -a -noheader -o stat "$2" 2>/dev/null) in
      DONE) echo success ;;
      EXIT | ZOMBI) echo failed ;;
      *) echo running ;;
    esac
    ;;
  cancel) bkill "${@:2}" ;;
esac
