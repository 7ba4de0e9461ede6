"""The delayed ring of rate neurons that learns."""
