"""Simulation of LIF networks, exact on the grid."""
