"""Stationary states: rates of single neurons, working points, drives that hold an input."""
