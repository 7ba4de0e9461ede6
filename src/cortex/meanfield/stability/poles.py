"""Poles of det(1 - M): relaxation modes of single neurons; and how long a search may take."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cortex.errors import ConvergenceError
from cortex.meanfield.matrix_function import MatrixAndSlope, MatrixFunction
from cortex.meanfield.response._loops_far_response import FAR
from cortex.meanfield.response.connectivity_matrix import (
    PackedResponse,
    packed_response,
    spiking_characteristic,
)
from cortex.meanfield.response.rational import Rational
from cortex.meanfield.response.receptor_response import ReceptorFits
from cortex.meanfield.response.source_response import SourceFits
from cortex.meanfield.stability import _loops_poles as loops
from cortex.meanfield.stability.roots import Rectangle, winding_number
from cortex.meanfield.stationary.packed import pack_neurons
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import BoolArray, ComplexArray, FloatArray

MAX_STEPS: Final = 12_000_000
"""Steps that a search may march single-neuron responses over, 0.5 us each; networks in use need a
third of it."""
LEAST_STEPS: Final = 20.0
"""Steps that a response costs at least, all that is around it counted."""
POLISHED: Final = 8
"""Steps of Newton's method to a pole."""
COUPLED: Final = 1e-10
"""Largest entry of M in the row of a population that responds to nothing but in rounding."""


class SearchStoppedError(ConvergenceError):
    """A search for modes was given up, because it would take too long."""


@dataclass(slots=True, eq=False)
class Budget:
    """Counts the steps over which a search marches responses of single populations, and ends it.

    Parameters
    ----------
    tau_m : ndarray of shape (n_pops,)
        Membrane time constants, s.
    reach : ndarray of shape (n_pops,)
        sqrt(2) (V_th - mu) / sigma, where the march ends; -inf where there is none.
    """

    tau_m: FloatArray
    reach: FloatArray
    spent: float = 0.0

    def spend(self, lam: ComplexArray, which: slice | int = slice(None)) -> None:
        """Count the responses of populations at growth rates lam, 1/s.

        Raises
        ------
        SearchStoppedError
            They took more than `MAX_STEPS`.
        """
        tau_m, reach = np.atleast_1d(self.tau_m[which]), np.atleast_1d(self.reach[which])
        p = np.asarray(lam).ravel()[:, np.newaxis] * tau_m
        self.spent += float(np.sum(LEAST_STEPS + _marched(p, reach)))
        if self.spent > MAX_STEPS:
            msg = (
                f"the search for modes was stopped after {self.spent:,.0f} steps of single-neuron "
                "responses: modes lie far from the axes, or too close to each other or to "
                "relaxation modes of single neurons; narrow it by `real_low` and "
                "`max_frequency`, or simulate"
            )
            raise SearchStoppedError(msg, self.spent)

    def bound(self, function: MatrixFunction) -> MatrixFunction:
        """Return the function, counting what it is asked for."""

        def counted(lam: ComplexArray) -> MatrixAndSlope:
            self.spend(lam)
            return function(lam)

        return counted


def _marched(p: ComplexArray, reach: FloatArray) -> FloatArray:
    """Return about how many steps `_loops_response.march` takes at p = lambda tau_m."""
    size = np.abs(p)
    bend = np.maximum(3.6, (0.5 * size) ** (1.0 / 3.0))
    start = np.sqrt(84.0 + size * bend + p.real**2)  # to the left of zero
    length = np.where(size < FAR, np.maximum(reach + start, 0.0), 0.0)
    return np.asarray(length * (1.0 + np.sqrt(size) + 0.15 * (np.abs(reach) + start)) / 4.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Poles:
    """Relaxation modes of alike neurons, where the response has poles, and their order."""

    mu: float
    sigma: float
    neuron: FloatArray
    order: int
    budget: Budget
    member: int

    def count(self, region: Rectangle) -> int:
        """Return how many lie in a rectangle, each as often as its order."""
        if self.order == 0 or region.real_limits[0] >= 0.0:
            return 0

        return self.order * winding_number(self._sampled, region)

    def inside(self, region: Rectangle) -> ComplexArray:
        """Return those that Newton's method finds in a rectangle, 1/s."""
        if self.order == 0 or region.real_limits[0] >= 0.0:
            return np.empty(0, dtype=np.complex128)
        lam = region.starts(4)
        for _ in range(POLISHED):
            lam = region.stepped(lam, -1.0 / self._sampled(lam)[0])
        return _distinct_inside(region, lam[np.abs(self._sampled(lam)[0] * lam) > 1e9])

    def _sampled(self, lam: ComplexArray) -> tuple[ComplexArray, FloatArray]:
        """Return d/dlambda log of the denominator, and its phase."""
        self.budget.spend(lam, self.member)
        slope, phase = loops.denominator_table(lam, self.mu, self.sigma, self.neuron)
        return slope, phase


@dataclass(frozen=True, slots=True, eq=False)
class _KnownPoles:
    """Poles of a rational response, 1/s, and their order."""

    poles: ComplexArray
    order: int

    def count(self, region: Rectangle) -> int:
        """Return how many lie in a rectangle, each as often as its order."""
        return self.order * self.inside(region).size

    def inside(self, region: Rectangle) -> ComplexArray:
        """Return those in a rectangle, 1/s."""
        return self.poles[region.contains(self.poles)]


def poles_inside(families: list[_Poles | _KnownPoles], region: Rectangle) -> ComplexArray:
    """Return the poles of det(1 - M) in a rectangle, 1/s, each as often as its order."""
    found = [np.repeat(family.inside(region), family.order) for family in families]
    return np.concatenate([np.empty(0, dtype=np.complex128), *found])


def _distinct_inside(region: Rectangle, lam: ComplexArray) -> ComplexArray:
    """Return the distinct ones of the points within a rectangle."""
    kept: list[complex] = []
    for each in lam[region.contains(lam)]:
        if all(abs(each - other) > 1e-7 * abs(each) for other in kept):
            kept.append(complex(each))
    return np.array(kept, dtype=np.complex128)


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
    budget = budget_of(network, point, response)
    families = pole_families(network, point, function, response, budget)
    return sum(family.count(region) for family in families)


def budget_of(network: PopulationNetwork, point: WorkingPoint, response: PackedResponse) -> Budget:
    """Return the budget of one search in a network; fitted responses are not marched."""
    nowhere = np.full(network.n_pops, -1e9)
    if isinstance(response, SourceFits | ReceptorFits):
        return Budget(network.neurons.tau_m, nowhere)
    marched = (point.nu >= 1e-299) & (point.sigma > 0.0)
    above = (network.lif.V_th - point.mu) / np.where(marched, point.sigma, 1.0)
    return Budget(network.lif.tau_m, np.where(marched, np.sqrt(2.0) * above, nowhere))


def without_idle(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    variance: bool = True,
    wave_number: float | None = None,
) -> WorkingPoint:
    """Return the point without noise in populations that respond to nothing but in rounding.

    Their zeros of det(1 - M) lie within rounding of relaxation modes of their neurons, which they
    cancel: without a response neither is there.
    """
    if point.method == "nodes" or not network.is_plain:
        return point
    function = spiking_characteristic(network, point, variance=variance, wave_number=wave_number)
    M = function(_right_of_poles(network)).M
    idle = (np.max(np.abs(M), axis=1) < COUPLED) & (point.mu < network.lif.V_th)
    return replace(point, sigma=np.where(idle, 0.0, point.sigma))


def _right_of_poles(network: PopulationNetwork) -> ComplexArray:
    """Return a growth rate like any other, 1/s."""
    return np.asarray((1.0 + 1.0j) / np.max(network.neurons.tau_m))


def pole_families(
    network: PopulationNetwork,
    point: WorkingPoint,
    function: MatrixFunction,
    response: PackedResponse,
    budget: Budget,
) -> list[_Poles | _KnownPoles]:
    """Return the poles of each group of populations with equal neurons and input."""
    generic = _right_of_poles(network)
    if isinstance(response, SourceFits):
        return _fitted_poles(response.fits, function(generic).M)
    neurons = pack_neurons(network.lif, point.tau_s, quiet=True)
    first_order = (point.method == "taylor") & (point.tau_s > 0.0)
    if point.method == "taylor":
        neurons[:, 4] = 0.0
    rows = np.column_stack([point.mu, point.sigma, first_order, neurons])
    # each population belongs to the first one like it, but for rounding
    group = np.array(
        [np.argmax([np.allclose(a, b, rtol=1e-9, atol=0.0) for b in rows]) for a in rows]
    )
    M = function(generic).M
    fits = response.fits if isinstance(response, ReceptorFits) else (None,) * len(group)
    families: list[_Poles | _KnownPoles] = []
    for a in np.unique(group):
        order, fit = _multiplicity(M, group == a) * (2 if first_order[a] else 1), fits[a]
        if fit is not None:
            families.append(_KnownPoles(fit.poles, order))
        else:
            families.append(_Poles(point.mu[a], point.sigma[a], neurons[a], order, budget, a))
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
