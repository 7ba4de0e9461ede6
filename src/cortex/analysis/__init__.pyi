from .population import (
    RateSpectrum,
    count_correlation,
    network_rate,
    population_counts,
    population_fano,
    population_rate,
    rate_spectrum,
    rate_variation,
)
from .regimes import (
    CRITERIA,
    RegimeCriteria,
    label_regime,
    synchrony_index,
)
from .trains import fano_factors, firing_rates, interval_cv, interval_cv2, windowed_cv
from .waves import (
    SpaceTimeSpectrum,
    Wave,
    detect_wave,
    space_time_rate,
    space_time_spectrum,
)

__all__ = [
    "CRITERIA",
    "RateSpectrum",
    "RegimeCriteria",
    "SpaceTimeSpectrum",
    "Wave",
    "count_correlation",
    "detect_wave",
    "fano_factors",
    "firing_rates",
    "interval_cv",
    "interval_cv2",
    "label_regime",
    "network_rate",
    "population_counts",
    "population_fano",
    "population_rate",
    "rate_spectrum",
    "rate_variation",
    "space_time_rate",
    "space_time_spectrum",
    "synchrony_index",
    "windowed_cv",
]
