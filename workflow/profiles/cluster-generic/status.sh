#!/usr/bin/env bash
# status.sh ID: print running, success or failed for the id that submit.sh printed.
set -euo pipefail
id=$1
if [ -s "$id.done" ]; then cat "$id.done"
elif kill -0 "$(cat "$id.pid")" 2>/dev/null; then echo running
elif [ -s "$id.done" ]; then cat "$id.done" # it ended between the two looks
else echo failed; fi
