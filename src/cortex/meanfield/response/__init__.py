"""Linear response: transfer functions, effective connectivity, mapping to rate models."""
