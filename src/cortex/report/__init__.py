"""The report page: figures, captions, provenance and the acceptance table."""
