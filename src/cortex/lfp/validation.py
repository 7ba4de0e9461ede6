"""How well proxies follow a true LFP, and the weighted sum that follows it best."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.grid import checked_step, even_step
from cortex.lfp.proxies import NetworkSignals, ProxyName, delayed, proxy
from cortex.lfp.recorded import SynapticCurrents
from cortex.params.arrays import finite, instance
from cortex.params.lfp import WeightedSumParams
from cortex.typing import FloatArray

CURRENT_PROXIES: tuple[ProxyName, ...] = ("RWS", "abs_I", "I", "AMPA", "GABA", "ERWS1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedSum:
    """The weighted sum that follows a true LFP best.

    Parameters
    ----------
    weighting : WeightedSumParams
        Fitted delays and weight.
    r_squared : ndarray of shape (n_depths,)
        Explained variance at each depth.
    surface : ndarray of shape (n_alpha, n_ampa, n_gaba)
        Median over depths of the explained variance for all candidates.
    """

    weighting: WeightedSumParams
    r_squared: FloatArray
    surface: FloatArray


def explained_variance(signal: FloatArray, truth: FloatArray) -> FloatArray:
    """Return the squared correlation of a proxy with the LFP at each depth.

    The share of variance explained by the best affine map of the proxy, R^2.

    Parameters
    ----------
    signal : ndarray of shape (n_steps,)
        A proxy.
    truth : ndarray of shape (n_steps, n_depths)
        The true LFP, any unit.

    Returns
    -------
    ndarray of shape (n_depths,)
        Dimensionless, between 0 and 1; 0 where either is constant.

    References
    ----------
    Definition.

    Examples
    --------
    >>> t = np.arange(8.0)
    >>> explained_variance(t, np.column_stack([-3 * t + 1, 0 * t]))
    array([1., 0.])
    """
    signal, truth = finite("signal", signal, 1), finite("truth", truth, 2)
    if len(truth) != len(signal):
        msg = f"signal {signal.shape} and truth {truth.shape} must share their times"
        raise ParameterError(msg)
    x = signal - signal.mean()
    y = truth - truth.mean(axis=0)
    norm = (x @ x) * np.einsum("td,td->d", y, y)
    explained: FloatArray = np.zeros(len(norm))
    np.divide((x @ y) ** 2, norm, out=explained, where=norm > 0.0)
    return explained


def best_shift(
    signal: FloatArray, truth: FloatArray, shifts: FloatArray, *, dt: float
) -> tuple[float, float]:
    """Return the shift of a signal that explains most of another one, and how much.

    Parameters
    ----------
    signal, truth : ndarray of shape (n_steps,)
        Signals on one grid; what a shift moves over the edge is left out of all.
    shifts : ndarray of shape (n_shifts,)
        Candidates, s, rounded to steps; positive: the signal is late and is moved back.
    dt : float
        Step, s.

    Returns
    -------
    shift, r_squared : float
        The best candidate (s) and its explained variance.

    Raises
    ------
    ParameterError
        Shifts that leave nothing of the signals.

    Examples
    --------
    >>> t = np.sin(np.arange(100.0))
    >>> shift, r_squared = best_shift(np.roll(t, 2), t, 1e-3 * np.arange(-3, 4), dt=1e-3)
    >>> shift, round(r_squared, 9)
    (0.002, 1.0)
    """
    late = np.rint(np.asarray(shifts) / checked_step(dt)).astype(np.int64)
    edge = int(np.abs(late).max(initial=0))
    kept = np.arange(edge, len(truth) - edge)
    if len(late) == 0 or len(kept) < 2:
        msg = f"shifts of up to {edge * dt} s leave nothing of {len(truth) * dt:g} s"
        raise ParameterError(msg)
    explained = [explained_variance(signal[kept + n], truth[kept, None])[0] for n in late]
    best = int(np.argmax(explained))
    return float(shifts[best]), float(explained[best])


def judge_proxies(
    currents: SynapticCurrents, truth: FloatArray, *, discard: float, nu_ext: float | None = None
) -> Mapping[ProxyName, FloatArray]:
    """Return the explained variance of every proxy of currents at each depth.

    Parameters
    ----------
    currents : SynapticCurrents
        Mean currents per cell, 1-D, on an even grid.
    truth : ndarray of shape (n_steps, n_depths)
        The true LFP, any unit, for example `cable_lfp` of the same currents.
    discard : float
        Transient left out at both ends, s; longer than any delay.
    nu_ext : float, optional
        External rate per neuron, Hz; with it ERWS2 is judged too.

    Returns
    -------
    dict of str to ndarray of shape (n_depths,)
        Explained variances (dimensionless) of the proxies of `CURRENT_PROXIES`, and ERWS2.

    Raises
    ------
    ParameterError
        Truth and currents that do not share one even grid, or nothing left of it.

    References
    ----------
    As for `explained_variance`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a, g = 9.0 + rng.normal(size=200), -9.0 + rng.normal(size=200)
    >>> currents = SynapticCurrents(time=1e-3 * np.arange(200.0), ampa=a, gaba=g)
    >>> judge_proxies(currents, (a + g)[:, None], discard=0.01)["I"].round(6).tolist()
    [1.0]
    """
    dt, kept = _grid(currents, truth, discard)
    signals = NetworkSignals(dt=dt, ampa=currents.ampa[:, None], gaba=currents.gaba[:, None])
    names = CURRENT_PROXIES if nu_ext is None else (*CURRENT_PROXIES, "ERWS2")
    made = {name: proxy(name, signals, boundary="hold", nu_ext=nu_ext) for name in names}
    return {name: explained_variance(made[name][kept], truth[kept]) for name in names}


def fit_weighted_sum(
    currents: SynapticCurrents,
    truth: FloatArray,
    *,
    delays_ampa: FloatArray,
    delays_gaba: FloatArray,
    alphas: FloatArray,
    discard: float,
) -> FittedSum:
    """Return the delays and weight with the largest median explained variance.

    Parameters
    ----------
    currents, truth, discard
        See `judge_proxies`.
    delays_ampa, delays_gaba : ndarray of shape (n_delays,)
        Candidate delays, s.
    alphas : ndarray of shape (n_alphas,)
        Candidate weights of GABA, dimensionless.

    Raises
    ------
    ParameterError
        See `judge_proxies`.

    Notes
    -----
    A depth or a candidate without variance explains nothing and counts as 0. For
    x = A - alpha G the explained variance is (c_A - alpha c_G)^2 / (var x var y) with
    covariances c with the truth, so all weights share one pass over time.

    References
    ----------
    After the fit of Mazzoni, Linden et al. (2015).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a, g = 9.0 + rng.normal(size=200), -9.0 + rng.normal(size=200)
    >>> currents = SynapticCurrents(time=1e-3 * np.arange(200.0), ampa=a, gaba=g)
    >>> fit = fit_weighted_sum(
    ...     currents, (a - 2.0 * g)[:, None], delays_ampa=np.array([0.0, 1e-3]),
    ...     delays_gaba=np.array([0.0]), alphas=np.array([1.0, 2.0]), discard=0.01,
    ... )
    >>> fit.weighting.alpha, fit.weighting.delay_ampa
    (2.0, 0.0)
    """
    dt, kept = _grid(currents, truth, discard)
    alphas = finite("alphas", alphas, 1)
    delays_ampa = finite("delays_ampa", delays_ampa, 1)
    delays_gaba = finite("delays_gaba", delays_gaba, 1)
    y = truth[kept] - truth[kept].mean(axis=0)
    var_y = np.einsum("td,td->d", y, y)
    shape = (len(alphas), len(delays_ampa), len(delays_gaba))
    found = np.zeros((*shape, len(var_y)))
    late_ampa = [_centred(currents.ampa, delay, dt, kept) for delay in delays_ampa]
    late_gaba = [_centred(currents.gaba, delay, dt, kept) for delay in delays_gaba]
    for i, a in enumerate(late_ampa):
        for j, g in enumerate(late_gaba):
            along = (a @ y)[None, :] - alphas[:, None] * (g @ y)[None, :]
            var_x = a @ a - 2.0 * alphas * (a @ g) + alphas**2 * (g @ g)
            norm = var_x[:, None] * var_y[None, :]
            np.divide(along**2, norm, out=found[:, i, j], where=norm > 0.0)
    surface = np.median(found, axis=-1)
    best = np.unravel_index(int(np.argmax(surface)), shape)
    weighting = WeightedSumParams(
        alpha=float(alphas[best[0]]),
        delay_ampa=float(delays_ampa[best[1]]),
        delay_gaba=float(delays_gaba[best[2]]),
    )
    return FittedSum(weighting=weighting, r_squared=found[best], surface=surface)


def _grid(currents: SynapticCurrents, truth: FloatArray, discard: float) -> tuple[float, slice]:
    instance("currents", currents, SynapticCurrents)
    finite("truth", truth, 2), finite("discard", discard, 0)
    n = len(currents.time)
    given = (currents.ampa.shape, currents.gaba.shape)
    if len(truth) != n or given != ((n,), (n,)):
        msg = f"truth {truth.shape} and currents {given[0]}, {given[1]} must share {n} times"
        raise ParameterError(msg)
    dt = even_step(currents.time)
    edge = int(np.ceil(discard / dt))
    if 2 * edge + 2 > n:
        msg = f"discard = {discard} s at both ends leaves nothing of {n * dt:g} s"
        raise ParameterError(msg)
    return dt, slice(edge, n - edge)


def _centred(values: FloatArray, delay: float, dt: float, kept: slice) -> FloatArray:
    late = delayed(values, delay, dt, "hold")[kept]
    centred: FloatArray = late - late.mean()
    return centred
