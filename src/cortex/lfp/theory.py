"""Power spectrum of the LFP proxy predicted from the cross-spectra of the population rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.population import target_rows
from cortex.meanfield.exponents import angular
from cortex.meanfield.fluctuations.recurrent_noise import RecurrentNoise
from cortex.meanfield.fluctuations.spectra import population_spectra
from cortex.meanfield.response.delays import delay_factor
from cortex.meanfield.response.spatial_profiles import space_of
from cortex.meanfield.stability.eigenvalues import leading_mode
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.moments import require_currents
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.lfp import RWS, SYNAPSES, SynapseParams, WeightedSumParams
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import ComplexArray, FloatArray

BAND: Final = (20.0, 250.0)  # Hz, around the resonance of the asynchronous state
LEAST_CV: Final = 0.3  # of inter-spike intervals; below, spikes are no Poisson noise


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictedLfp:
    """Predicted spectrum of the weighted sum, and whether it may be trusted.

    Parameters
    ----------
    one_sided : ndarray of shape (n_freqs,)
        Spectrum as estimated from recordings (twice the two-sided one), A^2/Hz per target
        neuron; nan where the working point is unstable or the neurons fire regularly.
    growth : float
        Growth rate of the leading mode, 1/s; nan when none was found.
    mode_frequency : float
        Its frequency, Hz.
    """

    one_sided: FloatArray
    growth: float
    mode_frequency: float


def predict_rws(
    network: PopulationNetwork,
    f: FloatArray,
    *,
    targets: Sequence[str] | None = None,
    synapses: SynapseParams = SYNAPSES,
    weighting: WeightedSumParams = RWS,
    formal: bool = False,
    noise: RecurrentNoise | None = None,
) -> PredictedLfp:
    """Return the LFP spectrum of a network from its parameters alone.

    Working point, its leading mode, cross-spectra of the rates in linear response (to mean
    and, for delta synapses, variance of the input), and the filters of synapses, delays and
    weighted sum.

    Parameters
    ----------
    network, f, targets, synapses, weighting
        See `rate_to_rws`; `f` in Hz, positive.
    formal : bool
        Whether to evaluate the formula although a mode grows, as the published spectra of
        the microcircuit do; meaningful only far from the frequency of that mode.
    noise : RecurrentNoise, optional
        Spectra of single neurons in place of those of Poisson spikes.

    Warns
    -----
    RegimeWarning
        The predicted CV of the intervals is below 0.3 in every population.

    References
    ----------
    Cross-spectra of Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132; weighted sum
    of Mazzoni, Linden et al. (2015).

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> found = predict_rws(network, np.array([20.0, 120.0]))
    >>> bool(found.growth < 0.0), found.one_sided.shape
    (True, (2,))
    """
    point = solve_working_point(network)
    mode = leading_mode(network, point, variance=network.is_delta)
    power = np.full(len(f), np.nan)
    cv = float(np.max(population_cv(network, point)))
    if cv < LEAST_CV:
        msg = (
            f"neurons fire regularly (CV {cv:.2f} < {LEAST_CV}): the Poisson noise of linear "
            "response is not theirs, no spectrum is predicted"
        )
        warn_regime(msg)
    elif formal or not mode.real >= 0.0:
        C = population_spectra(
            network, point, f, variance=network.is_delta, check=not formal, noise=noise
        )
        power = 2.0 * rws_spectrum(
            C, network, f, targets=targets, synapses=synapses, weighting=weighting
        )
    return PredictedLfp(
        one_sided=power, growth=float(mode.real), mode_frequency=float(mode.imag / (2.0 * np.pi))
    )


def power_ratio(f: FloatArray, above: FloatArray, below: FloatArray) -> float:
    """Return one power over another, both from 20 to 250 Hz (`BAND`).

    Parameters
    ----------
    f : ndarray of shape (n_freqs,)
        Evenly spaced frequencies, Hz.
    above, below : ndarray of shape (n_freqs,)
        Spectra of one unit.

    Returns
    -------
    float
        Ratio of the sums; nan where a spectrum is.
    """
    band = (f >= BAND[0]) & (f <= BAND[1])
    return float(above[band].sum() / below[band].sum())


def rate_to_rws(
    network: PopulationNetwork,
    f: FloatArray,
    *,
    targets: Sequence[str] | None = None,
    synapses: SynapseParams = SYNAPSES,
    weighting: WeightedSumParams = RWS,
    wave_number: float | None = None,
) -> ComplexArray:
    """Return the transfer from the rate of each population to the weighted sum.

    Parameters
    ----------
    network : PopulationNetwork
        Mean in-degrees, jumps J and delays.
    f : ndarray of shape (n_freqs,)
        Frequencies, Hz.
    targets : sequence of str, optional
        Populations whose mean current is the LFP; by default the excitatory ones.
    synapses : SynapseParams
        Kernels and membrane capacitance.
    weighting : WeightedSumParams
        Shifts and relative weight.
    wave_number : float, optional
        Angular wave number of rates that are a plane wave on a ring or sheet, 1/m; uniform rates
        when not given.

    Returns
    -------
    q : ndarray of shape (n_freqs, n_pops)
        q_b(f) = w_b sum_a (N_a/N) C J_ab K_ab k_b(f) D_ab(f) exp(-2 pi i f shift_b), A s,
        with w = 1 (AMPA) or -alpha (GABA), unit-area kernels k, and D the characteristic
        function of the delays; at a wave number that of delays and profiles together.

    Raises
    ------
    ParameterError
        A target that is no population.

    References
    ----------
    Derived: the Fourier transform of the weighted sum of Mazzoni, Linden et al. (2015).

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> rate_to_rws(network, np.array([0.0, 50.0])).shape
    (2, 2)
    """
    require_currents(network)
    rows = target_rows(network, targets)
    share = network.sizes[rows] / network.sizes[rows].sum()
    wired = network.synapses
    delays = delay_factor(f, wired.delay, wired.delay_sd, wired.delay_distribution)
    space = space_of(network, wave_number)
    delays = delays if space is None else delays * space(angular(f))[0]
    charge = synapses.capacitance * wired.J[rows] * wired.in_degrees[rows]
    shift = np.array([weighting.delay_ampa, weighting.delay_gaba])
    kernels = [SynapticKernel.of(each).spectrum(f) for each in (synapses.ampa, synapses.gaba)]
    filters = np.stack(kernels, axis=1) * np.exp(-2j * np.pi * f[:, None] * shift)
    filters *= np.array([1.0, -weighting.alpha])
    kind = (wired.J[rows] < 0.0).astype(np.int64)
    q: ComplexArray = np.einsum(
        "a,ab,fab,fab->fb", share, charge, delays[:, rows], filters[:, kind]
    )
    return q


def rws_spectrum(
    cross_spectra: ComplexArray,
    network: PopulationNetwork,
    f: FloatArray,
    *,
    targets: Sequence[str] | None = None,
    synapses: SynapseParams = SYNAPSES,
    weighting: WeightedSumParams = RWS,
) -> FloatArray:
    """Return the power spectrum of the weighted sum, S = sum_ab q_a C_ab q_b*.

    Parameters
    ----------
    cross_spectra : ndarray of shape (n_freqs, n_pops, n_pops)
        C_ab = <nu_a nu_b*> of the population rates, Hz, from
        `cortex.meanfield.fluctuations.spectra.population_spectra`.
    network, f, targets, synapses, weighting
        See `rate_to_rws`.

    Returns
    -------
    ndarray of shape (n_freqs,)
        A^2/Hz per target neuron; two-sided if the cross-spectra are, as those of
        `cortex.meanfield` (twice this for the one-sided spectra of a recording).
        Private external input of the neurons is not part of it, as in
        `cortex.lfp.population_rws`.

    Raises
    ------
    ParameterError
        Cross-spectra of another shape than frequencies and network ask.

    References
    ----------
    Derived: a linear filter of cross-spectra.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> flat = np.eye(2)[None].astype(complex)
    >>> float(rws_spectrum(flat, network, np.array([10.0]))[0] > 0.0)
    1.0
    """
    if cross_spectra.shape != (len(f), network.n_pops, network.n_pops):
        msg = (
            f"cross_spectra has shape {cross_spectra.shape}, needs "
            f"({len(f)}, {network.n_pops}, {network.n_pops})"
        )
        raise ParameterError(msg)
    q = rate_to_rws(network, f, targets=targets, synapses=synapses, weighting=weighting)
    power: FloatArray = np.einsum("fa,fab,fb->f", q, cross_spectra, q.conj()).real
    return power
