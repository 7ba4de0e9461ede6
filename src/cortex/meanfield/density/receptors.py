r"""Neurons whose receptors have time constants of their own.

.. math:: \tau_m \dot V = -V + \psi(V) + \mu + \sum_i I_i, \quad
          \tau_i \dot I_i = -I_i + \sigma_i \sqrt{\tau_m} \xi_i(t)

with independent white noises; psi = 0 for the LIF, the upswing of the spike for others. Every
receptor is carried as a slow input, less a white part (`white_rest`); the numbers are
extrapolated from two grids, whose error falls with the square of the cell, and the response
also from two white parts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.meanfield.density.cells import TAIL
from cortex.meanfield.density.neurons import SpikingNeuron, voltage_cells
from cortex.meanfield.density.noise_profile import NoiseAtFaces, NoiseProfile, SplitNoise
from cortex.meanfield.density.resolution import (
    CONDUCTING,
    CONDUCTING_SPIKING,
    RATE,
    RESPONSE,
    SPIKING,
    Resolution,
)
from cortex.meanfield.density.solver import (
    Modulation,
    Operator,
    StationaryDensity,
    Susceptibility,
    interval_cv,
    respond,
    spike_spectrum,
    stationary_density,
)
from cortex.meanfield.density.white_rest import WhiteRest
from cortex.meanfield.exponents import exponents
from cortex.params.lif import LIFParams
from cortex.typing import ComplexArray, FloatArray

LEAST_NOISE: Final = 0.05
"""Least standard deviation of the input, in units of the distance from reset to threshold."""
CELLS_PER_PECLET: Final = 7
"""Cells of a spiking neuron per drift times distance over diffusion."""
CELLS_PER_SIGMA: Final = 25
"""Cells of a spiking neuron from reset or mean to the last face, per sigma."""
CELLS_UNDER_CONDUCTANCES: Final = 11
"""Cells of a threshold under conductances per sigma, down to the lowest face: slopes to 2e-3."""
FARTHEST: Final = 4.5
"""Farthest mean below threshold, in standard deviations: rates of 1e-7 Hz keep three digits."""
RESPONSE_ORDER: Final = 0.7
"""Power of the white part with which the error of the response falls: 3/4 at low frequency, and
1/2 at high ones, where white noise lets the rate follow a step at once."""


@guarded
@dataclass(frozen=True, slots=True, eq=False)
class Receptors:
    """A neuron with the mean of its input and the noise through each receptor.

    Attributes
    ----------
    mu : float
        Mean input, V.
    variance : ndarray of shape (n_receptors,)
        Variance sigma_i^2 of the input through each receptor, V^2; their sum is positive.
    tau_s : ndarray of shape (n_receptors,)
        Time constants, s; zero for delta synapses.
    neuron : LIFParams or SpikingNeuron
        The neuron.
    profile : NoiseProfile, optional
        How the variance depends on the potential, and its skew; not at all by default.
    """

    mu: float
    variance: FloatArray
    tau_s: FloatArray
    neuron: LIFParams | SpikingNeuron
    profile: NoiseProfile | None = None

    def __post_init__(self) -> None:
        """Refuse noise that is none."""
        variance, tau_s = np.asarray(self.variance, float), np.asarray(self.tau_s, float)
        object.__setattr__(self, "variance", variance)
        object.__setattr__(self, "tau_s", tau_s)
        if variance.ndim != 1 or variance.shape != tau_s.shape:
            shapes = f"{variance.shape} and tau_s of shape {tau_s.shape}"
            msg = f"variance of shape {shapes}: needs one of each per receptor"
            raise ParameterError(msg)
        if not (np.all(variance >= 0.0) and np.sum(variance) > 0.0 and np.isfinite(self.mu)):
            msg = f"variances {variance} V^2 must not be negative, nor all zero; mu = {self.mu} V"
            raise ParameterError(msg)
        if not (np.all(tau_s >= 0.0) and np.all(np.isfinite(tau_s))):
            msg = f"time constants {tau_s} s of the receptors must be finite and not negative"
            raise ParameterError(msg)

    @property
    def sigma(self) -> float:
        """Standard deviation of the input, V."""
        return float(np.sqrt(np.sum(self.variance)))

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two neurons alike, to 12 digits."""
        digits = (self.mu, *self.variance, *self.tau_s)
        return (*(f"{x:.12e}" for x in digits), self.neuron)

    @property
    def orders(self) -> range:
        """Powers of the potential in the variances."""
        return range(1 if self.profile is None else 3)

    @property
    def resolution(self) -> Resolution:
        """How finely rates, CVs and spectra are resolved by default."""
        if isinstance(self.neuron, LIFParams):
            return RATE if self.profile is None else CONDUCTING
        return SPIKING if self.profile is None else CONDUCTING_SPIKING

    @property
    def is_resolved(self) -> bool:
        """Whether the grids resolve the density: enough noise, and not far below threshold."""
        cell = self.neuron
        top = cell.V_th if isinstance(cell, LIFParams) else cell.V_onset
        noisy = self.sigma >= LEAST_NOISE * (top - cell.V_reset)
        return noisy and self.barrier <= FARTHEST**2

    @property
    def barrier(self) -> float:
        """Height of the potential that noise has to climb to a spike, over its diffusion."""
        cell = self.neuron
        if isinstance(cell, LIFParams):
            return float(max(cell.V_th - self.mu, 0.0) / self.sigma) ** 2
        V = np.linspace(self.mu, cell.last_face(self.sigma)[0], 400)
        back = np.maximum(V - self.mu - cell.upswing(V), 0.0)
        return float(2.0 * np.sum(back) * (V[1] - V[0]) / self.sigma**2) if V[-1] > V[0] else 0.0

    def n_cells(self, at: Resolution) -> int:
        """Return the cells of the coarse grid.

        A spiking neuron in white noise alone is cheap: as many as leave 1e-4 of its CV at
        little noise and of its response where it is quadratic, over many sigma.
        """
        cell = self.neuron
        if isinstance(cell, LIFParams) and self.profile is not None:
            reach = (cell.V_th - min(self.mu, cell.V_reset)) / self.sigma + TAIL / np.sqrt(2.0)
            return int(max(at.n_cells, round(CELLS_UNDER_CONDUCTANCES * reach)))
        if isinstance(cell, LIFParams) or np.any(self.tau_s):
            return at.n_cells
        V = np.linspace(cell.V_reset, cell.V_onset, 50)
        fastest = float(np.mean(np.abs(self.mu - V + cell.upswing(V))))
        peclet = 2.0 * fastest * (cell.V_onset - cell.V_reset) / self.sigma**2
        wide = (cell.last_face(self.sigma)[0] - min(self.mu, cell.V_reset)) / self.sigma
        wanted = max(CELLS_PER_PECLET * peclet, CELLS_PER_SIGMA * wide)
        return round(max(1.5 * at.n_cells, wanted))


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """One grid and one white part of a neuron with receptors."""

    noise: NoiseAtFaces
    state: StationaryDensity

    @classmethod
    def of(cls, receptors: Receptors, split: SplitNoise, n_cells: int) -> "_Level":
        rest, neuron = split.rest, receptors.neuron
        sigma = float(np.sqrt(np.sum(rest.variance)))
        mu = receptors.mu - split.shift
        cells = voltage_cells(mu, rest.white_variance, sigma, neuron, n_cells)
        noise = NoiseAtFaces.of(split, cells.faces)
        cells = cells if receptors.profile is None else noise.on(cells)
        return cls(noise, stationary_density(Operator.of(cells, split.slow)))

    def respond(self, exponents: list[complex | None], mean: float, orders: range) -> ComplexArray:
        """Return the response of rate and mean potential, shape (n_exponents, 2, 2 + n).

        To the mean, to the leak about a potential `mean` (V), and to the variance through each
        receptor, by every order of the potential; with more than one order, to each skew.
        """
        noise, split, at = self.noise, self.noise.split, Susceptibility.of(self.state)
        receptors, none = range(split.shift_slopes.size), np.zeros(split.slow.tau_s.size)
        changes = [
            Modulation(mean=1.0, inputs=none),
            Modulation(leak=1.0, rest=mean - split.shift, inputs=none),
            *(noise.change(i, order) for order in orders for i in receptors),
            *(noise.skewed(i) for i in receptors if len(orders) > 1),
        ]
        answers = [respond(self.state, at, lam, changes) for lam in exponents]
        return np.array([[each.nu, each.potential] for each in answers])


@dataclass(frozen=True, slots=True, eq=False)
class ReceptorRate:
    """Stationary rate of a neuron with receptors, and its slopes.

    Attributes
    ----------
    nu : float
        Rate, Hz.
    by_mu : float
        Slope by the mean input, Hz/V.
    by_variance : ndarray of shape (n_receptors,)
        Slope by the variance through each receptor, Hz/V^2.
    potential : float
        Mean potential over time, V; nan where a closed form gave the rate.
    slopes : ndarray of shape (2, 2 + n_receptors), or 2 + 4 n_receptors with a profile
        Of the rate and of the mean potential by mean, leak about the mean (1/s) and variances,
        with a profile their coefficients of u and u^2 and the skews too; empty where a closed form
        gave the rate.
    """

    nu: float
    by_mu: float
    by_variance: FloatArray
    potential: float = np.nan
    slopes: FloatArray = field(default_factory=lambda: np.zeros((2, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class ReceptorResponse:
    """Response of the rate to exp(lambda t) in mean and variances.

    Attributes
    ----------
    lam : ndarray of shape (n,)
        lambda, 1/s.
    H_mu : ndarray of shape (n,)
        Response to the mean, Hz/V, without the filters of the synapses.
    H_variance : ndarray of shape (n, n_receptors)
        Response to the variance of the noise that enters each receptor, Hz/V^2. The filter of
        the receptor is part of it.
    both : ndarray of shape (n, 2, 2 + n_receptors), or 2 + 4 n_receptors with a profile
        Responses in the order of `ReceptorRate.slopes`.
    """

    lam: ComplexArray
    H_mu: ComplexArray
    H_variance: ComplexArray
    both: ComplexArray


def receptor_rate(receptors: Receptors, at: Resolution | None = None) -> ReceptorRate:
    """Return the stationary rate of a neuron with receptors, and its slopes.

    Parameters
    ----------
    receptors : Receptors
        Neuron, mean input and noise.
    at : Resolution, optional
        How finely the neuron is resolved; by default `RATE`, or `SPIKING`.

    Returns
    -------
    ReceptorRate
        Within 1.1 % of simulated rates for time constants up to tau_m (docs/models).

    Examples
    --------
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)
    >>> ampa_and_gaba = Receptors(0.016, np.array([8e-6, 8e-6]), np.array([0.002, 0.005]), neuron)
    >>> round(receptor_rate(ampa_and_gaba).nu, 1)
    19.2
    """

    def numbers(level: _Level) -> FloatArray:
        slopes = level.respond([None], receptors.mu, receptors.orders)[0].real
        return np.vstack([[level.state.nu, level.state.mean_potential], slopes.T])

    rows = on_two_grids(receptors, at or receptors.resolution, numbers)
    return ReceptorRate(
        nu=float(rows[0, 0]),
        by_mu=float(rows[1, 0]),
        by_variance=rows[3 : 3 + receptors.variance.size, 0],
        potential=float(rows[0, 1]),
        slopes=rows[1:].T,
    )


def receptor_cv(receptors: Receptors, at: Resolution | None = None) -> float:
    """Return the coefficient of variation of the intervals; arguments as in `receptor_rate`."""
    return float(
        on_two_grids(receptors, at or receptors.resolution, lambda level: interval_cv(level.state))
    )


def receptor_spectrum(
    receptors: Receptors, frequencies: FloatArray, at: Resolution | None = None
) -> FloatArray:
    """Return the spectrum of the spike train, two-sided, Hz, shape (n_freqs,).

    Parameters
    ----------
    receptors, at
        As in `receptor_rate`.
    frequencies : ndarray of shape (n_freqs,)
        Hz, not zero.

    References
    ----------
    As for `receptor_response`.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> lif = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> receptors = Receptors(0.021, np.array([5e-5]), np.zeros(1), lif)
    >>> receptor_spectrum(receptors, np.array([1.0, 1e3])).round(1).tolist()
    [15.3, 36.4]
    """
    f = np.asarray(frequencies, dtype=np.float64)
    if f.ndim != 1 or not np.all(np.isfinite(f)) or np.any(f == 0.0):
        msg = f"frequencies {f} Hz must be a list of finite values without zero"
        raise ParameterError(msg)
    spectrum: FloatArray = on_two_grids(
        receptors, at or receptors.resolution, lambda level: spike_spectrum(level.state, f)
    )
    return spectrum


def receptor_response(
    receptors: Receptors,
    lam: ComplexArray,
    levels: tuple[Resolution, Resolution] | None = None,
) -> ReceptorResponse:
    """Return the linear response of the rate to the mean and to the noise of each receptor.

    Parameters
    ----------
    receptors : Receptors
        Neuron, mean input and noise.
    lam : ndarray of shape (n,)
        Laplace exponents, 1/s; ``angular(f)`` for frequencies f in Hz.
    levels : tuple of Resolution, optional
        A larger and a smaller white part, from which the response is extrapolated to none; by
        default `RESPONSE`, else that of the rate. Two of one share: the second alone counts.

    Returns
    -------
    ReceptorResponse
        Within 2 % and 0.03 rad of simulated responses up to 125 Hz (docs/models).

    Notes
    -----
    A modulated variance also moves the boundaries, here without delay.

    References
    ----------
    Fokker-Planck equation on a grid, derived in docs/models/lif-meanfield.md.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> lif = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> receptors = Receptors(0.021, np.array([5e-5]), np.zeros(1), lif)
    >>> receptor_response(receptors, np.array([1j])).H_mu.real.round(-2).tolist()
    [3600.0]
    """
    at = np.atleast_1d(exponents(lam))

    def numbers(level: _Level) -> ComplexArray:
        values = [complex(each) if each else None for each in at]
        return level.respond(values, receptors.mu, receptors.orders)

    if levels is None:
        own = receptors.resolution  # nodes of slow noise lie too far apart for two white parts
        levels = RESPONSE if own is RATE else (own, own)
    fine = on_two_grids(receptors, levels[1], numbers)
    if levels[0].share > levels[1].share:
        coarse = on_two_grids(receptors, levels[0], numbers)
        ratio = (levels[0].share / levels[1].share) ** RESPONSE_ORDER
        fine = fine + (fine - coarse) / (ratio - 1.0)
    n = 2 + receptors.variance.size
    return ReceptorResponse(at, fine[:, 0, 0], fine[:, 0, 2:n], fine)


def on_two_grids(receptors: Receptors, at: Resolution, numbers: Callable[[_Level], Any]) -> Any:
    """Return numbers extrapolated from the grid and one of half its cells."""
    if not receptors.is_resolved:
        msg = (
            f"mean {receptors.mu} V and noise {receptors.sigma} V: the cells resolve noise above "
            f"{LEAST_NOISE} (V_th - V_reset) and means down to {FARTHEST} times the noise below "
            "threshold; take the closed form, `firing_rate`"
        )
        raise ParameterError(msg)
    # a receptor without noise keeps a trace, so that the slope by its variance exists
    variance = np.maximum(receptors.variance, 1e-6 * np.sum(receptors.variance))
    cell, tau_s = receptors.neuron, receptors.tau_s
    rest = WhiteRest(variance=variance, tau_s=tau_s, tau_m=cell.tau_m, share=at.share)
    split = SplitNoise.of(rest, at, receptors.profile, sharp=isinstance(cell, LIFParams))
    coarse, fine = (
        np.asarray(numbers(_Level.of(receptors, split, refined * receptors.n_cells(at))))
        for refined in (1, 2)
    )
    return fine + (fine - coarse) / 3.0
