"""What Snakemake says when a file of the command line is missing: one line, not its traceback.

Snakemake reads `--configfile` before it reads any file of a workflow, so that only a plugin, which
the profiles of this workflow name, can do anything about it.
"""

import logging
import re

from snakemake_interface_logger_plugins.base import LogHandlerBase

MISSING = re.compile(r"FileNotFoundError: \[Errno 2\] [^:]+: (?P<path>.+)\s*\Z")


def in_one_line(record: logging.LogRecord) -> bool:
    """Replace a traceback that ends in a missing file by one line; keep every record."""
    said = record.getMessage()
    found = MISSING.search(said)
    if found and "in load_configfile" in said:
        record.msg = f"There is no file {found['path']}: look at the names after --configfile"
        record.args = ()
    return True


class LogHandler(LogHandlerBase):
    """Writes nothing itself."""

    writes_to_stream = writes_to_file = has_filter = has_formatter = needs_rulegraph = False

    def __post_init__(self) -> None:
        """Look at every record before others print it."""
        logging.getLogger("snakemake.logging").addFilter(in_one_line)

    def emit(self, record: logging.LogRecord) -> None:
        """Write nothing."""
