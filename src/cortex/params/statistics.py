"""How spikes become statistics."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.spec import quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsParams(Block):
    """Bins and windows of rates, correlations and spectra."""

    rate_bin: float = quantity("ms", 0.01, 100.0, "bin of the population rate and its spectrum")
    correlation_bin: float = quantity("ms", 0.1, 1000.0, "bin of pairwise count correlations")
    segment: float = quantity("ms", 1.0, 100_000.0, "Hann segment of the Welch spectra")
    max_frequency: float = quantity("Hz", 1.0, 10_000.0, "highest frequency kept in tables")
    settle: float = quantity("ms", 0.0, 10_000.0, "start of an LFP left out of its spectrum")
