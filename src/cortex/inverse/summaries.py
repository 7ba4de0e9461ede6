"""Numbers that stand for a recording: rates, CVs, correlation and spectrum."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

from cortex.inverse.neurons import Neurons
from cortex.inverse.search import Search
from cortex.meanfield.fluctuations.spectra import pooled_spectrum, population_spectra
from cortex.params.observation import ObservationParams
from cortex.typing import AnyArray, FloatArray, IntArray

LOWEST: Final = 3
"""Bins of the spectrum below the lowest band."""
INSIDE: Final = 3
"""Frequencies at which theory is taken in each band."""
SILENT: Final = 1e-2  # Hz

Columns = Mapping[str, AnyArray]
Data = Literal["spikes", "rate", "lfp"]
DATA: Final[tuple[Data, ...]] = ("spikes", "rate", "lfp")
"""What a recording is: spikes of all neurons, their rate together alone, the LFP alone."""
BANDS: Final[Mapping[Data, int]] = {"spikes": 8, "rate": 8, "lfp": 20}
"""Bands of the spectrum."""


def edges(bins: ObservationParams, data: Data) -> FloatArray:
    """Return the edges of the bands, Hz: evenly for the LFP, evenly in their logarithms else.

    An LFP whose excitatory and inhibitory parts are shifted against each other has notches at even
    distances, 1 / shift, whose depth tells one part from the other.
    """
    ends, n = (LOWEST / bins.segment, 0.98 * bins.max_frequency), BANDS[data] + 1
    return np.linspace(*ends, n) if data == "lfp" else np.geomspace(*ends, n)


def names_of(populations: tuple[str, ...], bins: ObservationParams, data: Data) -> list[str]:
    """Return what the summaries are, in their order."""
    of = edges(bins, data)
    bands = [f"log power at {low:.0f}-{high:.0f} Hz" for low, high in pairwise(of)]
    if data == "lfp":
        return bands
    if data == "rate":
        return ["log rate of all neurons", *bands]
    rates = [f"log rate of {name}" for name in populations]
    return [*rates, *(f"CV of {name}" for name in populations), "correlation", *bands]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What was measured of one recording, or is predicted of it; nan where not defined.

    Attributes
    ----------
    sizes : ndarray of shape (n_pops,)
        Neurons.
    nu, cv : ndarray of shape (n_pops,)
        Rate (Hz) and CV of every population.
    correlation : float
        Mean correlation of spike counts.
    bands : ndarray of shape (n_bands,)
        Logarithms of the power of the rate of all neurons, or of the LFP, in each band.
    """

    sizes: IntArray
    nu: FloatArray
    cv: FloatArray
    correlation: float
    bands: FloatArray

    def summaries(self, data: Data) -> FloatArray:
        """Return the numbers that `names_of` names."""
        if data == "lfp":
            return self.bands
        if data == "rate":
            nu = self.sizes @ self.nu / self.sizes.sum()
            return np.append(np.log(nu if nu > SILENT else np.nan), self.bands)
        logs = np.log(np.where(self.nu > SILENT, self.nu, np.nan))
        return np.concatenate([logs, self.cv, [self.correlation], self.bands])


def banded(spectrum: Columns, name: str, bins: ObservationParams, data: Data) -> FloatArray:
    """Return logarithms of the mean power in each band.

    Parameters
    ----------
    spectrum : mapping of str to ndarray
        ``frequency`` (Hz) and the power, one-sided.
    name : str
        Column of the power.
    bins : ObservationParams
        Segment and highest frequency, which give the bands.
    data : {"spikes", "rate", "lfp"}
        What the recording is.
    """
    f, power = spectrum["frequency"], spectrum[name]
    means = [
        float(np.mean(power[(f >= low) & (f < high)])) for low, high in pairwise(edges(bins, data))
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(means))


def told(search: Search, keys: Mapping[str, float], data: Data) -> FloatArray:
    """Return what theory says of the summaries at some keys; nan for the correlation."""
    search.forget()
    case = search.case(dict(keys))
    point, bins = search.point(case), case.study.analysis
    inside = np.linspace(0.0, 1.0, INSIDE + 2)[1:-1]
    f = np.concatenate([low + inside * (high - low) for low, high in pairwise(edges(bins, data))])
    C = population_spectra(case.network, point, f, variance=case.network.is_delta, check=False)
    power = 2.0 * pooled_spectrum(C, case.network.sizes).reshape(-1, INSIDE).mean(axis=1)
    cv: Any = Neurons.of(case.network, point).cv().value
    with np.errstate(divide="ignore", invalid="ignore"):
        bands = np.log(power)
    sizes, nu = case.network.sizes, np.maximum(point.nu, 1.01 * SILENT)
    seen = Seen(sizes=sizes, nu=nu, cv=cv, correlation=np.nan, bands=bands)
    return seen.summaries(data)
