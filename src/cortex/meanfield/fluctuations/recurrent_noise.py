r"""Irregularity and spectrum of spikes that the spikes themselves produce as noise.

Recurrent input is not white: it has the spectrum C0(f) of single neurons. One neuron per
population is driven by Gaussian noise of the spectrum

    S_a(f) = tau_a^2 [ sum_b K_ab <J_ab^2> |F_ab|^2 C0_b(f) + sum_x J_ax^2 |F_ax|^2 nu_ax ],

with the synaptic filters F, its own spectrum is measured, and both are iterated until they agree
(Dummer, Wieland & Lindner 2014, Front. Comput. Neurosci. 8:104). The spectrum is replaced in
every round; the rates, which inhibition would make overshoot, take Newton steps.

Neurons that share inputs are also correlated. With `collective`, what linear response makes of
the noise of the populations, C - diag(C0/N), reaches every neuron through all its synapses:

    S_a += tau_a^2 sum_bc G_ab (C - diag(C0/N))_bc G_ac^*,    G_ab = K_ab J_ab F_ab D_ab
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import scipy.fft
from scipy.optimize import isotonic_regression
from scipy.special import ndtri

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.fluctuations import _loops_recurrent_noise as loops
from cortex.meanfield.fluctuations.common_noise import CommonNoise
from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.stability.eigenvalues import count_growing_modes
from cortex.meanfield.stationary.moments import mean_input, variance_coupling
from cortex.meanfield.stationary.quenched import NeuronRates, Scatter
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import Rules
from cortex.regime import warn_regime
from cortex.rng import stream
from cortex.typing import AnyArray, FloatArray, IntArray

SEGMENT: Final = 4096
"""Steps of one segment of the spectrum: bins of 2.4 Hz at 0.1 ms."""
SMOOTHED: Final = 5
"""Bins of the running mean over the spectrum."""
LEAST_INTERVALS: Final = 2
"""Intervals from which a CV is taken."""
BLENDED: Final = 0.4
"""Part of the new spectrum and rate that a round takes over while results are averaged."""


@dataclass(frozen=True, slots=True, eq=False)
class RecurrentNoise:
    """Self-consistent rates, irregularity and spectra.

    Attributes
    ----------
    nu, cv : ndarray of shape (n_pops,)
        Rate (Hz) and CV of the intervals; nan where there are too few spikes.
    nu_error, cv_error : ndarray of shape (n_pops,)
        Their standard errors over the rounds.
    frequencies : ndarray of shape (n_freqs,)
        Hz.
    spectrum : ndarray of shape (n_freqs, n_pops)
        Two-sided spectrum of the spikes of one neuron, Hz; the rate for Poisson spikes.
    neurons : NeuronRates, optional
        Rates of single neurons, where they differ.
    """

    nu: FloatArray
    cv: FloatArray
    nu_error: FloatArray
    cv_error: FloatArray
    frequencies: FloatArray
    spectrum: FloatArray
    neurons: NeuronRates | None = None

    def at(self, frequencies: FloatArray) -> FloatArray:
        """Return the spectrum at frequencies in Hz, shape (n_freqs, n_pops)."""
        f = np.abs(np.asarray(frequencies, dtype=np.float64))
        return np.stack([np.interp(f, self.frequencies, each) for each in self.spectrum.T], axis=-1)


def recurrent_noise(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    rules: Rules | None = None,
    seed: int = 0,
    n_rounds: int = 8,
    n_averaged: int = 12,
    n_neurons: int = 10,
    duration: float = 26.2144,
    step: float = 1e-4,
    collective: bool = False,
    check: bool = True,
) -> RecurrentNoise:
    """Return rates, CVs and spectra of neurons in the noise that such neurons make.

    Parameters
    ----------
    network : PopulationNetwork
        The network.
    point : WorkingPoint
        Its working point in white noise: the start, and the slopes of the Newton steps.
    rules : WiringRule or mapping, optional
        How synapses fall on neurons: in-degrees, weights and sources that differ and stay what
        they are make the mean input scatter, see `neuron_rates`. By default neurons are alike.
    seed : int, optional
        Seed of the driving noise; every round takes new one.
    n_rounds, n_averaged : int, optional
        Rounds before and while results are averaged.
    n_neurons : int, optional
        Neurons per population and round.
    duration : float, optional
        Simulated time of each, s.
    step : float, optional
        Time step, s. Thresholds are tested once a step, which makes rates 1 to 2 % too low with
        delta synapses, as in simulations on that grid.
    collective : bool, optional
        Whether the correlated part of the input counts. It improves CVs of stable states and
        misleads close to an oscillation, where linear response exaggerates it.
    check : bool, optional
        Whether to count growing modes first.

    Returns
    -------
    RecurrentNoise
        Means over neurons; `neurons` holds how they differ.

    Raises
    ------
    ParameterError
        The times do not hold 16 segments, or there are no rounds.
    ConvergenceError
        Rates leave the range of possible ones.

    Warns
    -----
    RegimeWarning
        A mode of the working point grows: recurrent noise is then common to all neurons and
        the result is worse than that of white noise.
    """
    n_steps = round(duration / step)
    if n_steps < 16 * SEGMENT or min(n_rounds, n_averaged, n_neurons) < 1:
        msg = (
            f"duration {duration} s holds fewer than 16 segments of {SEGMENT} steps of {step} s, "
            f"or n_rounds = {n_rounds}, n_averaged = {n_averaged}, n_neurons = {n_neurons} are "
            "not positive"
        )
        raise ParameterError(msg)
    if check:
        _warn_of_growing_modes(network, point)
    driven = _Drive.of(network, rules, n_neurons, n_steps, step)
    shared = CommonNoise.of(network, point, _bins(SEGMENT, step), step) if collective else None
    newton = np.eye(network.n_pops) - effective_connectivity(network, point, np.zeros(1))[0].real
    nu, spectrum = point.nu.copy(), np.tile(point.nu, (SEGMENT // 2 + 1, 1))
    sd = np.zeros_like(nu)
    taken: list[_Round] = []
    for k in range(n_rounds + n_averaged):
        extra = np.zeros_like(spectrum) if shared is None else shared.variance(spectrum)
        found = driven.measure(nu, sd, spectrum, extra, stream(seed, "recurrent noise", k))
        part = 1.0 if k < n_rounds else BLENDED
        nu = nu + part * np.linalg.solve(newton, found.nu - nu)
        spectrum = spectrum + part * (found.spectrum - spectrum)
        sd = sd + BLENDED * (found.sd - sd)
        if not np.all(np.isfinite(nu)) or np.any(nu > 1.0 / step):
            msg = f"rates {nu} Hz leave the possible range in round {k}"
            raise ConvergenceError(msg, nu)
        nu = np.maximum(nu, 0.0)
        taken.append(found)
    last = taken[n_rounds:]
    rates, cvs = np.array([r.nu for r in last]), np.array([r.cv for r in last])
    root = np.sqrt(len(last))
    return RecurrentNoise(
        nu=rates.mean(axis=0),
        cv=cvs.mean(axis=0),
        nu_error=rates.std(axis=0) / root,
        cv_error=cvs.std(axis=0) / root,
        frequencies=_bins(SEGMENT, step),
        spectrum=np.mean([r.spectrum for r in last], axis=0),
        neurons=None if rules is None else _spread(last),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    """What neurons show: of every population, and of every neuron, (n_neurons, n_pops)."""

    nu: FloatArray
    sd: FloatArray
    cv: FloatArray
    spectrum: FloatArray
    each_mu: FloatArray
    each_nu: FloatArray
    each_cv: FloatArray

    @classmethod
    def of(cls, populations: "list[_Round]") -> "_Round":
        """Return populations side by side, along the last axis."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.stack([getattr(p, n) for p in populations], axis=-1) for n in names))


@dataclass(frozen=True, slots=True, eq=False)
class _Drive:
    """What drives the neurons: variance of one step, by source and frequency, in V^2."""

    network: PopulationNetwork
    scatter: Scatter | None
    n_neurons: int
    n_steps: int
    step: float
    group: IntArray
    coupling: AnyArray
    external: FloatArray

    @classmethod
    def of(
        cls,
        network: PopulationNetwork,
        rules: Rules | None,
        n_neurons: int,
        n_steps: int,
        step: float,
    ) -> "_Drive":
        """Return the drive; frequency is the leading axis of `coupling` and `external`."""
        scatter = None if rules is None else Scatter.of(network, rules)
        omega = 2.0 * np.pi * np.fft.rfftfreq(n_steps, step).astype(np.float32)
        synapses, drive, tau_m = network.synapses, network.drive, network.neurons.tau_m
        # of the variance per second and Hz, tau_m^2 <J^2> K, one step in a membrane keeps
        # (step / tau_m)^2 at a bandwidth of 1 / step
        weight = variance_coupling(network) / tau_m[:, None] * step
        power = drive.J**2 * drive.rate * step
        external = np.zeros((omega.size, network.n_pops))
        for x in range(drive.n_inputs):
            external += power[:, x] / (1.0 + (omega[:, None] * drive.tau_s[:, x]) ** 2)
        coupling = weight / (1.0 + (omega[:, None, None] * synapses.tau_s) ** 2)
        cells = network.lif
        rows = np.column_stack(
            [
                cells.tau_m,
                cells.tau_ref,
                cells.V_th,
                cells.V_reset,
                drive.mu_dc,
                synapses.in_degrees * synapses.J,
                weight,
                synapses.tau_s,
                drive.rate * drive.J,
                power,
                drive.tau_s,
                *(() if scatter is None else (scatter.by_variance, scatter.by_mean_square)),
                *(() if scatter is None else (scatter.by_square_mean,)),
            ]
        )
        group = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
        return cls(network, scatter, n_neurons, n_steps, step, group, coupling, external)

    def measure(
        self,
        nu: FloatArray,
        sd: FloatArray,
        spectrum: FloatArray,
        extra: FloatArray,
        rng: np.random.Generator,
    ) -> _Round:
        """Return rates, CVs and spectra of neurons driven by those given.

        `extra` is the variance of one step from what neurons have in common, as `spectrum` of
        shape (n_freqs, n_pops).
        """
        f = _bins(self.n_steps, self.step)
        C0, common = (_refined(f, each, self.step) for each in (spectrum, extra))
        mu = mean_input(self.network, nu)
        spread = np.zeros_like(nu)
        if self.scatter is not None:
            spread = np.sqrt(self.scatter.variance(nu, sd))
        found: dict[int, _Round] = {}
        for a, g in enumerate(self.group.tolist()):
            if g not in found:
                S = np.einsum("fb,fb->f", self.coupling[:, a], C0) + self.external[:, a]
                z = self._places(rng)
                S = np.maximum(S + common[:, a], 0.0)
                found[g] = self._fire(a, mu[a] + spread[a] * z, S, rng)
        return _Round.of([found[g] for g in self.group.tolist()])

    def _places(self, rng: np.random.Generator) -> FloatArray:
        """Return where neurons lie in the scatter of their input: other quantiles every time."""
        if self.scatter is None:
            return np.zeros(self.n_neurons)
        below = np.arange(self.n_neurons) + rng.random(self.n_neurons)
        return np.asarray(ndtri(below / self.n_neurons))

    def _fire(self, a: int, mu: FloatArray, S: FloatArray, rng: np.random.Generator) -> _Round:
        """Return what neurons of population a do at mean inputs `mu`, one each."""
        cells, dt = self.network.lif, self.step
        tau_m, tau_ref = float(cells.tau_m[a]), float(cells.tau_ref[a])
        size = np.sqrt(0.5 * self.n_steps * S).astype(np.float32)
        size[0] *= np.sqrt(2.0)  # a mean has no imaginary part
        normal = rng.standard_normal((self.n_neurons, 2 * S.size), dtype=np.float32)
        noise = normal.view(np.complex64) * size
        current = scipy.fft.irfft(noise, n=self.n_steps, axis=1)
        decay = np.exp(-dt / tau_m)
        steady, pulsed = float(self.network.drive.mu_dc[a]), self.network.is_delta
        mean = (1.0 - decay) * steady + (mu - steady) * (dt / tau_m if pulsed else 1.0 - decay)
        spikes = np.empty(current.shape, dtype=np.uint8)
        skipped = self.n_steps // 16
        sums = loops.fire(
            current,
            mean,
            decay,
            round(tau_ref / dt),
            float(cells.V_th[a]),
            float(cells.V_reset[a]),
            skipped,
            spikes,
        )
        kept = spikes[:, skipped:]
        nu, spectrum = kept.mean(axis=1) / dt, _spectrum(kept, dt)
        # neurons that are alike are one neuron, long
        cv = _cv(sums if self.scatter is not None else sums.sum(axis=0, keepdims=True))
        counted = spectrum[2] / (kept.shape[1] * dt)  # variance of rates from counting alone
        return _Round(
            nu=np.asarray(kept.mean() / dt),
            sd=np.sqrt(max(float(np.var(nu)) - counted, 0.0)),
            cv=np.asarray(np.mean(cv[np.isfinite(cv)]) if np.isfinite(cv).any() else np.nan),
            spectrum=spectrum,
            each_mu=mu,
            each_nu=nu,
            each_cv=np.broadcast_to(cv, nu.shape),
        )


def _bins(n_steps: int, step: float) -> FloatArray:
    """Return the frequencies of the transform of n_steps, Hz."""
    return np.asarray(np.fft.rfftfreq(n_steps, step), dtype=np.float64)


def _refined(f: FloatArray, values: FloatArray, step: float) -> FloatArray:
    """Return columns given at the bins of a segment at the frequencies f, Hz."""
    coarse = _bins(SEGMENT, step)
    return np.stack([np.interp(f, coarse, each) for each in values.T], axis=-1)


def _spectrum(spikes: AnyArray, dt: float) -> FloatArray:
    """Return the smoothed spectrum of spikes in steps of dt (s), Hz, at the bins of a segment."""
    whole = spikes.shape[1] // SEGMENT * SEGMENT
    segments = spikes[:, :whole].reshape(-1, SEGMENT).astype(np.float32)
    window = np.hanning(SEGMENT).astype(np.float32)
    transform = scipy.fft.rfft((segments - segments.mean()) * window, axis=1)
    power = np.asarray(np.mean(np.abs(transform) ** 2, axis=0), dtype=np.float64)
    power /= np.sum(window**2) * dt
    power[:2] = power[2]  # the window leaks the mean into the lowest bins
    edge = SMOOTHED // 2
    return np.convolve(np.pad(power, edge, "edge"), np.full(SMOOTHED, 1.0 / SMOOTHED), "valid")


def _cv(sums: FloatArray) -> FloatArray:
    """Return CVs from number, sum and sum of squares of intervals; nan below LEAST_INTERVALS."""
    n = np.where(sums[:, 0] < LEAST_INTERVALS, np.nan, sums[:, 0])
    mean = sums[:, 1] / n
    return np.asarray(np.sqrt(np.maximum(sums[:, 2] / n - mean**2, 0.0)) / mean)


def _spread(rounds: list[_Round]) -> NeuronRates:
    """Return the neurons of some rounds as one population each, sorted by their input.

    Rates rise with the input: what falls is the scatter of counts.
    """
    names = ("each_mu", "each_nu", "each_cv")
    mu, nu, cv = (np.concatenate([getattr(r, n) for r in rounds]) for n in names)
    order = np.argsort(mu, axis=0, kind="stable")
    nu, cv = (np.take_along_axis(each, order, axis=0) for each in (nu, cv))
    rising = np.stack([isotonic_regression(each).x for each in nu.T], axis=-1)
    return NeuronRates(
        mean=rising.mean(axis=0),
        sd=rising.std(axis=0),
        input_sd=mu.std(axis=0),
        nu=rising,
        cv=cv,
    )


def _warn_of_growing_modes(network: PopulationNetwork, point: WorkingPoint) -> None:
    try:
        growing = count_growing_modes(network, point)
    except ConvergenceError as error:
        warn_regime(f"whether modes grow cannot be told ({error}); where they do, see below")
        return
    if growing:
        msg = (
            f"{growing} mode(s) of the working point grow: neurons fire together, and their noise "
            "is not that of single ones. CVs come out worse than in white noise; simulate"
        )
        warn_regime(msg)
