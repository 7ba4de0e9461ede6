r"""Stationary density, intervals, spectrum and linear response of one neuron on cells and nodes.

With the Fokker-Planck operator L (fluxes between the cells, generator of the slow input) and
the slow input carried over the refractory period, (L - lambda) y = - source has the flux across
threshold j = T(lambda) j + (flux of the source alone), one entry per node: T carries the flux
of one spike to that of the next. Everything below is read off T and the sums over the density.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cortex.meanfield.density import _loops_density as loops
from cortex.meanfield.density.cells import (
    Fluxes,
    VoltageCells,
    flux_by_current,
    fluxes,
    fluxes_by_diffusion,
    fluxes_by_mean,
)
from cortex.meanfield.density.slow_inputs import SlowInputs
from cortex.typing import AnyArray, ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Operator:
    """Fokker-Planck operator of a neuron in cells with slow inputs in nodes.

    Attributes
    ----------
    cells : VoltageCells
        The neuron.
    slow : SlowInputs
        Its slow inputs.
    flux : Fluxes
        Fluxes between the cells.
    """

    cells: VoltageCells
    slow: SlowInputs
    flux: Fluxes

    @classmethod
    def of(cls, cells: VoltageCells, slow: SlowInputs) -> "Operator":
        """Return the operator with its fluxes."""
        return cls(cells, slow, fluxes(cells, slow.nodes))

    def solve(self, lam: complex | None) -> "Elimination":
        """Return the elimination of L - lambda (1/s); None stands for lambda = 0, in reals."""
        kind = np.float64 if lam is None else np.complex128
        ahead, back = self.flux.forward, self.flux.backward
        width = self.cells.width[:, None]
        lower = (ahead[:-1] / width).astype(kind)
        upper = (back[1:] / width).astype(kind)
        diagonal = (-(ahead[1:] + back[:-1]) / width).astype(kind)
        coupling = self.slow.generator.astype(kind)
        entering = -self.slow.after(self.cells.tau_ref).astype(kind)
        entering = entering / self.cells.width[self.cells.reset]
        if lam is not None:
            coupling = coupling - lam * np.eye(coupling.shape[0])
            entering = entering * np.exp(-lam * self.cells.tau_ref)
        total = self.slow.total.astype(kind)
        inverses = loops.eliminate(lower, diagonal, upper, coupling)
        last, sums = loops.last_and_sum(
            inverses, lower, upper, width[:, 0].astype(kind), total, self.cells.reset, entering
        )
        return Elimination(self, inverses, lower, upper, entering, ahead[-1][:, None] * last, sums)


@dataclass(frozen=True, slots=True, eq=False)
class Elimination:
    """L - lambda, eliminated.

    Attributes
    ----------
    operator : Operator
        L.
    inverses, lower, upper : ndarray
        See `_loops_density`.
    entering : ndarray of shape (m, m)
        Source in the reset cell per flux across threshold.
    passage : ndarray of shape (m, m)
        T, the flux across threshold per flux of the spike before.
    sums : ndarray of shape (m,)
        Integral of the density over the potential, per flux across threshold.
    """

    operator: Operator
    inverses: AnyArray
    lower: AnyArray
    upper: AnyArray
    entering: AnyArray
    passage: AnyArray
    sums: AnyArray

    def profile(self, source: AnyArray) -> AnyArray:
        """Return y of (L - lambda) y = - source, both of shape (n_cells, m)."""
        kind = self.inverses.dtype
        return loops.profile(self.inverses, self.lower, self.upper, -source.astype(kind))

    def adjoint(self, weight: AnyArray) -> AnyArray:
        """Return z with sum(weight * y) = sum(z * source) for the profile y of any source."""
        kind = self.inverses.dtype
        return loops.adjoint(self.inverses, self.lower, self.upper, -weight.astype(kind))


@dataclass(frozen=True, slots=True, eq=False)
class StationaryDensity:
    """Stationary density of a neuron.

    Attributes
    ----------
    operator : Operator
        Its Fokker-Planck operator.
    nu : float
        Rate, Hz.
    exit_flux : ndarray of shape (m,)
        Distribution of the slow input over spikes.
    density : ndarray of shape (n_cells, m)
        Density over potential and nodes, 1/V; `marginal` sums over the nodes.
    """

    operator: Operator
    elimination: Elimination
    nu: float
    exit_flux: FloatArray
    density: FloatArray

    @property
    def marginal(self) -> FloatArray:
        """Density of the potential outside of refractoriness, 1/V, shape (n_cells,)."""
        return self.density @ self.operator.slow.total

    @property
    def mean_potential(self) -> float:
        """Mean potential over time, refractory periods at the reset included, V."""
        cells = self.operator.cells
        free = float(cells.width * cells.centres @ self.marginal)
        return free + cells.V_reset * self.nu * cells.tau_ref


def stationary_density(operator: Operator) -> StationaryDensity:
    """Return the stationary density and the rate of a neuron."""
    cells, total = operator.cells, operator.slow.total
    solved = operator.solve(None)
    # T keeps the total flux: adding total x total makes 1 - T regular and normalizes at once
    regular = np.eye(total.size) - solved.passage + np.outer(total, total)
    flux = np.asarray(np.linalg.solve(regular, total), dtype=np.float64)
    nu = 1.0 / (cells.tau_ref + float(solved.sums @ flux))
    source = np.zeros((cells.centres.size, total.size))
    source[cells.reset] = -solved.entering @ flux * nu
    return StationaryDensity(operator, solved, nu, flux, solved.profile(source))


def interval_cv(state: StationaryDensity) -> float:
    """Return the coefficient of variation of the intervals between spikes.

    From the curvature at zero of the characteristic function of one interval, by two small
    frequencies of which the next order drops out. With slow inputs successive intervals are
    correlated; the CV is that of the single interval.
    """
    total = state.operator.slow.total
    omega = 1e-2 * state.nu * np.array([1.0, 2.0])
    passages = [state.operator.solve(1j * w).passage @ state.exit_flux for w in omega]
    size = np.abs(np.array([total @ flux for flux in passages]))
    coarse = -2.0 * np.log(size) / omega**2
    variance = (4.0 * coarse[0] - coarse[1]) / 3.0
    return float(state.nu * np.sqrt(max(variance, 0.0)))


def spike_spectrum(state: StationaryDensity, frequencies: FloatArray) -> FloatArray:
    r"""Return the two-sided spectrum of the spike train, Hz, shape (n_freqs,).

    .. math:: C_0(f) = \nu (1 + 2 \mathrm{Re}\, 1^T (1 - T)^{-1} T F), \quad T = T(2 \pi i f)

    with the distribution F of the slow input over spikes. Frequencies in Hz, not zero.
    """
    total = state.operator.slow.total
    out = np.empty(len(frequencies))
    for k, f in enumerate(frequencies):
        T = state.operator.solve(2j * np.pi * f).passage
        later = np.linalg.solve(np.eye(total.size) - T, T @ state.exit_flux)
        out[k] = state.nu * (1.0 + 2.0 * float(np.real(total @ later)))
    return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Modulation:
    """Amplitudes of a modulation exp(lambda t) of the input.

    Attributes
    ----------
    mean : float or ndarray of shape (n_cells + 1,)
        Of the mean input, V, everywhere or at the faces.
    diffusion : float or ndarray of shape (n_cells + 1,)
        Of the diffusion coefficient, V^2/s.
    leak : float
        Of the leak, 1/s: it pulls the potential towards `rest`.
    rest : float
        Where that leak vanishes, V.
    inputs : ndarray of shape (n_inputs,)
        Of the noise that drives each slow input, relative to its strength.
    strength : ndarray of shape (n_inputs, n_cells + 1), optional
        Of the size of the slow inputs at the faces, by the noise that drives each; none by default.
    skew : ndarray of shape (n_inputs,), optional
        Of the third order of the noise that drives each slow input, 1/s; none by default.
    """

    mean: float | FloatArray = 0.0
    diffusion: float | FloatArray = 0.0
    leak: float = 0.0
    rest: float = 0.0
    inputs: FloatArray = field(default_factory=lambda: np.zeros(0))
    strength: FloatArray | None = None
    skew: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Susceptibility:
    """First-order changes of the operator, applied to the stationary density.

    Attributes
    ----------
    by_mean, by_diffusion : ndarray of shape (n_cells + 1, m)
        Change of the flux through each face, per V and per V^2/s.
    by_size, by_pace : ndarray of shape (n_inputs, n_cells + 1, m) and (n_inputs, n_cells, m)
        Change of the flux by the relative size of each slow input, and of the density in time
        by its relative pace.
    by_strength : ndarray of shape (n_cells + 1, m)
        Change of the flux by the size of all slow inputs at each face.
    by_skew : ndarray of shape (n_inputs, n_cells, m)
        Change of the density in time by the third order of each slow input, per 1/s.
    """

    by_mean: FloatArray
    by_diffusion: FloatArray
    by_size: FloatArray
    by_pace: FloatArray
    by_strength: FloatArray
    by_skew: FloatArray

    @classmethod
    def of(cls, state: StationaryDensity) -> "Susceptibility":
        """Return the changes at a stationary density."""
        cells, slow, p = state.operator.cells, state.operator.slow, state.density
        none = np.zeros((1, p.shape[1]))
        below, above = np.vstack([none, p]), np.vstack([p, none])

        def through(change: Fluxes) -> FloatArray:
            return change.forward * below - change.backward * above

        sizes = [flux_by_current(cells, slow.nodes, each, p) for each in slow.currents]
        by_mean = through(fluxes_by_mean(cells, slow.nodes))
        return cls(
            by_mean=by_mean,
            by_diffusion=through(fluxes_by_diffusion(cells, slow.nodes)),
            by_size=np.array(sizes).reshape(len(sizes), *below.shape),
            by_pace=np.array([p @ each.T for each in slow.relaxations]).reshape(-1, *p.shape),
            by_strength=slow.nodes * by_mean,
            by_skew=np.array([p @ each.T for each in slow.skewings]).reshape(-1, *p.shape),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """Response to modulations, one entry each.

    Attributes
    ----------
    nu : ndarray of shape (n,)
        Of the rate, Hz.
    potential : ndarray of shape (n,)
        Of the mean potential over time, refractory periods at the reset included, V.
    """

    nu: ComplexArray
    potential: ComplexArray


def respond(
    state: StationaryDensity,
    at: Susceptibility,
    lam: complex | None,
    modulations: list[Modulation],
) -> Response:
    r"""Return the response to modulations exp(lambda t).

    Parameters
    ----------
    state : StationaryDensity
        Where the neuron is.
    at : Susceptibility
        `Susceptibility.of(state)`.
    lam : complex or None
        lambda, 1/s; None stands for zero, where the response is the slope of the rate.
    modulations : list of Modulation
        What is modulated.

    Notes
    -----
    A filtered input whose noise is modulated by q(t) is an input of fixed statistics times
    :math:`\sqrt Q`, with :math:`(\tau/2) \dot Q = q - Q`, that runs q/Q times as fast: the
    filter of the synapse for the variance, 1/(1 + lambda tau/2), in its exact form.
    """
    operator, total = state.operator, state.operator.slow.total
    cells, solved = operator.cells, state.elimination if lam is None else operator.solve(lam)
    back = np.eye(total.size) - solved.passage
    held = cells.tau_ref  # time at the reset per spike, seen by the modulation
    if lam is None:
        back = back + np.outer(total, total)
    else:
        held = -np.expm1(-lam * cells.tau_ref) / lam
    per_flux = solved.sums + cells.tau_ref * total  # mass of the cells and of the reset

    def weights(by_flux: AnyArray, by_density: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return what weighs flux across threshold and sources in a sum over flux and density."""
        if lam is None:  # 1 - T leaves a multiple of the stationary flux open: mass fixes it
            excess = (by_flux @ state.exit_flux) * state.nu
            by_flux = by_flux - excess * per_flux
            by_density = by_density - excess * cells.width[:, None] * total
        across = np.linalg.solve(back.T, by_flux)
        of_density = by_density.astype(across.dtype)
        of_density[-1] += operator.flux.forward[-1] * across
        return across, solved.adjoint(of_density)

    place = (cells.width * cells.centres)[:, None] * total
    returned = -solved.entering.T @ solved.adjoint(place)[cells.reset]
    of_rate = weights(total, np.zeros(place.shape))
    of_potential = weights(returned + cells.V_reset * held * total, place)
    nu, potential = (
        _Gains.of(state, at, *each, lam or 0.0)(modulations) for each in (of_rate, of_potential)
    )
    return Response(nu if lam is None else nu * np.exp(-lam * cells.lag), potential)


@dataclass(frozen=True, slots=True, eq=False)
class _Gains:
    """What each part of a modulation adds to a sum over fluxes and sources."""

    cells: VoltageCells
    low_pass: AnyArray
    skew: FloatArray
    mean: AnyArray
    diffusion: AnyArray
    strength: AnyArray
    by_size: AnyArray
    by_skew: AnyArray
    by_pace: AnyArray

    @classmethod
    def of(
        cls,
        state: StationaryDensity,
        at: Susceptibility,
        across: AnyArray,
        by_source: AnyArray,
        lam: complex,
    ) -> "_Gains":
        """Return the gains, given what weighs the flux across threshold and sources in cells."""
        cells, slow = state.operator.cells, state.operator.slow
        beside, none = by_source / cells.width[:, None], np.zeros((1, across.size))
        faces = np.vstack([beside, none]) - np.vstack([none, beside])
        faces[-1] += across
        by_pace = np.tensordot(at.by_pace, by_source, axes=2)
        if lam and slow.tau_s.size:
            carried = slow.after_by_pace(cells.tau_ref, lam) @ state.exit_flux * state.nu
            by_pace = by_pace + carried @ beside[cells.reset]
        return cls(
            cells=cells,
            low_pass=1.0 / (1.0 + 0.5 * lam * slow.tau_s),
            skew=slow.skew,
            mean=np.sum(faces * at.by_mean, axis=1),
            diffusion=np.sum(faces * at.by_diffusion, axis=1),
            strength=np.sum(faces * at.by_strength, axis=1),
            by_size=0.5 * np.tensordot(at.by_size, faces, axes=2),
            by_skew=np.tensordot(at.by_skew, by_source, axes=2),
            by_pace=by_pace,
        )

    def __call__(self, modulations: list[Modulation]) -> ComplexArray:
        """Return the response to each modulation."""
        return np.array([self._to(each) for each in modulations], dtype=np.complex128)

    def _to(self, change: Modulation) -> complex:
        out: Any = np.sum(change.mean * self.mean + change.diffusion * self.diffusion)
        if change.leak:
            pull = (change.rest - self.cells.faces) / self.cells.gain
            out += change.leak * (pull @ self.mean)
        if change.inputs.size:
            slow = change.inputs * self.low_pass
            out += slow @ self.by_size + (change.inputs - slow) @ self.by_pace
            if change.strength is not None:
                out += self.low_pass @ change.strength @ self.strength
            if change.skew is not None:  # of unit variance: it falls where the variance grows
                out += (change.skew - 1.5 * self.skew * slow) @ self.by_skew
        return complex(out)
