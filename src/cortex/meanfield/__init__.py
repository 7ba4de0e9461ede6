"""Mean-field theory of LIF networks: stationary, dynamic, stability."""
