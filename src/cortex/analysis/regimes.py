"""Labels of network states (SR, AI, SI fast, SI slow) from stated criteria."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cortex.analysis.population import network_rate, population_fano, rate_spectrum
from cortex.analysis.trains import interval_cv, nanmean
from cortex.errors import ParameterError
from cortex.spikes import Spikes

Regime = Literal["SR", "AR", "AI", "SI fast", "SI slow", "silent", "undetermined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeCriteria:
    """Where one regime ends and the next begins.

    Parameters
    ----------
    silent_rate : float
        Mean rate below which a network is silent, Hz; a convention.
    regular_cv : float
        Mean CV of the intervals below which firing counts as regular; a convention, set in
        the gap between the states A (0.0005) and C (0.40) of Brunel (2000), figure 8.
    synchrony : float
        `synchrony_index` above which a network is synchronous. The rate 1 + sin, the largest
        oscillation about a stationary rate that never turns negative, has 1/sqrt 2: more
        than that is no response to noise around a stationary state.
    fast_frequency : float
        Frequency that parts fast from slow oscillations, Hz: about the geometric mean of
        the frequencies at which the two Hopf lines start, 172 to 190 and 28 to 32 Hz.
    """

    silent_rate: float = 0.1
    regular_cv: float = 0.25
    synchrony: float = 0.5**0.5
    fast_frequency: float = 70.0


CRITERIA = RegimeCriteria()


def synchrony_index(spikes: Spikes, width: float = 5e-4) -> float:
    """Return std over mean of the population rate beyond that of independent neurons.

    The variance of the population count over its squared mean, less the Poisson share
    1 / mean, under a root: zero for independent trains of any rate, 0.7 for a rate fully
    modulated by a sine, and independent of the number of neurons that share a rhythm.
    """
    counts_per_bin = float(len(spikes)) * width / spikes.duration
    if counts_per_bin == 0.0:
        return float("nan")
    shared = (population_fano(spikes, width) - 1.0) / counts_per_bin
    return float(np.sqrt(max(shared, 0.0)))


def label_regime(spikes: Spikes, criteria: RegimeCriteria = CRITERIA) -> Regime:
    """Return the regime of a network.

    Silent below `silent_rate`; regular (R) or irregular (I) by the mean CV; synchronous
    (S) or asynchronous (A) by `synchrony_index`; SI is fast or slow by the frequency of the
    highest peak of the population rate. In network A of Brunel (2000) the limit of synchrony
    falls on the Hopf line of the theory: 0.67 at (g, ratio) = (5, 4), which theory calls
    stable, 0.69 to 0.74 at (6, 3.2) next to the line, 0.72 to 0.74 at (7, 3) beyond it. A
    smaller network has larger damped rhythms and crosses the limit earlier. Undetermined when
    no neuron fires often enough for a CV (three spikes): record longer.

    Raises
    ------
    ParameterError
        The recording is shorter than the 0.5 s needed for the spectrum.
    """
    if spikes.duration < 0.5:
        msg = f"a label needs at least 0.5 s of spikes, got {spikes.duration:g} s"
        raise ParameterError(msg)
    rate = len(spikes) / (float(spikes.sizes.sum()) * spikes.duration)
    if rate < criteria.silent_rate:
        return "silent"
    cv = nanmean(interval_cv(spikes, min_intervals=2))
    if np.isnan(cv):
        return "undetermined"
    is_regular = cv < criteria.regular_cv
    is_synchronous = synchrony_index(spikes) > criteria.synchrony
    if is_regular:
        return "SR" if is_synchronous else "AR"
    if not is_synchronous:
        return "AI"
    segment = min(0.512, spikes.duration / 2.0)
    spectrum = rate_spectrum(network_rate(spikes, 5e-4), 5e-4, segment=segment)
    return "SI fast" if spectrum.peak(4.0) > criteria.fast_frequency else "SI slow"
