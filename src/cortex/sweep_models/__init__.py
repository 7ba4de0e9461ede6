"""Models that sweeps can run: one light declaration and one evaluating module each."""
