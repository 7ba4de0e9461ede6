#!/usr/bin/env bash
# cancel.sh ID...: end these jobs; called when a run is interrupted. For a scheduler: qdel "$@"
set -euo pipefail
for id in "$@"; do
  kill -- "-$(cat "$id.pid")" 2>/dev/null || true # it may have ended
done
