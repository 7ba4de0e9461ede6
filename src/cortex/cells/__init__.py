"""Models of neurons, one file each: parameters, equations, rate without noise."""
