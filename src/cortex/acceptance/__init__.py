"""Published and independent numbers laid against what cortex gets."""
