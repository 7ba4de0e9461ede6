"""Numbers that stand for a recording: rates, CVs, correlation and spectrum."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np

from cortex.inverse.neurons import Neurons
from cortex.inverse.search import Search
from cortex.meanfield.fluctuations.spectra import pooled_spectrum, population_spectra
from cortex.params.observation import ObservationParams
from cortex.typing import AnyArray, FloatArray

BANDS: Final = 8
LOWEST: Final = 3
"""Bins of the spectrum below the lowest band."""
INSIDE: Final = 3
"""Frequencies at which theory is taken in each band."""
SILENT: Final = 1e-2  # Hz

Columns = Mapping[str, AnyArray]


def edges(bins: ObservationParams) -> FloatArray:
    """Return the edges of the bands, Hz, evenly in their logarithms."""
    return np.geomspace(LOWEST / bins.segment, 0.98 * bins.max_frequency, BANDS + 1)


def names_of(populations: tuple[str, ...], bins: ObservationParams) -> list[str]:
    """Return what the summaries are, in their order."""
    rates = [f"log rate of {name}" for name in populations]
    cvs = [f"CV of {name}" for name in populations]
    of = edges(bins)
    bands = [f"log power at {low:.0f}-{high:.0f} Hz" for low, high in pairwise(of)]
    return [*rates, *cvs, "correlation", *bands]


def summarise(
    nu: FloatArray, cv: FloatArray, correlation: float, spectrum: Columns, bins: ObservationParams
) -> FloatArray:
    """Return the summaries of one recording; nan where one is not defined.

    Parameters
    ----------
    nu, cv : ndarray of shape (n_pops,)
        Rate (Hz) and CV of every population.
    correlation : float
        Mean correlation of spike counts.
    spectrum : mapping of str to ndarray
        ``frequency`` (Hz) and ``power`` of the rate of all neurons, one-sided.
    bins : ObservationParams
        Segment and highest frequency, which give the bands.
    """
    f, power = spectrum["frequency"], spectrum["power"]
    of = edges(bins)
    bands = [float(np.mean(power[(f >= low) & (f < high)])) for low, high in pairwise(of)]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.where(nu > SILENT, nu, np.nan)), np.log(bands)
    return np.concatenate([logs[0], cv, [correlation], logs[1]])


def told(search: Search, keys: Mapping[str, float], bins: ObservationParams) -> FloatArray:
    """Return what theory says of the summaries at some keys; nan for the correlation."""
    search.forget()
    case = search.case(dict(keys))
    point = search.point(case)
    of = edges(bins)
    inside = np.linspace(0.0, 1.0, INSIDE + 2)[1:-1]
    f = np.concatenate([low + inside * (high - low) for low, high in pairwise(of)])
    C = population_spectra(case.network, point, f, variance=case.network.is_delta, check=False)
    power = 2.0 * pooled_spectrum(C, case.network.sizes).reshape(BANDS, INSIDE).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.maximum(point.nu, SILENT)), np.log(power)
    cv: Any = Neurons.of(case.network, point).cv().value
    return np.concatenate([logs[0], cv, [np.nan], logs[1]])
