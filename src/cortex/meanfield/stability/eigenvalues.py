"""Growth rates of a spiking network around its working point, with none missed."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.response.connectivity_matrix import (
    PackedResponse,
    packed_response,
    spiking_characteristic,
)
from cortex.meanfield.response.rational import Rational
from cortex.meanfield.response.receptor_response import ReceptorFits
from cortex.meanfield.response.source_response import SourceFits
from cortex.meanfield.stability import _loops_poles as loops
from cortex.meanfield.stability.roots import (
    Rectangle,
    Roots,
    count_zeros,
    find_roots,
    winding_number,
)
from cortex.meanfield.stationary.packed import pack_neurons, require_own
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import BoolArray, ComplexArray, FloatArray

REAL_LOW: Final = -175.0
"""Left border of the searches, 1/s, where synapses allow it."""
MAX_FREQUENCY: Final = 1000.0
"""Upper border of the searches, Hz: above 1/delay of the networks in use."""


def leading_eigenvalues(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    real_low: float | None = None,
    max_frequency: float = MAX_FREQUENCY,
    variance: bool = True,
    wave_number: float | None = None,
    guesses: ComplexArray | None = None,
) -> Roots:
    """Return all solutions of det(1 - M(lambda)) = 0 right of `real_low` up to `max_frequency`.

    Parameters
    ----------
    network : PopulationNetwork
        The network.
    point : WorkingPoint
        Its stationary state.
    real_low : float, optional
        Left border of the search, 1/s; by default -175, or -0.8 over the slowest synaptic time
        constant. It must not meet a relaxation mode of a neuron: silent neurons have theirs at
        multiples of -1/tau_m.
    max_frequency : float
        Upper border of Im lambda / 2 pi, Hz: a mode that oscillates faster is not looked for.
        Neurons that fire in step have modes near 1/delay.
    variance, wave_number
        As in `connectivity_matrix.effective_connectivity`.
    guesses : ndarray, optional
        Growth rates at a neighbouring parameter, 1/s; they save most of the search.

    Returns
    -------
    Roots
        Growth rates, 1/s, sorted by real part; of two complex conjugates the one with
        Im lambda > 0. Empty when all modes decay or oscillate faster. The right border lies
        where no zero can exist, and the number of zeros agrees with the argument principle:
        without modes above `max_frequency` the state is stable if all real parts are negative.

    Raises
    ------
    ConvergenceError
        The zeros found are fewer than counted, or the delays of |M| are zero.
    ParameterError
        `real_low` lies left of a pole of the synapses, or left of zero where the delays are
        lognormal: their factor D(lambda) has a branch cut along the negative real axis.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> network = BrunelParams(neuron=neuron, n_exc=10000, n_inh=2500, in_degree_exc=1000,
    ...     in_degree_inh=250, J=1e-4, g=6.0, nu_ext_ratio=4.0, delay=1.5e-3,
    ...     multapses=False).network()
    >>> leading_eigenvalues(network, solve_working_point(network)).lam[:1].round(1)
    array([51.5+1195.1j])
    """
    require_own(network, point)
    left = _left_border(network, real_low)
    response = packed_response(network, point)
    function = spiking_characteristic(
        network, point, variance=variance, wave_number=wave_number, response=response
    )
    poles = _pole_families(network, point, function, response)
    roots = find_roots(
        function,
        _right_half(function, left, max_frequency),
        guesses=guesses,
        n_poles=lambda part: sum(family.count(part) for family in poles),
    )
    lam = roots.lam
    upper = lam.imag >= -1e-9 * np.maximum(np.abs(lam), 1.0)
    return Roots(lam=lam[upper], residual=roots.residual[upper], converged=roots.converged[upper])


def _left_border(network: PopulationNetwork, real_low: float | None) -> float:
    """Return the left border of a search, by default right of the poles of all synapses."""
    synapses = network.synapses
    slowest = float(np.max(synapses.tau_s))
    if real_low is None:
        real_low = max(REAL_LOW, -0.8 / slowest) if slowest > 0.0 else REAL_LOW
    if slowest > 0.0 and real_low <= -1.0 / slowest:
        msg = f"real_low = {real_low} 1/s must lie right of the synaptic pole {-1 / slowest} 1/s"
        raise ParameterError(msg)
    if real_low < 0.0 and synapses.delay_distribution == "lognormal" and np.any(synapses.delay_sd):
        msg = (
            f"real_low = {real_low} 1/s: with lognormal delays M has a branch cut along the "
            "negative real axis, left of which modes cannot be counted; take real_low = 0"
        )
        raise ParameterError(msg)
    return real_low


def count_growing_modes(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    max_frequency: float = MAX_FREQUENCY,
    variance: bool = True,
    wave_number: float | None = None,
) -> int:
    """Return how many modes grow, by the argument principle alone: zero where the state is stable.

    Parameters
    ----------
    network, point, variance, wave_number
        As in `connectivity_matrix.effective_connectivity`.
    max_frequency : float
        Upper border of Im lambda / 2 pi, Hz.

    Returns
    -------
    int
        Number of zeros of det(1 - M) right of the imaginary axis and up to `max_frequency`.
        A pair of complex conjugates counts once; twice if it oscillates more slowly than
        0.002 `max_frequency`, where both lie above the lower border.

    Raises
    ------
    ConvergenceError
        A mode lies on the imaginary axis, so that the state is marginal.

    Notes
    -----
    M has no poles there. Nothing is searched for, so that this costs a fraction of
    `leading_eigenvalues`.
    """
    require_own(network, point)
    function = spiking_characteristic(network, point, variance=variance, wave_number=wave_number)
    return count_zeros(function, _right_half(function, 0.0, max_frequency))


def _right_half(function: MatrixFunction, real_low: float, max_frequency: float) -> Rectangle:
    """Return the region right of `real_low` (1/s), with a margin below the real axis."""
    top = 2.0 * np.pi * max_frequency
    right = _right_border(function, top)
    return Rectangle(real_limits=(real_low, right), imag_limits=(-0.002 * top, top))


def leading_mode(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    real_low: float | None = None,
    variance: bool = True,
    wave_number: float | None = None,
) -> complex:
    """Return the growth rate with the largest real part, 1/s; nan if all modes decay fast.

    Parameters
    ----------
    network, point, real_low, variance, wave_number
        As in `leading_eigenvalues`; modes up to 1 kHz are searched.

    Raises
    ------
    ConvergenceError, ParameterError
        As in `leading_eigenvalues`, after both searches.

    Notes
    -----
    A network that is nearly silent has a zero within rounding of every relaxation mode of
    its single neurons, where the two cannot be told apart; there only modes slower than the
    membrane (right of -0.8/tau_m) are searched.
    """

    def search(low: float | None) -> Roots:
        return leading_eigenvalues(
            network, point, real_low=low, variance=variance, wave_number=wave_number
        )

    try:
        lam = search(real_low).lam
    except ConvergenceError:
        border = -0.8 / float(np.max(network.neurons.tau_m))
        lam = search(max(_left_border(network, real_low), border)).lam
    return complex(lam[0]) if len(lam) else complex(np.nan, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class _Poles:
    """Relaxation modes of alike neurons, where the response has poles, and their order."""

    mu: float
    sigma: float
    neuron: FloatArray
    order: int

    def count(self, region: Rectangle) -> int:
        """Return how many lie in a rectangle, each as often as its order."""
        if self.order == 0 or region.real_limits[0] >= 0.0:
            return 0

        def sampled(lam: ComplexArray) -> tuple[ComplexArray, FloatArray]:
            slope, phase = loops.denominator_table(lam, self.mu, self.sigma, self.neuron)
            return slope, phase

        return self.order * winding_number(sampled, region)


@dataclass(frozen=True, slots=True, eq=False)
class _KnownPoles:
    """Poles of a rational response, 1/s, and their order."""

    poles: ComplexArray
    order: int

    def count(self, region: Rectangle) -> int:
        """Return how many lie in a rectangle, each as often as its order."""
        return self.order * int(np.sum(region.contains(self.poles)))


def count_poles(
    network: PopulationNetwork,
    point: WorkingPoint,
    region: Rectangle,
    *,
    variance: bool = True,
    wave_number: float | None = None,
) -> int:
    """Return the number of poles of det(1 - M) in a rectangle, with their orders.

    Parameters
    ----------
    network, point, variance, wave_number
        As in `connectivity_matrix.effective_connectivity`.
    region : Rectangle
        Where to count.

    Notes
    -----
    They are the zeros of Psi_th - exp(-lambda tau_ref) Psi_r but lambda = 0, the relaxation
    modes of a single neuron. Populations of equal neurons and input share them. With A the
    matrix 1 - M without the rows of such a group, det(1 - M) = det(A) det(1 - Q) with
    Q = M[group] A^-1[group]: each pole of the response is one of det(1 - M) as often as Q has
    eigenvalues other than zero. There are fewer of these than populations where rows are
    proportional, or where a population receives or sends nothing. The first-order treatment
    of colored noise doubles the order.
    """
    response = packed_response(network, point)
    function = spiking_characteristic(
        network, point, variance=variance, wave_number=wave_number, response=response
    )
    families = _pole_families(network, point, function, response)
    return sum(family.count(region) for family in families)


def _pole_families(
    network: PopulationNetwork,
    point: WorkingPoint,
    function: MatrixFunction,
    response: PackedResponse,
) -> list[_Poles | _KnownPoles]:
    """Return the poles of each group of populations with equal neurons and input."""
    generic = (1.0 + 1.0j) / np.max(network.neurons.tau_m)  # right of all poles
    if isinstance(response, SourceFits):
        return _fitted_poles(response.fits, function(np.asarray(generic)).M)
    neurons = pack_neurons(network.lif, point.tau_s, quiet=True)
    first_order = (point.method == "taylor") & (point.tau_s > 0.0)
    if point.method == "taylor":
        neurons[:, 4] = 0.0
    rows = np.column_stack([point.mu, point.sigma, first_order, neurons])
    # each population belongs to the first one like it, but for rounding
    group = np.array(
        [np.argmax([np.allclose(a, b, rtol=1e-9, atol=0.0) for b in rows]) for a in rows]
    )
    M = function(np.asarray(generic)).M
    fits = response.fits if isinstance(response, ReceptorFits) else (None,) * len(group)
    families: list[_Poles | _KnownPoles] = []
    for a in np.unique(group):
        order, fit = _multiplicity(M, group == a) * (2 if first_order[a] else 1), fits[a]
        if fit is not None:
            families.append(_KnownPoles(fit.poles, order))
        else:
            families.append(_Poles(point.mu[a], point.sigma[a], neurons[a], order))
    return families


def _fitted_poles(fits: tuple[Rational | None, ...], M: ComplexArray) -> list[_Poles | _KnownPoles]:
    """Return the poles of fitted responses; populations of equal fits share them."""
    families: list[_Poles | _KnownPoles] = []
    for key, poles in {fit.poles.tobytes(): fit.poles for fit in fits if fit is not None}.items():
        members = np.array([fit is not None and fit.poles.tobytes() == key for fit in fits])
        families.append(_KnownPoles(poles, _multiplicity(M, members)))
    return families


def _multiplicity(M: ComplexArray, members: BoolArray) -> int:
    """Return the number of eigenvalues of M[group] A^-1[group] that are not zero."""
    inverse = np.linalg.inv(np.eye(members.size) - np.where(members[:, np.newaxis], 0.0, M))
    rows, columns = M[members], inverse[:, members]
    size = np.linalg.norm(rows) * np.linalg.norm(columns)
    # nilpotent parts of order 2 come out as the square root of rounding errors, 1e-8
    return int(np.sum(np.abs(np.linalg.eigvals(rows @ columns)) > 1e-7 * size))


def _right_border(function: MatrixFunction, top: float) -> float:
    """Return a growth rate beyond which the rows of |M| sum up to less than 1.

    M is analytic right of the imaginary axis and fades upwards, so that it is enough to look at
    the line itself, here up to three times the upper border of the search.
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
