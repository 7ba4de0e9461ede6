"""How spikes become numbers."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.spec import count, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationParams(Block):
    """Bins and windows with which spikes become numbers."""

    rate_bin: float = quantity("ms", 0.01, 100.0, "bin of population rates and spectra", 0.5e-3)
    correlation_bin: float = quantity("ms", 0.1, 1000.0, "bin of count correlations", 5e-3)
    segment: float = quantity("ms", 1.0, 100_000.0, "Hann segment of the spectra", 0.512)
    max_frequency: float = quantity("Hz", 1.0, 10_000.0, "highest frequency in tables", 500.0)
    settle: float = quantity("ms", 0.0, 10_000.0, "start of an LFP left out of its spectrum", 0.1)
    min_intervals: int = count(2, 1000, "intervals a neuron needs to count in the CV", 4)
    n_space: int = count(
        4, 10_000, "space bins of the rate along a ring, or along the first side of a sheet", 40
    )
    wave_segment: float = quantity(
        "ms", 1.0, 100_000.0, "Hann segment of space-time spectra", 0.125
    )
