"""Files in and out: Parquet tables with units and provenance, written aside then renamed."""
