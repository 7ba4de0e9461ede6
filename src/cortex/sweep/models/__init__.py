"""One light declaration and one evaluating module per model that sweeps can run."""
