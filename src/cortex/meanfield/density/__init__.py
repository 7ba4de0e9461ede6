"""Density of the membrane potential: one solver for rate, irregularity, spectrum and response."""
