"""Figures: functions that take arrays and draw; nothing is computed or saved here."""

from cortex.installation import need

need(["plots"], __name__)
