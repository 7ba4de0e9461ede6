"""Figures: functions that take arrays and draw; nothing is computed or saved here."""
