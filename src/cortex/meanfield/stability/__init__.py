"""Stability: zeros of the characteristic equation with none missed, lines of bifurcations."""
