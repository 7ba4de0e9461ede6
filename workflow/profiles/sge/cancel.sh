#!/usr/bin/env bash
# cancel.sh ID...: Snakemake takes one word for this command
exec bash "${0%/*}/scheduler.sh" cancel "$@"
