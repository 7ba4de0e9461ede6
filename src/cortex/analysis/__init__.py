"""Statistics of spike trains, rates and spectra."""
