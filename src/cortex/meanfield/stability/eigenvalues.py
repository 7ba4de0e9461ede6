"""Growth rates of a spiking network around its working point, with none missed."""

from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.response.connectivity_matrix import (
    packed_response,
    spiking_characteristic,
)
from cortex.meanfield.stability.poles import (
    SearchStoppedError,
    budget_of,
    pole_families,
    poles_inside,
    without_idle,
)
from cortex.meanfield.stability.roots import (
    Rectangle,
    Roots,
    count_zeros,
    find_roots,
)
from cortex.meanfield.stationary.packed import require_own
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray

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
    guesses : ndarray of shape (n_guesses,), optional
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
        The zeros found are fewer than counted, the search takes more than `poles.MAX_STEPS`
        steps, or the delays of |M| are zero.
    ParameterError
        `real_low` lies left of a pole of the synapses, or left of zero where the delays are
        lognormal: their factor D(lambda) has a branch cut along the negative real axis.

    Notes
    -----
    A population that hardly responds has modes next to the relaxation modes of its neurons: found
    as near as 1e-10 of their distance from zero, beyond which they are none of the network.

    References
    ----------
    Definition; zeros by the argument principle, see `find_roots`.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=6.0, nu_ext_ratio=4.0).network()
    >>> leading_eigenvalues(network, solve_working_point(network)).lam[:1].round(1)
    array([51.5+1195.1j])
    """
    require_own(network, point)
    point = without_idle(network, point, variance=variance, wave_number=wave_number)
    response = packed_response(network, point)
    function = spiking_characteristic(
        network, point, variance=variance, wave_number=wave_number, response=response
    )
    budget = budget_of(network, point, response)
    families = pole_families(network, point, function, response, budget)
    function = budget.bound(function)
    roots = find_roots(
        function,
        _right_half(function, _left_border(network, real_low), max_frequency),
        guesses=guesses,
        n_poles=lambda part: sum(family.count(part) for family in families),
        poles=lambda part: poles_inside(families, part),
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
        A mode lies on the imaginary axis, so that the state is marginal; or the count takes more
        than `poles.MAX_STEPS` steps.

    Notes
    -----
    M has no poles there. Nothing is searched for, so that this costs a fraction of
    `leading_eigenvalues`.
    """
    require_own(network, point)
    point = without_idle(network, point, variance=variance, wave_number=wave_number)
    response = packed_response(network, point)
    function = spiking_characteristic(
        network, point, variance=variance, wave_number=wave_number, response=response
    )
    function = budget_of(network, point, response).bound(function)
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
        As in `leading_eigenvalues`.
    """
    lam = leading_eigenvalues(
        network, point, real_low=real_low, variance=variance, wave_number=wave_number
    ).lam
    return complex(lam[0]) if len(lam) else complex(np.nan, np.nan)


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
    msg = (
        f"|M| does not fall below 1 up to Re lambda = {border:.3g} 1/s, so that modes cannot be "
        "bounded: delays of zero, or 'gaussian' ones, some of which are negative (take "
        "'truncated_gaussian')"
    )
    raise SearchStoppedError(msg, border)
