r"""What one per cent more of each parameter does to rates, CV, modes and spectra.

Implicit differentiation at a working point nu = phi(nu, theta): with the derivatives of phi,

.. math:: \frac{d\nu}{d\theta} = (1 - \phi_\nu)^{-1} \phi_\theta, \quad
          \frac{d\lambda}{d\theta} = - \frac{v^T D u}{v^T M' u}, \quad
          dS = 2 \mathrm{Re}(R D C) + R\, d(\nu/N) R^\dagger

for a root of det(1 - M(lambda)) = 0 with M u = u, v^T M = v^T, M' = dM/d lambda, the response
R = (1 - M)^-1 and D = dM/d theta at fixed lambda along the moving working point. Nothing is
solved again: all parameters together cost a few evaluations of the single neurons.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.inverse.neurons import Neurons, Slopes
from cortex.inverse.tangents import STEP, Tangents
from cortex.meanfield.exponents import angular
from cortex.meanfield.fluctuations.spectra import cross_spectra
from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.response.delays import delay_transform
from cortex.meanfield.response.spatial_profiles import space_factor, space_of
from cortex.meanfield.response.transfer import respond
from cortex.meanfield.stability.roots import Rectangle, newton_roots
from cortex.meanfield.stationary.moments import (
    input_variance,
    mean_coupling,
    variance_coupling,
)
from cortex.meanfield.stationary.packed import ALPHA, PackedNeurons
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray, IntArray

BLOCK: Final = 2_000_000
"""Entries of dM held at once, by which frequencies are cut into pieces."""
NEAR: Final = 100.0
"""Distance at least, 1/s, within which a mode is looked for."""
FOLD: Final = 1e-8
"""Smallest |det(1 - phi_nu)| at which rates follow a parameter smoothly."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModeSlopes:
    """A mode of the network and its derivatives.

    Attributes
    ----------
    lam : complex
        Growth rate and angular frequency, 1/s.
    by : ndarray of complex, shape (n_params,)
        d lambda / d ln parameter, 1/s.
    """

    lam: complex
    by: ComplexArray

    @property
    def growth(self) -> FloatArray:
        """Derivatives of the growth rate by ln parameter, 1/s."""
        return np.real(self.by)

    @property
    def frequency(self) -> FloatArray:
        """Derivatives of the frequency by ln parameter, Hz."""
        return np.asarray(np.sign(self.lam.imag) * np.imag(self.by) / (2.0 * np.pi))


@dataclass(frozen=True, eq=False)
class Elasticities:
    """Derivatives of what theory says of a network by the logarithms of its parameters.

    Parameters
    ----------
    network : PopulationNetwork
        The network.
    point : WorkingPoint
        Its working point, in shifted boundaries or to first order.
    tangents : Tangents
        What each parameter moves.
    variance : bool, optional
        Whether the modulation of the input variance counts in modes and spectra; by default
        where all synapses are delta synapses, as in the predictions of a network.

    Raises
    ------
    ParameterError
        The point is one on nodes, an input has no noise, or the point is at a fold.

    References
    ----------
    Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132 (sensitivity of modes to
    connections at a fixed working point; here the working point moves along).

    Examples
    --------
    >>> from cortex.inverse.tangents import elements
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> of_all = elements(network)
    >>> moved = Elasticities(network, solve_working_point(network), of_all)
    >>> moved.rates[of_all.names.index("V_th(E)")].round(2)
    array([-436.77, -321.73])
    """

    network: PopulationNetwork
    point: WorkingPoint
    tangents: Tangents
    variance: bool | None = None

    @cached_property
    def rates(self) -> FloatArray:
        """Derivatives of the rates by ln parameter, Hz, shape (n_params, n_pops)."""
        by = self._rate.by
        explicit = np.einsum("pak,ak->pa", self._explicit, by)
        recurrent = np.einsum("abk,ak->ab", self._by_rates, by)
        implicit = np.eye(self.network.n_pops) - recurrent
        if abs(np.linalg.det(implicit)) < FOLD:
            msg = "the working point lies at a fold: its rates do not follow parameters smoothly"
            raise ParameterError(msg)
        return np.asarray(np.linalg.solve(implicit, explicit.T).T)

    @cached_property
    def cv(self) -> FloatArray:
        """Derivatives of the CV by ln parameter, shape (n_params, n_pops)."""
        return np.asarray(np.einsum("pak,ak->pa", self._inputs, self._cv.by))

    @property
    def cv_value(self) -> FloatArray:
        """CV itself, shape (n_pops,)."""
        return np.asarray(self._cv.value)

    def following(self, drives: IntArray, populations: IntArray) -> FloatArray:
        """Return how drives follow each parameter so that rates stay, (n_params, n_held).

        Parameters
        ----------
        drives, populations : ndarray of int, shape (n_held,)
            Places of the drives among the parameters; populations whose rates stay.

        Notes
        -----
        d ln drive / d ln parameter. At held rates, `by` is ``by + following @ by[drives]``.
        """
        rates = self.rates[:, populations]
        return np.asarray(-np.linalg.solve(rates[drives].T, rates.T).T)

    def mode(self, start: complex, *, wave_number: float | None = None) -> ModeSlopes:
        """Return the mode next to `start` (1/s) and its derivatives.

        Parameters
        ----------
        start : complex
            A root of det(1 - M), or near one.
        wave_number : float, optional
            Angular wave number on a ring, 1/m.

        Raises
        ------
        ParameterError
            No root lies there, or it is a double one.
        """
        function, starts = self.characteristic(wave_number), np.array([start])
        roots = newton_roots(function, starts, region=_around(starts))
        lam = roots.lam[:1]
        if not roots.converged[0]:
            msg = f"no mode of the network lies at {start:.6g} 1/s"
            raise ParameterError(msg)
        at = function(lam)
        u, v = _at_one(at.M[0]), _at_one(at.M[0].T)
        steep = v @ at.slope[0] @ u
        if abs(steep) < FOLD * np.linalg.norm(at.slope[0]):
            msg = f"the mode at {lam[0]:.6g} 1/s is a double one: it splits as a square root"
            raise ParameterError(msg)
        moved = self._matrix(lam, wave_number)[0]
        return ModeSlopes(lam=complex(lam[0]), by=-np.einsum("a,pab,b->p", v, moved, u) / steep)

    def roots(self, starts: ComplexArray, *, wave_number: float | None = None) -> ComplexArray:
        """Return the modes, 1/s, that Newton's method reaches from `starts`, lost ones left out."""
        found = newton_roots(self.characteristic(wave_number), starts, region=_around(starts))
        return found.lam[found.converged]

    def spectra(self, frequencies: FloatArray, weights: FloatArray) -> FloatArray:
        """Return derivatives of the spectra of weighted sums of the population rates.

        Parameters
        ----------
        frequencies : ndarray of shape (n_freqs,)
            Hz.
        weights : ndarray of shape (n_signals, n_pops)
            Rows of the identity for the populations, sizes over their sum for all neurons.

        Returns
        -------
        ndarray of shape (n_params, n_freqs, n_signals)
            d (two-sided spectrum) / d ln parameter, Hz; the weights are held.
        """
        network, point, n = self.network, self.point, self.network.n_pops
        lam = angular(frequencies)
        M = self.characteristic(None)(lam).M
        C = cross_spectra(M, point.nu, network.sizes)
        out = weights @ np.linalg.inv(np.eye(n) - M)  # (n_freqs, n_signals, n_pops)
        back = C @ weights.T
        noise = self.rates / network.sizes - point.nu / network.sizes**2 * self._of("size")
        found = np.einsum("fsa,pa->pfs", np.abs(out) ** 2, noise)
        piece = max(1, BLOCK // (len(self.tangents) * n * n))
        for first in range(0, len(lam), piece):
            part = slice(first, first + piece)
            moved = self._matrix(lam[part], None)
            through = np.einsum("fsa,fpab,fbs->pfs", out[part], moved, back[part], optimize=True)
            found[:, part] += 2.0 * through.real
        return np.asarray(found)

    def characteristic(self, wave_number: float | None) -> MatrixFunction:
        """Return the function lambda -> M, dM/dlambda at an angular wave number, 1/m."""
        rows = PackedNeurons.of(self._neurons.inputs, self._neurons.cells).responding()
        return spiking_characteristic(
            self.network,
            self.point,
            variance=self._variance,
            wave_number=wave_number,
            response=lambda lam: respond(lam, rows, self.point.method),
        )

    @property
    def _variance(self) -> bool:
        return self.network.is_delta if self.variance is None else self.variance

    @cached_property
    def _neurons(self) -> Neurons:
        return Neurons.of(self.network, self.point)

    @cached_property
    def _rate(self) -> Slopes:
        return self._neurons.rate()

    @cached_property
    def _cv(self) -> Slopes:
        return self._neurons.cv()

    def _of(self, name: str) -> FloatArray:
        return self.tangents.arrays[name]

    @cached_property
    def _couplings(self) -> tuple[FloatArray, FloatArray]:
        """Derivatives of `mean_coupling` and `variance_coupling`, (n_params, n_pops, n_pops)."""
        cells, own = self.network.lif, self.network.synapses
        tau_m, K, J = cells.tau_m[:, None], own.in_degrees, own.J
        square = 1.0 + own.J_cv**2
        d_tau_m, dK, dJ = self._of("tau_m")[:, :, None], self._of("in_degrees"), self._of("J")
        of_mean = d_tau_m * K * J + tau_m * (dK * J + K * dJ)
        scatter = tau_m * K * J**2 * 2.0 * own.J_cv * self._of("J_cv")
        of_variance = (of_mean * J + tau_m * K * J * dJ) * square + scatter
        return of_mean, of_variance

    @cached_property
    def _explicit(self) -> FloatArray:
        """Derivatives of the seven arguments at fixed rates, (n_params, n_pops, 7)."""
        network, point, drive = self.network, self.point, self.network.drive
        tau_m, tau = network.lif.tau_m, point.tau_s
        by_mean, by_variance = self._couplings
        d_rate, d_J, d_tau_m = self._of("rate_ext"), self._of("J_ext"), self._of("tau_m")
        ext = [drive.J * drive.rate, drive.J**2 * drive.rate]
        d_ext = [
            d_J * drive.rate + drive.J * d_rate,
            2.0 * drive.J * d_J * drive.rate + drive.J**2 * d_rate,
        ]
        mu = by_mean @ point.nu + self._of("mu_dc")
        mu = mu + d_tau_m * ext[0].sum(axis=1) + tau_m * d_ext[0].sum(axis=2)
        per_source = by_variance * point.nu
        per_input = d_tau_m[:, :, None] * ext[1] + tau_m[:, None] * d_ext[1]
        variance = per_source.sum(axis=2) + per_input.sum(axis=2)
        # the one time constant that shifts boundaries: sqrt(tau) is a mean over the variance
        total = input_variance(network, point.nu)
        roots = np.sqrt(network.synapses.tau_s), np.sqrt(drive.tau_s)
        shares = variance_coupling(network) * point.nu, tau_m[:, None] * ext[1]
        moved = np.zeros_like(mu)
        for share, root, name, d_share in zip(
            shares, roots, ("tau_s", "tau_s_ext"), (per_source, per_input), strict=True
        ):
            d_root = np.divide(self._of(name), 2.0 * root, out=0.0 * d_share, where=root > 0.0)
            away = root - np.sqrt(tau)[:, None]
            moved += np.sum(d_share * away + share * d_root, axis=2) / total
        shift = 0.5 * ALPHA * (moved / np.sqrt(tau_m) - 0.5 * np.sqrt(tau) / tau_m**1.5 * d_tau_m)
        cells = [self._of(name) for name in ("tau_m", "tau_ref", "V_th", "V_reset")]
        return np.stack([mu, 0.5 * variance / point.sigma, *cells, shift], axis=-1)

    @cached_property
    def _by_rates(self) -> FloatArray:
        """Derivatives of the seven arguments by the rate of each source, (n_pops, n_pops, 7)."""
        network, point = self.network, self.point
        by_variance = variance_coupling(network)
        away = np.sqrt(network.synapses.tau_s) - np.sqrt(point.tau_s)[:, None]
        total = input_variance(network, point.nu)[:, None]
        found = np.zeros((network.n_pops, network.n_pops, 7))
        found[..., 0] = mean_coupling(network)
        found[..., 1] = 0.5 * by_variance / point.sigma[:, None]
        found[..., 6] = (
            0.5 * ALPHA * by_variance * away / total / np.sqrt(network.lif.tau_m)[:, None]
        )
        return found

    @cached_property
    def _inputs(self) -> FloatArray:
        """Derivatives of the seven arguments along the moving working point."""
        return np.asarray(self._explicit + np.einsum("abk,pb->pak", self._by_rates, self.rates))

    def _matrix(self, lam: ComplexArray, wave_number: float | None) -> ComplexArray:
        """Return dM / d ln parameter at fixed lambda, (n_lam, n_params, n_pops, n_pops)."""
        network, own = self.network, self.network.synapses
        at = lam[:, None, None, None]
        delay, d_log_delay = self._delays(lam)
        of_mean, of_variance = self._neurons.responses(lam)
        terms = [(of_mean, mean_coupling(network), self._couplings[0], 1.0)]
        if self._variance:
            terms.append((of_variance, variance_coupling(network), self._couplings[1], 0.5))
        value: ComplexArray = np.zeros((len(lam), 1, *own.J.shape), dtype=np.complex128)
        moved: ComplexArray = np.zeros(
            (len(lam), len(self.tangents), *own.J.shape), dtype=np.complex128
        )
        for slopes, coupling, d_coupling, part in terms:
            low_pass = 1.0 / (1.0 + at * part * own.tau_s)
            H = slopes.value[:, None, :, None]
            dH = np.einsum("pak,lak->lpa", self._inputs, slopes.by)[..., None]
            d_filter = -at * part * self._of("tau_s") * low_pass
            moved += low_pass * (d_coupling * H + coupling * (dH + H * d_filter))
            value += coupling * H * low_pass
        moved = delay * (moved + value * d_log_delay)
        if space_of(network, wave_number) is None:
            return np.asarray(moved)
        factor, d_factor = self._space(lam, wave_number or 0.0)
        return np.asarray(factor * moved + d_factor * (delay * value))

    def _delays(self, lam: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
        """Return the factors of the delays, and the derivatives of their logarithms."""
        own = self.network.synapses
        d, sd, law = own.delay, own.delay_sd, own.delay_distribution
        D = delay_transform(lam, d, sd, law)[0][:, None]
        at = lam[:, None, None, None]
        if law == "none":
            return D, -at * self._of("delay")
        sides = [
            delay_transform(lam, d * (1.0 + a), sd * (1.0 + b), law)[0][:, None]
            for a, b in ((STEP, 0.0), (-STEP, 0.0), (0.0, STEP), (0.0, -STEP))
        ]
        by = [(sides[k] - sides[k + 1]) / (2.0 * STEP) / D for k in (0, 2)]
        shares = [
            np.divide(self._of(name), x, out=np.zeros_like(self._of(name)), where=x > 0.0)
            for name, x in (("delay", d), ("delay_sd", sd))
        ]
        return D, by[0] * shares[0] + by[1] * shares[1]

    def _space(self, lam: ComplexArray, k: float) -> tuple[ComplexArray, ComplexArray]:
        """Return the factor of profiles and growing delays, and its derivatives.

        A wave keeps its number of cycles: a longer ring, or first side of a sheet, makes it longer.
        """
        space = self.network.space
        if space is None:
            msg = f"wave_number = {k} 1/m needs a network with space (a ring or a sheet)"
            raise ParameterError(msg)

        def moved(k: float, width: float = 1.0, slowness: float = 1.0) -> ComplexArray:
            wide = replace(space, width=space.width * width, speed=space.speed / slowness)
            factor = space_factor(wide, k)(lam)[0][..., np.newaxis, :, :]
            return np.broadcast_to(factor, (len(lam), *factor.shape[-3:]))

        up, down = 1.0 + STEP, 1.0 - STEP
        by_k = (moved(k * up) - moved(k * down)) / (2.0 * STEP)
        by_width = (moved(k, up) - moved(k, down)) / (2.0 * STEP)
        total = by_width * self._of("width") / space.width
        total = total - by_k * self._of("extent")[..., np.newaxis] / space.extent[0]
        if space.has_growing_delays:
            by_slowness = (moved(k, 1.0, up) - moved(k, 1.0, down)) / (2.0 * STEP)
            share = self._of("slowness") * np.where(np.isinf(space.speed), 0.0, space.speed)
            total = total + by_slowness * share
        return moved(k), total


def _at_one(matrix: ComplexArray) -> ComplexArray:
    """Return the eigenvector of the eigenvalue next to 1."""
    values, vectors = np.linalg.eig(matrix)
    return np.asarray(vectors[:, int(np.argmin(np.abs(values - 1.0)))])


def _around(starts: ComplexArray) -> Rectangle:
    """Return a region beyond which Newton's method has lost its way: far responses are slow."""
    re, im = np.real(starts), np.imag(starts)
    margin = NEAR + 0.2 * float(np.max(np.abs(im)))
    return Rectangle(
        real_limits=(float(re.min()) - margin, float(re.max()) + margin),
        imag_limits=(float(im.min()) - margin, float(im.max()) + margin),
    )
