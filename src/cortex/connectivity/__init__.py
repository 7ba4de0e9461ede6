"""Network wiring: rules, spatial kernels, audit."""
