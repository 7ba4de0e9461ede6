"""Columns, units and meaning of every table the workflow writes."""
