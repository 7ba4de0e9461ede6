"""Growth rates of a spiking network around its working point, with none missed."""

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield import _loops_poles as loops
from cortex.meanfield.connectivity_matrix import spiking_characteristic
from cortex.meanfield.roots import (
    MatrixFunction,
    Rectangle,
    Roots,
    count_zeros,
    find_roots,
    whole_turns,
)
from cortex.meanfield.siegert import pack_neurons
from cortex.meanfield.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray


def leading_eigenvalues(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    real_low: float = -175.0,
    max_frequency: float = 500.0,
    variance: bool = True,
    wave_number: float | None = None,
    guesses: ComplexArray | None = None,
) -> Roots:
    """Return all solutions of det(1 - M(lambda)) = 0 right of `real_low`.

    Parameters
    ----------
    network : PopulationNetwork
        The network.
    point : WorkingPoint
        Its stationary state.
    real_low : float
        Left border of the search, 1/s. It must not meet a relaxation mode of a neuron: silent
        neurons have theirs at multiples of -1/tau_m.
    max_frequency : float
        Upper border of Im lambda / 2 pi, Hz. Complex conjugates are not listed.
    variance, wave_number
        As in `effective_connectivity.effective_connectivity`.
    guesses : ndarray, optional
        Growth rates at a neighbouring parameter, 1/s; they save most of the search.

    Returns
    -------
    Roots
        Growth rates, 1/s, sorted by real part; empty when all modes decay faster. The
        state is stable if all real parts are negative. The right border lies where no
        zero can exist, and the number of zeros agrees with the argument principle.

    Raises
    ------
    ConvergenceError
        The zeros found are fewer than counted.

    Examples
    --------
    >>> from cortex.meanfield.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> network = BrunelParams(neuron=neuron, n_exc=10000, n_inh=2500, in_degree_exc=1000,
    ...     in_degree_inh=250, J=1e-4, g=6.0, nu_ext_ratio=4.0, delay=1.5e-3,
    ...     multapses=False).network()
    >>> leading_eigenvalues(network, solve_working_point(network)).lam[:1].round(1)
    array([51.5+1195.1j])
    """
    slowest = np.max(network.tau_s)
    if slowest > 0.0 and real_low <= -1.0 / slowest:
        msg = f"real_low = {real_low} 1/s must lie right of the synaptic pole {-1 / slowest} 1/s"
        raise ParameterError(msg)
    function = spiking_characteristic(network, point, variance=variance, wave_number=wave_number)
    return find_roots(
        function,
        _right_half(function, real_low, max_frequency),
        guesses=guesses,
        n_poles=lambda part: count_poles(network, point, part),
    )


def count_growing_modes(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    max_frequency: float = 1000.0,
    variance: bool = True,
    wave_number: float | None = None,
) -> int:
    """Return how many modes grow, by the argument principle alone: zero where the state is stable.

    Parameters
    ----------
    network, point, variance, wave_number
        As in `effective_connectivity.effective_connectivity`.
    max_frequency : float
        Upper border of Im lambda / 2 pi, Hz.

    Returns
    -------
    int
        Number of zeros of det(1 - M) right of the imaginary axis; a pair of complex
        conjugates counts once.

    Raises
    ------
    ConvergenceError
        A mode lies on the imaginary axis, so that the state is marginal.

    Notes
    -----
    M has no poles there. Nothing is searched for, so that this costs a fraction of
    `leading_eigenvalues`.
    """
    function = spiking_characteristic(network, point, variance=variance, wave_number=wave_number)
    return count_zeros(function, _right_half(function, 0.0, max_frequency))


def _right_half(function: MatrixFunction, real_low: float, max_frequency: float) -> Rectangle:
    """Return the region right of `real_low` (1/s), with a margin below the real axis."""
    top = 2.0 * np.pi * max_frequency
    right = _right_border(function, top)
    return Rectangle(real_limits=(real_low, right), imag_limits=(-0.002 * top, top))


def leading_mode(network: PopulationNetwork, point: WorkingPoint) -> complex:
    """Return the growth rate with the largest real part, 1/s; nan if all modes decay fast.

    Modes up to 1 kHz are searched: regular neurons that fire in step do so near 1/delay.
    A network that is nearly silent has a zero within rounding of every relaxation mode of
    its single neurons, where the two cannot be told apart; there only modes slower than the
    membrane (right of -0.8/tau_m) are searched.
    """
    try:
        lam = leading_eigenvalues(network, point, max_frequency=1000.0).lam
    except ConvergenceError:
        slow = -0.8 / float(np.max(network.tau_m))
        lam = leading_eigenvalues(network, point, real_low=slow, max_frequency=1000.0).lam
    return complex(lam[0]) if len(lam) else complex(np.nan, np.nan)


def count_poles(network: PopulationNetwork, point: WorkingPoint, region: Rectangle) -> int:
    """Return the number of poles of det(1 - M) in a rectangle.

    They are the zeros of Psi_th - exp(-lambda tau_ref) Psi_r but lambda = 0, the relaxation
    modes of a single neuron. Populations with equal rows of M count once; the first-order
    treatment of colored noise doubles the order.
    """
    if region.real_limits[0] >= 0.0:
        return 0
    neurons = pack_neurons(
        network.tau_m, network.tau_ref, network.V_th, network.V_reset, point.tau_s
    )
    if point.method == "taylor":
        order = np.where(point.tau_s > 0.0, 2, 1)
        neurons[:, 4] = 0.0
    else:
        order = np.ones(network.n_pops, dtype=int)
    rows = np.column_stack(
        [
            point.mu,
            point.sigma,
            neurons,
            network.in_degrees,
            network.J,
            network.tau_s,
            network.delay,
            network.delay_sd,
        ]
    )
    _, first = np.unique(rows, axis=0, return_index=True)
    return sum(
        int(order[a]) * _count_zeros_of_denominator(point.mu[a], point.sigma[a], neurons[a], region)
        for a in first
    )


def _count_zeros_of_denominator(
    mu: float, sigma: float, neuron: FloatArray, region: Rectangle
) -> int:
    def sampled(lam: ComplexArray) -> tuple[ComplexArray, FloatArray]:
        slope, phase = loops.denominator_table(lam, mu, sigma, neuron)
        return slope, phase

    return whole_turns(sampled, region)


def _right_border(function: MatrixFunction, top: float) -> float:
    """Return a growth rate beyond which the rows of |M| sum up to less than 1.

    M is analytic and bounded right of the imaginary axis, so that it is enough to look at
    the line itself.
    """
    heights = np.linspace(0.0, 3.0 * top, 301)
    border = 100.0
    for _ in range(9):  # up to 25600 1/s; delays in use damp |M| long before
        M = function(np.asarray(border + 1j * heights, dtype=np.complex128)).M
        if np.max(np.sum(np.abs(M), axis=-1)) < 1.0:
            return border
        border *= 2.0
    msg = f"|M| does not fall below 1 up to Re lambda = {border:.3g} 1/s: delays of zero?"
    raise ConvergenceError(msg, border)
