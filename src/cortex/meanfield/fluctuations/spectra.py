r"""Finite-size fluctuations of population rates in linear response.

Every neuron fires as a Poisson process around the rate that its input prescribes, so the
shot noise nu_b/N_b of each population is filtered by the network:

    C(f) = (1 - M)^-1 diag(nu/N) (1 - M)^-H,    M = M(2 pi i f),

two-sided spectra in Hz (Hz^2 per Hz); the diagonal tends to nu/N at high frequency
(Lindner, Doiron & Longtin 2005; Bos, Diesmann & Helias 2016, PLoS Comput. Biol. 12:e1005132,
Eq. 18). Excitatory and inhibitory noise stay separate: one population with the summed
coupling misses the noise that each feeds into the other.
"""

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.fluctuations.recurrent_noise import RecurrentNoise
from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.shapes import require_square
from cortex.meanfield.stability.eigenvalues import count_growing_modes
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.arrays import finite, whole
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import AnyArray, ComplexArray, FloatArray, IntArray


def response_matrix(M: ComplexArray) -> ComplexArray:
    """Return (1 - M)^-1, the response of the rates to a perturbation of each rate.

    Parameters
    ----------
    M : ndarray of shape (..., n_pops, n_pops)
        Effective connectivity ``[target, source]``, dimensionless.

    Returns
    -------
    ndarray of shape (..., n_pops, n_pops), dimensionless

    References
    ----------
    Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132.

    Examples
    --------
    >>> response_matrix(np.array([[0.5 + 0j]])).real.tolist()
    [[2.0]]
    """
    (M,) = require_square(M, "M")
    return np.asarray(np.linalg.inv(np.eye(M.shape[-1]) - M), dtype=np.complex128)


def propagator(M: ComplexArray) -> ComplexArray:
    """Return (1 - M)^-1 M, the part of the response that went through a connection.

    Parameters
    ----------
    M : ndarray of shape (..., n_pops, n_pops)
        Effective connectivity ``[target, source]``, dimensionless.

    Returns
    -------
    ndarray of shape (..., n_pops, n_pops), dimensionless

    References
    ----------
    Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132.

    Examples
    --------
    >>> propagator(np.array([[0.5 + 0j]])).real.tolist()
    [[1.0]]
    """
    (M,) = require_square(M, "M")
    return np.asarray(np.linalg.solve(np.eye(M.shape[-1]) - M, M), dtype=np.complex128)


def cross_spectra(M: ComplexArray, nu: FloatArray, sizes: IntArray) -> ComplexArray:
    """Return the cross-spectral matrix of the population-averaged rates.

    Parameters
    ----------
    M : ndarray of shape (n_freqs, n_pops, n_pops)
        Effective connectivity of a stable state at real frequencies. Whether the state is
        stable cannot be told from these: see `stability.count_growing_modes`.
    nu : ndarray of shape (n_pops,)
        Stationary rates, Hz.
    sizes : ndarray of int, shape (n_pops,)
        Neurons per population.

    Returns
    -------
    C : ndarray of shape (n_freqs, n_pops, n_pops)
        Hermitian and positive definite, Hz; two-sided in frequency.

    Raises
    ------
    ParameterError
        A rate is negative, a population empty, a value not finite, or shapes do not fit.

    References
    ----------
    Lindner, Doiron & Longtin (2005), Phys. Rev. E 72:061919; Bos, Diesmann & Helias (2016), PLoS
    Comput. Biol. 12:e1005132, eq. 18.

    Examples
    --------
    >>> uncoupled = np.zeros((1, 2, 2), dtype=complex)
    >>> cross_spectra(uncoupled, np.array([8.0, 5.0]), np.array([80, 20])).real
    array([[[0.1 , 0.  ],
            [0.  , 0.25]]])
    """
    M, rates, numbers = require_square(M, "M", nu=nu, sizes=sizes)
    if np.any(rates < 0.0) or np.any(numbers <= 0):
        msg = f"rates {nu} Hz must not be negative and sizes {sizes} must be positive"
        raise ParameterError(msg)
    return _filtered(M, rates / numbers)


def _filtered(M: ComplexArray, noise: FloatArray) -> ComplexArray:
    """Return the cross-spectra that noise of each population, (..., n_pops) in Hz, makes."""
    response = response_matrix(M)
    C: ComplexArray = (response * noise) @ np.conj(np.swapaxes(response, -1, -2))
    return C


def population_spectra(
    network: PopulationNetwork,
    point: WorkingPoint,
    frequencies: FloatArray,
    *,
    variance: bool = True,
    check: bool = True,
    noise: RecurrentNoise | None = None,
) -> ComplexArray:
    """Return the cross-spectral matrix of the population rates of a network.

    Parameters
    ----------
    network, point
        The network and its stable working point.
    frequencies : ndarray of shape (n_freqs,)
        Hz.
    variance : bool
        Whether the modulation of the input variance counts.
    check : bool
        Whether to count growing modes first. False where stability is known, or where the
        formula is wanted although a mode grows.
    noise : RecurrentNoise, optional
        Spectra of single neurons in place of those of Poisson spikes, see `recurrent_noise`.

    Returns
    -------
    C : ndarray of shape (n_freqs, n_pops, n_pops)
        Two-sided, Hz; see `cross_spectra`.

    Warns
    -----
    RegimeWarning
        The working point is unstable: its fluctuations grow and have no stationary spectrum.

    References
    ----------
    As for `cross_spectra`.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> C = population_spectra(network, point, np.array([20.0, 123.0]))
    >>> bool(C[1, 0, 0].real > C[0, 0, 0].real)
    True
    """
    if check:
        warn_if_unstable(network, point, variance=variance)
    M = effective_connectivity(network, point, frequencies, variance=variance)
    if noise is None:
        return cross_spectra(M, point.nu, network.sizes)
    return _filtered(M, (noise.at(frequencies) / network.sizes)[:, np.newaxis, :])


def warn_if_unstable(network: PopulationNetwork, point: WorkingPoint, *, variance: bool) -> None:
    """Warn of growing modes at a working point, or that they cannot be counted."""
    try:
        growing = count_growing_modes(network, point, variance=variance)
    except ConvergenceError as error:
        msg = f"the stability of the working point cannot be told ({error})"
    else:
        if growing == 0:
            return
        msg = (
            f"{growing} mode(s) of the working point grow: its fluctuations have no stationary "
            "spectrum"
        )
    msg += (
        f"; ask `leading_mode(network, point, variance={variance})` before, or simulate. "
        "check=False evaluates the formula anyway"
    )
    warn_regime(msg)


def power_spectra(C: ComplexArray) -> FloatArray:
    """Return the power spectra, Hz, shape (n_freqs, n_pops): the diagonal of `cross_spectra`.

    Parameters
    ----------
    C : ndarray of shape (n_freqs, n_pops, n_pops)
        From `cross_spectra`, Hz.

    References
    ----------
    Definition.

    Examples
    --------
    >>> power_spectra(np.diag([0.1, 0.25]).astype(complex)[None]).tolist()
    [[0.1, 0.25]]
    """
    (C,) = require_square(C, "C")
    return np.real(np.diagonal(C, axis1=-2, axis2=-1)).copy()


def coherences(C: ComplexArray) -> ComplexArray:
    """Return C_ab / sqrt(C_aa C_bb), shape of C: its modulus lies between 0 and 1.

    `C` comes from `cross_spectra`, shape (n_freqs, n_pops, n_pops); the result is nan where a
    population is silent.

    Definition.

    Examples
    --------
    >>> C = np.array([[[4.0, 1.0], [1.0, 1.0]]], dtype=complex)
    >>> coherences(C).real.tolist()
    [[[1.0, 0.5], [0.5, 1.0]]]
    """
    (C,) = require_square(C, "C")
    amplitude = np.sqrt(power_spectra(C))
    scale = amplitude[..., :, np.newaxis] * amplitude[..., np.newaxis, :]
    return np.asarray(np.divide(C, scale, out=np.full_like(C, np.nan), where=scale > 0.0))


def pooled_spectrum(C: ComplexArray, sizes: IntArray) -> FloatArray:
    """Return the spectrum, Hz, of the rate averaged over all neurons, shape (n_freqs,).

    Parameters
    ----------
    C : ndarray of shape (n_freqs, n_pops, n_pops)
        From `cross_spectra`, Hz.
    sizes : ndarray of int, shape (n_pops,)
        Neurons per population.

    References
    ----------
    Definition.

    Examples
    --------
    >>> pooled_spectrum(np.eye(2, dtype=complex)[None], np.array([80, 20])).round(2).tolist()
    [0.68]
    """
    C, numbers = require_square(C, "C", sizes=whole("sizes", sizes, 1))
    weight = numbers / np.sum(numbers)
    pooled = np.einsum("a,fab,b->f", weight, C, weight)
    return np.real(pooled)


def binned_rate_variance(
    frequencies: FloatArray, spectrum: FloatArray, shot_noise: AnyArray | float, bin_size: float
) -> FloatArray:
    """Return the variance of a population rate counted in bins, Hz^2.

    Parameters
    ----------
    frequencies : ndarray of shape (n_freqs,)
        Increasing, Hz, from zero or near it to where the spectrum is flat.
    spectrum : ndarray of shape (n_freqs, ...)
        Two-sided spectrum, Hz.
    shot_noise : float or ndarray of shape spectrum.shape[1:]
        Level nu/N of the spectrum at high frequency, Hz.
    bin_size : float
        Width of the bins, s.

    Returns
    -------
    ndarray of shape spectrum.shape[1:]
        Variance, Hz^2.

    Raises
    ------
    ParameterError
        `bin_size` is not positive, or the frequencies do not increase from >= 0 Hz.

    Notes
    -----
    Counting in bins multiplies the spectrum by sinc^2(f bin_size). The flat part is known:
    var = shot_noise/bin_size + 2 int_0^inf (spectrum - shot_noise) sinc^2(f bin_size) df.

    References
    ----------
    Wiener-Khinchin theorem.

    Examples
    --------
    >>> f = np.linspace(0.0, 1000.0, 11)
    >>> round(float(binned_rate_variance(f, np.full(11, 0.1), 0.1, 1e-3)), 9)
    100.0
    """
    f, values = finite("frequencies", frequencies), finite("spectrum", spectrum)
    if not 0.0 < bin_size < np.inf or np.any(np.diff(f) <= 0.0) or f[0] < 0.0:
        msg = f"bin_size = {bin_size} s must be positive and frequencies increasing from >= 0 Hz"
        raise ParameterError(msg)
    level = finite("shot_noise", shot_noise)
    excess = np.moveaxis(values - level, 0, -1) * np.sinc(f * bin_size) ** 2
    variance = level / bin_size + 2.0 * np.trapezoid(excess, f, axis=-1)
    return np.asarray(variance)
