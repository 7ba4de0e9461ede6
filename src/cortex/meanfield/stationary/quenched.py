r"""Rates of single neurons: in-degrees, weights and sources differ, and stay what they are.

The mean input of a neuron of population a scatters with the variance

.. math:: \Delta_a^2 = \tau_a^2 \sum_b J_{ab}^2 \left[ c_{ab} K_{ab} (q_b - m_b^2)
          + v_{ab} K_{ab} q_b + \mathrm{Var}(K_{ab}) m_b^2 \right]

where m and q are mean and mean square of the rates, c the share of sources that neurons do not
have in common, and v the relative variance of the weights. Both moments follow from the rate
phi of a neuron, :math:`m = \int Dz\, \phi(\mu + \Delta z)` and likewise q
(Roxin et al. 2011, J. Neurosci. 31:16217).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import root
from scipy.special import gammainc, ndtri

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.stationary.cv import packed_cv
from cortex.meanfield.stationary.moments import drive_mean, input_variance, mean_coupling
from cortex.meanfield.stationary.nodes import rates_on_nodes
from cortex.meanfield.stationary.packed import pack, require_own
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.siegert import rate_and_slopes
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.arrays import argument
from cortex.params.drive import NOISE
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import PLAIN, Rules, rules_of
from cortex.typing import FloatArray

N_NODES: Final = 60
"""Hermite nodes of the moments."""
N_QUANTILES: Final = 200
"""Neurons that stand for a population, each for as many others."""
HELD: Final = np.linspace(-2.5, 2.5, 6)
"""Inputs, in units of their spread, at which a closed form is held against the nodes."""
TOLERANCE: Final = 1e-9
"""Relative error of the moments."""


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """How the moments of rates make the mean input scatter, ``[target, source]``, V^2/Hz^2.

    Attributes
    ----------
    by_variance, by_mean_square : ndarray of shape (n_pops, n_pops)
        Variance of the mean input per variance of the rates, and per mean square.
    by_square_mean : ndarray of shape (n_pops, n_pops)
        The same per square of the mean rate: in-degrees that differ.
    """

    by_variance: FloatArray
    by_mean_square: FloatArray
    by_square_mean: FloatArray

    @classmethod
    def of(cls, network: PopulationNetwork, rules: Rules = PLAIN) -> "Scatter":
        """Return the scatter of a network whose synapses fall by `rules`."""
        synapses = network.synapses
        K, sources = synapses.in_degrees, network.sizes
        listed = rules_of(network.names, rules)
        multapses, scattered = (
            np.array([[getattr(rule, name) for rule in row] for row in listed])
            for name in ("multapses", "scatters_in_degrees")
        )
        # of N sources without repeats a neuron hears K others than the next one does
        distinct = np.where(multapses, 1.0, np.clip(1.0 - K / sources, 0.0, 1.0))
        spread = np.where(scattered, K * distinct, 0.0)
        square = (network.neurons.tau_m[:, None] * synapses.J) ** 2
        return cls(square * K * distinct, square * K * network.weight_cv**2, square * spread)

    def variance(self, mean: FloatArray, sd: FloatArray) -> FloatArray:
        """Return Delta^2, V^2, at mean and standard deviation of the rates, Hz, (n_pops,)."""
        by_square = self.by_mean_square @ (mean**2 + sd**2)
        found: FloatArray = self.by_variance @ sd**2 + by_square + self.by_square_mean @ mean**2
        return found


@dataclass(frozen=True, slots=True, eq=False)
class NeuronRates:
    """Rates of the neurons of every population.

    Attributes
    ----------
    mean, sd : ndarray of shape (n_pops,)
        Mean and standard deviation over neurons, Hz.
    input_sd : ndarray of shape (n_pops,)
        Standard deviation of the mean input over neurons, V.
    nu, cv : ndarray of shape (n_quantiles, n_pops)
        Rates (Hz), rising, and CVs of neurons of which each stands for equally many.
    """

    mean: FloatArray
    sd: FloatArray
    input_sd: FloatArray
    nu: FloatArray
    cv: FloatArray

    def counts(self, duration: float) -> list[FloatArray]:
        """Return the share of neurons that fire 0, 1, 2, ... times in `duration` s, by population.

        Intervals are gamma distributed, with the rate and CV of each neuron.
        """
        return [count_shares(nu, cv, duration) for nu, cv in zip(self.nu.T, self.cv.T, strict=True)]


def neuron_rates(
    network: PopulationNetwork,
    point: WorkingPoint,
    rules: Rules = PLAIN,
    *,
    drive_sd: FloatArray | None = None,
) -> NeuronRates:
    """Return the distribution of single neurons' rates around a working point.

    Parameters
    ----------
    network, point
        The network and its working point, from which the moments are sought.
    rules : WiringRule or mapping
        How synapses fall on neurons, see `cortex.params.wiring`.
    drive_sd : ndarray of shape (n_pops,), optional
        Standard deviation over neurons of the constant drive, V; zero by default.

    Raises
    ------
    ConvergenceError
        No moments were found; ``partial`` holds the last ones.
    ParameterError
        The working point is that of another network; rules of unknown populations.

    Notes
    -----
    The noise of a neuron is white and that of the mean in-degree. Where rates are low, recurrent
    noise has little power at low frequency, and more neurons are silent: see `recurrent_noise`.

    References
    ----------
    Roxin, Brunel, Hansel, Mongillo & van Vreeswijk (2011), J. Neurosci. 31:16217.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> from cortex.params.wiring import WiringRule
    >>> network = BrunelParams(g=6.0, nu_ext_ratio=1.1).network()
    >>> rule = WiringRule(multapses=True, autapses=True, rule="fixed_total_number")
    >>> found = neuron_rates(network, solve_working_point(network), rule)
    >>> round(float(found.mean[0]), 2), round(float(found.sd[0]), 2)
    (6.93, 4.48)
    """
    require_own(network, point)
    spread = np.zeros(network.n_pops) if drive_sd is None else drive_sd
    quenched = argument("drive_sd", spread, NOISE, (network.n_pops,))
    moments = _Moments(network, point, Scatter.of(network, rules), quenched**2)
    mean, sd = point.nu, 0.3 * point.nu
    for _ in range(3 if point.method == "nodes" else 1):
        moments = moments.held_against_nodes(mean, sd)
        mean, sd = moments.solve(mean, sd)
    mu, sigma, spread = moments.inputs(mean, sd)
    z = ndtri((np.arange(N_QUANTILES) + 0.5) / N_QUANTILES)[:, np.newaxis]
    packed = pack(mu + spread * z, sigma, network.lif, point.tau_s, quiet=True)
    return NeuronRates(mean, sd, spread, moments.rate(mean, sd, z), packed_cv(packed))


def count_shares(nu: FloatArray, cv: FloatArray, duration: float) -> FloatArray:
    """Return the share of neurons with 0, 1, 2, ... spikes in `duration` s, up to the last one.

    Parameters
    ----------
    nu, cv : ndarray of shape (n_neurons,)
        Rate (Hz) and CV of each neuron.
    duration : float
        Length of the recording, s.

    Notes
    -----
    Counts of a gamma process, P(n >= k) = P(k / CV^2 + (1 - 1/CV^2)/2, nu T / CV^2): exact for
    Poisson neurons, and of mean nu T and variance nu T CV^2 for many spikes.

    Examples
    --------
    >>> count_shares(np.array([1.0]), np.array([1.0]), 1.0)[:3].round(3)
    array([0.368, 0.368, 0.184])
    """
    if not duration > 0.0:
        msg = f"duration = {duration} s must be positive"
        raise ParameterError(msg)
    shape = 1.0 / np.maximum(np.nan_to_num(cv, nan=1.0), 0.02) ** 2
    expected = nu * duration
    most = int(np.max(expected + 6.0 * np.sqrt(expected / shape + 1.0))) + 2
    k = np.arange(1, most + 1)[:, np.newaxis]
    at_least = gammainc(shape * (k - 0.5) + 0.5, shape * expected).mean(axis=1)
    return -np.diff(np.concatenate([[1.0], at_least, [0.0]]))


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Mean and standard deviation of the rates that such moments make.

    `factor` holds, where a density is solved, the logarithm of its rate over the closed form: a
    parabola in the input of every population, in units of its spread.
    """

    network: PopulationNetwork
    point: WorkingPoint
    scatter: Scatter
    quenched: FloatArray
    factor: FloatArray | None = None

    def inputs(self, mean: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return mean, noise and spread of the mean of the input, V."""
        mu = drive_mean(self.network) + mean_coupling(self.network) @ mean
        noise = np.sqrt(np.maximum(input_variance(self.network, mean), 0.0))
        return mu, noise, np.sqrt(self.scatter.variance(mean, sd) + self.quenched)

    def rate(self, mean: FloatArray, sd: FloatArray, z: FloatArray) -> FloatArray:
        """Return rates, Hz, of neurons whose input lies z of its spread above the mean."""
        mu, sigma, spread = self.inputs(mean, sd)
        packed = pack(mu + spread * z, sigma, self.network.lif, self.point.tau_s, quiet=True)
        nu: FloatArray = rate_and_slopes(packed, "shift")[..., 0]
        if self.factor is not None:
            inside = np.clip(z, HELD[0], HELD[-1])
            nu = nu * np.exp(np.polynomial.polynomial.polyval(inside, self.factor[:, None], False))
        return nu

    def held_against_nodes(self, mean: FloatArray, sd: FloatArray) -> "_Moments":
        """Return the moments with the factor of these inputs; without one for closed forms."""
        if self.point.method != "nodes":
            return self
        mu, sigma, spread = self.inputs(mean, sd)
        inputs, z = ReceptorInputs.of(self.network), HELD[:, np.newaxis]
        told = [[r.nu for r in rates_on_nodes(inputs, m, sigma, mean)] for m in mu + spread * z]
        closed = replace(self, factor=None).rate(mean, sd, z)
        ratio = np.divide(told, closed, out=np.ones_like(closed), where=closed > 0.0)
        fit = np.polynomial.polynomial.polyfit(HELD, np.log(ratio), 2)
        return replace(self, factor=np.asarray(fit, dtype=np.float64))

    def solve(self, mean: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the moments that make themselves, from a start."""
        scale = np.maximum(np.tile(self.point.nu, 2), np.finfo(float).tiny)
        z, w = np.polynomial.hermite_e.hermegauss(N_NODES)
        w = w / w.sum()

        def excess(x: FloatArray) -> FloatArray:
            m, s = np.abs(np.split(x * scale, 2))
            nu = self.rate(m, s, z[:, np.newaxis])
            made = w @ nu
            spread = np.sqrt(np.maximum(w @ (nu - made) ** 2, 0.0))
            return np.concatenate([made, spread]) / scale - np.abs(x)

        found = root(excess, np.concatenate([mean, sd]) / scale, options={"xtol": TOLERANCE})
        mean, sd = np.abs(np.split(found.x * scale, 2))
        if not np.max(np.abs(found.fun)) < 1e-6:
            msg = f"no moments of the rates of single neurons were found ({found.message})"
            raise ConvergenceError(msg, (mean, sd))
        return mean, sd
