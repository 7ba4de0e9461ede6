"""LFP synthesis: proxies, geometry, ground truth and predicted spectra."""
