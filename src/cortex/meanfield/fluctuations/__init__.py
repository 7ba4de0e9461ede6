"""Fluctuations about the working point: spectra, modes and their sensitivity, covariances."""
