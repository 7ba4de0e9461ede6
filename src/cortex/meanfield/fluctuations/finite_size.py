r"""Populations of finite size as densities on a grid: cost does not depend on their number.

Every population is a density of potentials that drifts, diffuses and fires in its shared mean and
variance of input, which follow the rates that it and others had a delay ago. A flux between
two cells is the number of neurons that hop in a step, a Poisson number: the noise of finite size
stands in every face, mass is conserved, and nothing is linear. Nor is anything stationary: drives
may change, modes may grow.

Scharfetter-Gummel fluxes between cells, implicit in time; fluctuating fluxes after Dean (1996),
J. Phys. A 29:L613; the equation itself is that of Brunel & Hakim (1999), Neural Comput. 11:1621.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from cortex.errors import ParameterError
from cortex.meanfield.fluctuations import _loops_finite_size as loops
from cortex.meanfield.stationary.moments import mean_coupling, variance_coupling
from cortex.meanfield.stationary.packed import ALPHA, require_own
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.rng import stream
from cortex.typing import FloatArray, IntArray

FINENESS: Final = 20.0
"""Cells per standard deviation of the input."""
LEAST_CELLS: Final = 24
"""Cells between reset and threshold."""
DEPTH: Final = 5.0
"""Standard deviations of the free potential that the grid reaches below mean and reset."""


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Cells of every population; threshold and reset moved up where noise is filtered."""

    cells: FloatArray
    places: IntArray
    density: FloatArray

    @classmethod
    def of(
        cls, network: PopulationNetwork, point: WorkingPoint, dt: float, *, noisy: bool
    ) -> "_Grid":
        """Return grids that hold the densities at and around a working point, uniform at first."""
        neurons = network.lif
        shift = 0.5 * ALPHA * np.sqrt(point.tau_s / neurons.tau_m) * point.sigma
        threshold, reset = neurons.V_th + shift, neurons.V_reset + shift
        span = threshold - reset
        within = np.maximum(LEAST_CELLS, np.ceil(FINENESS * span / point.sigma)).astype(np.int64)
        # the reset lies in the middle of a cell, the threshold on a face
        h = span / (within + 0.5)
        lowest = np.minimum(reset, point.mu) - DEPTH * point.sigma / np.sqrt(2.0)
        below = np.ceil((reset - lowest) / h).astype(np.int64)
        n = below + within + 1
        per_neuron = 1.0 / network.sizes if noisy else np.zeros(network.n_pops)
        cells = np.column_stack([neurons.tau_m, h, reset - (below + 0.5) * h, per_neuron])
        places = np.column_stack([n, below, np.rint(neurons.tau_ref / dt).astype(np.int64)])
        density = np.zeros((network.n_pops, int(n.max())))
        for row, size, start, nu, tau in zip(
            density, n, below, point.nu, neurons.tau_ref, strict=True
        ):
            row[start:size] = (1.0 - nu * tau) / (size - start)
        return cls(cells, places, density)


def finite_size_rates(
    network: PopulationNetwork,
    point: WorkingPoint,
    interval: float,
    n_intervals: int,
    *,
    rates: FloatArray | None = None,
    mu_dc: FloatArray | None = None,
    seed: int | None = 0,
    step: float = 1e-4,
    warm_up: float = 0.3,
) -> FloatArray:
    """Return the rates of finite populations, one realisation, with everything nonlinear.

    Parameters
    ----------
    network : PopulationNetwork
        The network.
    point : WorkingPoint
        Its working point: where the densities start, and how far the grids reach.
    interval : float
        Length of the intervals in which rates are averaged and drives are constant, s: a whole
        number of steps.
    n_intervals : int
        Number of intervals.
    rates : ndarray of shape (n_intervals, n_pops, n_inputs), optional
        Total Poisson rates in the intervals, Hz; those of `network.drive` when not given.
    mu_dc : ndarray of shape (n_intervals, n_pops), optional
        Constant drive in the same intervals, V.
    seed : int or None, optional
        Seed of the noise; None for populations of infinite size.
    step : float, optional
        Time step, s.
    warm_up : float, optional
        Time before the first interval, under its drive, s.

    Returns
    -------
    nu : ndarray of shape (n_intervals, n_pops)
        Rates, Hz. Noise makes single intervals of small populations negative.

    Raises
    ------
    ParameterError
        An interval is no whole number of steps, a delay is shorter than one, courses have a wrong
        shape, or a population has no noise to diffuse in.

    Notes
    -----
    Neurons have independent white noise of the shared variance, shifted boundaries where synapses
    filter it, and alike in-degrees: what colours recurrent noise and differs from neuron to
    neuron is left out. 130 cells and two populations cost 0.06 s per second.

    References
    ----------
    Fluxes with noise: Dean (1996), J. Phys. A 29:L613; Brunel & Hakim (1999), Neural Comput.
    11:1621.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> nu = finite_size_rates(network, solve_working_point(network), 0.1, 2, seed=None)
    >>> bool(abs(nu[1, 0] - 37.9) < 0.8)
    True
    """
    require_own(network, point)
    per_interval = _whole_steps(interval, step)
    if network.space is not None:
        msg = "populations on a ring are densities in space, too; here each is one, without space"
        raise ParameterError(msg)
    if np.any(point.sigma <= 0.0):
        msg = f"noise {point.sigma} V: a population without noise has no density to diffuse"
        raise ParameterError(msg)
    external = _external(network, rates, mu_dc, n_intervals)
    n_before = int(np.ceil(warm_up / interval))
    external = np.concatenate([np.repeat(external[:1], n_before, axis=0), external])
    grid = _Grid.of(network, point, step, noisy=seed is not None)
    out = np.zeros((n_before + n_intervals, network.n_pops))
    loops.march(
        stream(0 if seed is None else seed, "finite size"),
        grid.cells,
        grid.places,
        _synapses(network, step),
        _kernel(network, step),
        external,
        point.nu,
        grid.density,
        step,
        per_interval,
        out,
    )
    return out[n_before:]


def _whole_steps(interval: float, step: float) -> int:
    n = round(interval / step)
    if n < 1 or abs(n * step - interval) > 1e-6 * step:
        msg = f"interval = {interval} s must be a whole number of steps of {step} s"
        raise ParameterError(msg)
    return n


def _external(
    network: PopulationNetwork, rates: FloatArray | None, mu_dc: FloatArray | None, n: int
) -> FloatArray:
    """Return mean and variance of the external input, V and V^2, (n_intervals, 2, n_pops)."""
    drive, tau_m = network.drive, network.neurons.tau_m
    rates = np.broadcast_to(drive.rate, (n, *drive.rate.shape)) if rates is None else rates
    mu_dc = np.broadcast_to(drive.mu_dc, (n, network.n_pops)) if mu_dc is None else mu_dc
    wanted = ((n, *drive.rate.shape), (n, network.n_pops))
    if (np.shape(rates), np.shape(mu_dc)) != wanted:
        msg = f"rates and mu_dc have shapes {np.shape(rates)}, {np.shape(mu_dc)}, need {wanted}"
        raise ParameterError(msg)
    mean = tau_m * np.sum(drive.J * rates, axis=2) + mu_dc
    return np.stack([mean, tau_m * np.sum(drive.J**2 * rates, axis=2)], axis=1)


def _synapses(network: PopulationNetwork, dt: float) -> FloatArray:
    """Return gains of mean and variance, and how much of them a step keeps, (4, n, n).

    The variance that a synapse passes follows its square: half the time constant.
    """
    tau_s = network.synapses.tau_s
    with np.errstate(divide="ignore"):
        decay, squared = (np.where(tau_s > 0.0, np.exp(-k * dt / tau_s), 0.0) for k in (1.0, 2.0))
    return np.stack([mean_coupling(network), variance_coupling(network), decay, squared])


def _kernel(network: PopulationNetwork, dt: float) -> FloatArray:
    """Return the share of spikes that arrive after 1, 2, ... steps, (n_lags, n, n)."""
    synapses, law = network.synapses, network.synapses.delay_distribution
    mean, sd = synapses.delay, synapses.delay_sd * (law != "none")
    used = synapses.in_degrees * synapses.J != 0.0
    if np.any(used & (mean < 0.999 * dt)):
        msg = f"delays {mean} s must be at least one step of {dt} s"
        raise ParameterError(msg)
    reach = np.where(used, mean + 6.0 * sd, dt).max()
    if law == "lognormal":
        reach = np.where(used, mean + 12.0 * sd, dt).max()
    edges = (np.arange(int(np.ceil(reach / dt)) + 1) + 0.5)[:, None, None] * dt
    with np.errstate(divide="ignore", invalid="ignore"):
        if law == "lognormal":
            spread = np.sqrt(np.log1p((sd / mean) ** 2))
            below = ndtr((np.log(edges / mean) + 0.5 * spread**2) / spread)
        else:
            below = ndtr((edges - mean) / sd)
    # ties of a fixed delay on a face go to the step of its own
    below = np.where(sd > 0.0, below, (edges + 1e-9 * dt > mean).astype(np.float64))
    first = below[0] * (law == "lognormal")  # a Gaussian is cut at half a step, not folded
    shares = np.diff(below, axis=0)
    shares[0] += first
    total = np.where(used, shares.sum(axis=0), 1.0)
    return np.asarray(np.where(used, shares / total, 0.0))
