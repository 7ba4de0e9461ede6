"""Patterns in space: delayed rings, their dispersion, from the rate model to spikes."""
