"""Command line: what the workflow does not need a rule for."""
