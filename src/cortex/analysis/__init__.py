"""Statistics of spike trains, population rates, spectra and waves."""

from cortex.analysis.population import (
    RateSpectrum,
    count_correlation,
    network_rate,
    population_counts,
    population_fano,
    population_rate,
    rate_spectrum,
    rate_variation,
)
from cortex.analysis.trains import fano_factors, firing_rates, interval_cv, interval_cv2

__all__ = [
    "RateSpectrum",
    "count_correlation",
    "fano_factors",
    "firing_rates",
    "interval_cv",
    "interval_cv2",
    "network_rate",
    "population_counts",
    "population_fano",
    "population_rate",
    "rate_spectrum",
    "rate_variation",
]
