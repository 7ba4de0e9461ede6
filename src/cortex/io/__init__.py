"""Files in and out: Parquet tables with units and provenance, written aside then renamed."""

from cortex.installation import need

need(["files"], __name__)
