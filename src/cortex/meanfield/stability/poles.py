"""Poles of det(1 - M): relaxation modes of single neurons; and how long a search may take."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import ConvergenceError
from cortex.meanfield.matrix_function import MatrixAndSlope, MatrixFunction
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

MAX_VALUES: Final = 90_000
"""Responses of single populations that a search may ask for, 30 us each; networks in use need
half of it."""
MARCH: Final = 150.0
"""|lambda tau_m| from which on a response costs twice as much, and so on up to `LONGEST`."""
LONGEST: Final = 1500.0


class SearchStoppedError(ConvergenceError):
    """A search for modes was given up, because it would take too long."""


@dataclass(slots=True, eq=False)
class Budget:
    """Counts the responses of single populations that a search asks for, and ends it.

    Parameters
    ----------
    tau_m : float
        Longest membrane time constant, s: a response is marched over |lambda| tau_m steps.
    """

    tau_m: float
    asked: float = 0.0

    def spend(self, lam: ComplexArray, n_pops: int = 1) -> None:
        """Count the responses of n_pops populations at growth rates lam, 1/s.

        Raises
        ------
        SearchStoppedError
            There were more than `MAX_VALUES`.
        """
        marched = np.minimum(np.abs(lam) * self.tau_m, LONGEST) / MARCH
        self.asked += n_pops * float(np.sum(1.0 + marched))
        if self.asked > MAX_VALUES:
            msg = (
                f"the search for modes was stopped after {self.asked:,.0f} responses of single "
                "populations: they lie too close to each other or to relaxation modes of single "
                "neurons; narrow it by `real_low` and `max_frequency`, or simulate"
            )
            raise SearchStoppedError(msg, self.asked)

    def bound(self, function: MatrixFunction, n_pops: int) -> MatrixFunction:
        """Return the function, counting what it is asked for."""

        def counted(lam: ComplexArray) -> MatrixAndSlope:
            self.spend(lam, n_pops)
            return function(lam)

        return counted


@dataclass(frozen=True, slots=True, eq=False)
class _Poles:
    """Relaxation modes of alike neurons, where the response has poles, and their order."""

    mu: float
    sigma: float
    neuron: FloatArray
    order: int
    budget: Budget

    def count(self, region: Rectangle) -> int:
        """Return how many lie in a rectangle, each as often as its order."""
        if self.order == 0 or region.real_limits[0] >= 0.0:
            return 0

        def sampled(lam: ComplexArray) -> tuple[ComplexArray, FloatArray]:
            self.budget.spend(lam)
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
    families = pole_families(network, point, function, response, budget_of(network))
    return sum(family.count(region) for family in families)


def budget_of(network: PopulationNetwork) -> Budget:
    """Return the budget of one search in a network."""
    return Budget(float(np.max(network.neurons.tau_m)))


def pole_families(
    network: PopulationNetwork,
    point: WorkingPoint,
    function: MatrixFunction,
    response: PackedResponse,
    budget: Budget,
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
            families.append(_Poles(point.mu[a], point.sigma[a], neurons[a], order, budget))
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
