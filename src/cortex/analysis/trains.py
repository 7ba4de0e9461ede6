"""Statistics of single spike trains: rate, CV, CV2, Fano factor, per neuron."""

from itertools import pairwise

import numpy as np

from cortex.spikes import Spikes
from cortex.typing import FloatArray


def firing_rates(spikes: Spikes) -> FloatArray:
    """Return the rate of each neuron, shape (n_neurons,), Hz.

    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.02, 0.04], [0.03]]}, stop=0.1)
    >>> firing_rates(spikes).tolist()
    [30.0, 10.0]
    """
    counts = np.bincount(spikes.neurons, minlength=spikes.n_neurons)
    rates: FloatArray = counts / spikes.duration
    return rates


def interval_cv(spikes: Spikes, *, min_intervals: int = 4) -> FloatArray:
    """Return the coefficient of variation of the inter-spike intervals of each neuron.

    Parameters
    ----------
    spikes : Spikes
        Spikes in time order.
    min_intervals : int
        Neurons with fewer intervals get nan.

    Returns
    -------
    ndarray, shape (n_neurons,)
        Standard deviation (ddof 0) over mean, dimensionless; 1 for a Poisson train, 0 for a clock.

    References
    ----------
    Definition.

    Examples
    --------
    >>> s = Spikes(steps=np.arange(0, 50, 5), neurons=np.zeros(10, int), dt=1e-3, n_steps=50,
    ...            names=("E",), sizes=np.array([1]))
    >>> interval_cv(s)
    array([0.])
    """
    from cortex.analysis._loops_spikes import interval_sums  # noqa: PLC0415  # numba is slow to import

    n, total, squares, _, _, _ = interval_sums(spikes.clock, spikes.neurons, spikes.n_neurons)
    enough = n >= max(min_intervals, 1)
    cv = np.full(n.size, np.nan)
    mean = total[enough] / n[enough]
    variance = np.maximum(squares[enough] / n[enough] - mean**2, 0.0)
    cv[enough] = np.sqrt(variance) / mean
    return cv


def windowed_cv(spikes: Spikes, window: float, *, min_intervals: int = 4) -> float:
    """Return the mean CV of the intervals within consecutive windows, over neurons and windows.

    A neuron with few spikes per window shows its short intervals only, which lowers its CV:
    runs of different length are comparable in windows of equal length alone.

    Parameters
    ----------
    spikes : Spikes
        Spikes in time order.
    window : float
        Length of the windows, s; a rest at the end is left out.
    min_intervals : int
        Neurons with fewer intervals in a window do not count there.

    Returns
    -------
    float
        nan when no neuron has enough intervals in any window.
    """
    edges = spikes.start + window * np.arange(spikes.binned(window).n_steps + 1)
    pieces = (spikes.between(*pair) for pair in pairwise(edges.tolist()))
    cvs = [interval_cv(piece, min_intervals=min_intervals) for piece in pieces]
    return nanmean(np.concatenate(cvs))


def nanmean(values: FloatArray) -> float:
    """Return the mean of the values that are not nan; nan when there is none."""
    known = values[~np.isnan(values)]
    return float(np.mean(known)) if known.size else float("nan")


def interval_cv2(spikes: Spikes, *, min_intervals: int = 4) -> FloatArray:
    """Return the local variation CV2 of each neuron: mean of 2 |a - b| / (a + b).

    Over neighbouring intervals a, b (Holt et al. 1996); unlike the CV it does not grow
    when the rate drifts slowly. Neurons with fewer intervals get nan; shape (n_neurons,),
    dimensionless.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.02, 0.04, 0.05, 0.07]]}, stop=0.1)
    >>> interval_cv2(spikes).round(3).tolist()
    [0.667]
    """
    from cortex.analysis._loops_spikes import interval_sums  # noqa: PLC0415  # numba is slow to import

    n, _, _, pairs, sums, _ = interval_sums(spikes.clock, spikes.neurons, spikes.n_neurons)
    enough = n >= max(min_intervals, 2)
    cv2 = np.full(n.size, np.nan)
    cv2[enough] = sums[enough] / pairs[enough]
    return cv2


def interval_lv(spikes: Spikes, *, min_intervals: int = 4) -> FloatArray:
    """Return the local variation LV of each neuron: mean of 3 (a - b)^2 / (a + b)^2.

    Over neighbouring intervals a, b (Shinomoto et al. 2003, eq. 2.2); 1 for a Poisson train, 0
    for a clock. Neurons with fewer intervals get nan; shape (n_neurons,), dimensionless.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.02, 0.04, 0.05, 0.07]]}, stop=0.1)
    >>> interval_lv(spikes).round(3).tolist()
    [0.333]
    """
    from cortex.analysis._loops_spikes import interval_sums  # noqa: PLC0415  # numba is slow to import

    n, _, _, pairs, _, sums = interval_sums(spikes.clock, spikes.neurons, spikes.n_neurons)
    enough = n >= max(min_intervals, 2)
    lv = np.full(n.size, np.nan)
    lv[enough] = sums[enough] / pairs[enough]
    return lv


def fano_factors(spikes: Spikes, window: float) -> FloatArray:
    """Return variance (ddof 0) over mean of the spike counts of each neuron in windows.

    Parameters
    ----------
    spikes : Spikes
        Spikes in time order.
    window : float
        Width of the windows, s; windows that do not fit at the end are left out.

    Returns
    -------
    ndarray, shape (n_neurons,)
        Dimensionless; nan for silent neurons.

    References
    ----------
    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.02, 0.04], [0.03]]}, stop=0.1)
    >>> fano_factors(spikes, 0.05).round(3).tolist()
    [1.5, 0.5]
    """
    from cortex.analysis._loops_spikes import count_moments  # noqa: PLC0415  # numba is slow to import

    binned = spikes.binned(window)
    total, squares = count_moments(binned.steps, binned.neurons, spikes.n_neurons)
    mean = total / binned.n_steps
    with np.errstate(invalid="ignore", divide="ignore"):
        fano: FloatArray = (squares / binned.n_steps - mean**2) / mean
    return fano
