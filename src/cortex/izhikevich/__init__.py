"""Izhikevich networks with four receptors and the bump attractor."""
