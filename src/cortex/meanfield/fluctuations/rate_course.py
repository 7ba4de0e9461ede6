r"""Time course of the population rates while the drive changes, in linear response.

A drive that is constant within intervals is counted in the same intervals: what is predicted is
what a histogram of spikes shows. With the responses H of single populations and the effective
connectivity M of the network,

    delta nu(lambda) = (1 - M)^-1 [H_mu delta mu + H_sigma2 delta sigma^2],   lambda = c + 2 pi i f,

and the growth rate c > 0 damps what a finite grid of frequencies folds back onto its beginning.
"""

from typing import Final

import numpy as np
from scipy.fft import next_fast_len
from scipy.interpolate import AAA

from cortex.errors import ParameterError
from cortex.meanfield.fluctuations.spectra import response_matrix, warn_if_unstable
from cortex.meanfield.response.connectivity_matrix import (
    PackedResponse,
    connect,
    packed_response,
)
from cortex.meanfield.response.receptor_response import SynapticResponse
from cortex.meanfield.response.source_response import SourceResponse
from cortex.meanfield.response.transfer import LinearResponse, population_response
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import ComplexArray, FloatArray

PADDED: Final = 64  # intervals beyond twice the length of a course
Response = LinearResponse | SynapticResponse | SourceResponse

FOLDED: Final = 1e-10  # what is left of the end of a course at its beginning
IMAGES: Final = 4  # multiples of 1/interval on either side, whose weights fall with their square
FITTED: Final = 1e-12  # error of the rational functions that stand for the responses
NODES_FROM, NODES_STEP = 100.0, 0.02  # frequencies of the fit: 2 Hz apart to 100 Hz, then 2 %


def rate_course(
    network: PopulationNetwork,
    point: WorkingPoint,
    interval: float,
    *,
    rates: FloatArray | None = None,
    mu_dc: FloatArray | None = None,
    variance: bool = True,
    check: bool = True,
) -> FloatArray:
    r"""Return the population rates while the drive changes, in linear response.

    Parameters
    ----------
    network : PopulationNetwork
        The network; until the first interval its constant drive holds.
    point : WorkingPoint
        Its working point under the constant drive.
    interval : float
        Length of the intervals, s.
    rates : ndarray of shape (n_intervals, n_pops, n_inputs), optional
        Total Poisson rates in consecutive intervals, Hz, as in `cortex.spiking.Inputs`; those of
        `network.drive` when not given.
    mu_dc : ndarray of shape (n_intervals, n_pops), optional
        Constant drive R I in the same intervals, V.
    variance : bool
        Whether the modulation of the input variance counts.
    check : bool
        Whether to count growing modes first. False where stability is known, or where the
        response is wanted although a mode grows.

    Returns
    -------
    nu : ndarray of shape (n_intervals, n_pops)
        Rates averaged over each interval, Hz.

    Raises
    ------
    ParameterError
        No course is given, one has a wrong shape or is not finite, `interval` is not positive.

    Warns
    -----
    RegimeWarning
        The working point is unstable; or a rate becomes negative, so that the drive changes by
        more than linear response describes.

    Notes
    -----
    With z = lambda times the interval, the images of a frequency carry the weights

    .. math:: w_m = \Big( \frac{2 \sinh(z/2)}{z + 2 \pi i m} \Big)^2, \qquad \sum_m w_m = 1,

    from holding the drive and from averaging the rate. The sum ends smoothly at `IMAGES`; the rest
    of the weight goes to the limit of the response at high frequency. This leaves an error of some
    1e-3 of the change in the intervals next to a jump of the drive, and none in a steady state.
    What the end of a course folds back onto its beginning is damped to `FOLDED` of it by the growth
    rate, no matter how slow the modes.

    Neurons respond as in white noise. Where populations are driven unlike each other, the noise
    that the network makes moves the difference of their rates: at the state of the example, in a
    simulation, a sinusoid of the constant drive of E alone (10 Hz, 0.5 mV) gives 1.13 times the
    predicted difference of E and I; neurons in white noise give 1.00 +- 0.04 of it.

    References
    ----------
    Brunel & Hakim (1999), Neural Comput. 11:1621; Ledoux & Brunel (2011), Front. Comput. Neurosci.
    5:25 (networks in response to inputs that change in time); Lindner & Schimansky-Geier (2001),
    Phys. Rev. Lett. 86:2934 (variance). Inversion on a line of growth: Abate & Whitt (1992),
    Queueing Syst. 10:5.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> rates = np.full((200, 2, 1), 1.02 * network.drive.rate[0, 0])
    >>> nu = rate_course(network, solve_working_point(network), 1e-3, rates=rates)
    >>> nu[[0, 2, 199], 0].round(2)
    array([38.9 , 40.14, 39.07])
    """
    rate_change, dc_change = _changes(network, interval, rates, mu_dc)
    if check:
        warn_if_unstable(network, point, variance=variance)
    n_times = len(rate_change)
    n = int(next_fast_len(2 * n_times + PADDED, real=True))
    growth = -np.log(FOLDED) / (n * interval)
    damping = np.exp(-growth * interval * np.arange(n))
    # the last drives hold on, for the end of a course to see no jump
    held = np.minimum(np.arange((n + n_times) // 2), n_times - 1)
    drives = np.concatenate([rate_change.reshape(n_times, -1), dc_change], axis=1)[held]
    spectrum = np.fft.rfft(drives * damping[: held.size, np.newaxis], n, axis=0)
    lam = growth + 2j * np.pi * np.fft.rfftfreq(n, interval)
    respond = _smooth_response(network, point, growth, IMAGES / interval)
    response = _held_and_averaged(network, respond, lam, interval, variance)
    change = np.fft.irfft(np.einsum("fai,fi->fa", response, spectrum), n, axis=0)[:n_times]
    nu: FloatArray = point.nu + change / damping[:n_times, np.newaxis]
    _warn_beyond_linear(network, nu)
    return nu


def drive_response(
    network: PopulationNetwork,
    response: Response,
    *,
    variance: bool = True,
) -> ComplexArray:
    """Return the response of all rates of a network to every drive.

    Parameters
    ----------
    network : PopulationNetwork
        Connections and drives.
    response : LinearResponse, SynapticResponse or SourceResponse
        Single-neuron responses of shape (n_freqs, n_pops), as for `connect`.
    variance : bool
        As in `rate_course`.

    Returns
    -------
    ndarray of shape (n_freqs, n_pops, n_pops n_inputs + n_pops)
        Rate of each population per rate of each Poisson input (population by population, Hz/Hz),
        then per constant drive (Hz/V). The currents of exponential synapses filter the Poisson
        inputs, not the constant drive.

    References
    ----------
    Derived: linear response.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> from cortex.meanfield.response.transfer import population_response
    >>> response = population_response(network, point, np.array([20j]))
    >>> drive_response(network, response, variance=True).shape
    (1, 2, 4)
    """
    own = own_response(network, response, variance=variance)
    whole = response_matrix(connect(network, response, variance=variance).M)
    return np.asarray(whole @ own)


def own_response(
    network: PopulationNetwork,
    response: Response,
    *,
    variance: bool = True,
) -> ComplexArray:
    """Return the response of every population to its own drives alone, as `drive_response` does."""
    drive, at = network.drive, response.lam[:, np.newaxis, np.newaxis]
    if isinstance(response, SourceResponse):
        by_rate = response.H_drive
    else:
        by_mean = network.neurons.tau_m[:, np.newaxis] * drive.J
        by_rate = by_mean * response.H_mu[:, :, np.newaxis] / (1.0 + at * drive.tau_s)
    if variance and not isinstance(response, SourceResponse):
        if isinstance(response, SynapticResponse):
            H = response.H_drive
        else:
            H = response.H_sigma2[:, :, np.newaxis] / (1.0 + 0.5 * at * drive.tau_s)
        by_rate = by_rate + by_mean * drive.J * H
    each, n_inputs = np.arange(network.n_pops), drive.n_inputs
    own = np.zeros((at.size, each.size, each.size * (n_inputs + 1)), dtype=np.complex128)
    for x in range(n_inputs):
        own[:, each, each * n_inputs + x] = by_rate[:, :, x]
    own[:, each, each.size * n_inputs + each] = response.H_mu
    return own


def _held_and_averaged(
    network: PopulationNetwork,
    respond: PackedResponse,
    lam: ComplexArray,
    interval: float,
    variance: bool,
) -> ComplexArray:
    """Return the response to drives held for an interval, of rates averaged over it."""
    z = lam * interval
    held = (2.0 * np.sinh(0.5 * z)) ** 2
    highest = np.array([lam[0] + 2j * np.pi * IMAGES / interval])
    limit = own_response(network, respond(highest), variance=variance).real
    total = np.broadcast_to(limit, (lam.size, *limit.shape[1:])).astype(np.complex128)
    for m in range(-IMAGES, IMAGES + 1):
        image = z + 2j * np.pi * m
        taper = _taper(np.abs(image.imag) / (2.0 * np.pi * IMAGES))
        kept = np.flatnonzero(taper)
        response = drive_response(network, respond(image[kept] / interval), variance=variance)
        weight = (taper * held / image**2)[kept]
        total[kept] += weight[:, np.newaxis, np.newaxis] * (response - limit)
    return total


def _taper(share: FloatArray) -> FloatArray:
    """Return 1 up to a third of the highest frequency, falling smoothly to 0 there."""
    phase = np.clip(1.5 * share - 0.5, 0.0, 1.0)
    taper: FloatArray = np.where(phase < 1.0, np.cos(0.5 * np.pi * phase) ** 2, 0.0)
    return taper


def _smooth_response(
    network: PopulationNetwork, point: WorkingPoint, growth: float, highest: float
) -> PackedResponse:
    """Return the single-neuron responses on the line growth + 2 pi i f, |f| up to `highest` Hz.

    Each is smooth there: a rational function through some 300 frequencies tells it at the many
    others to `FITTED` of its largest value, in a thousandth of the time at 10 kHz and above.
    """
    if point.method == "nodes" or not network.is_plain:
        return packed_response(network, point)  # rational functions already
    n_nodes = int(np.arcsinh(highest / NODES_FROM) / NODES_STEP) + 2
    f = NODES_FROM * np.sinh(np.linspace(0.0, np.arcsinh(highest / NODES_FROM), n_nodes))
    nodes = growth + 2j * np.pi * f
    exact = population_response(network, point, nodes)
    fits = [
        [AAA(nodes, each, rtol=FITTED) if np.any(each) else np.zeros_like for each in table.T]
        for table in (exact.H_mu, exact.H_sigma2)
    ]

    def respond(lam: ComplexArray) -> LinearResponse:
        above = np.where(lam.imag < 0.0, np.conj(lam), lam)
        values = np.array([[fit(above) for fit in of_pops] for of_pops in fits])
        H = np.asarray(np.moveaxis(np.where(lam.imag < 0.0, np.conj(values), values), 2, 1))
        unknown = np.full(H.shape, np.nan, dtype=np.complex128)  # slopes, which nobody reads here
        return LinearResponse(lam, *H, *unknown)

    return respond


def _changes(
    network: PopulationNetwork,
    interval: float,
    rates: FloatArray | None,
    mu_dc: FloatArray | None,
) -> tuple[FloatArray, FloatArray]:
    """Return what the courses add to the constant drives; refuse what is none."""
    given = [np.asarray(each) for each in (rates, mu_dc) if each is not None]
    lengths = {each.shape[:1] for each in given}
    constant = (network.drive.rate, network.drive.mu_dc)
    if len(lengths) != 1 or lengths & {(), (0,)} or not interval > 0.0:
        msg = (
            f"give rates or mu_dc or both in equally many intervals, got {sorted(lengths)}, of a "
            f"positive length, got {interval} s"
        )
        raise ParameterError(msg)
    length = lengths.pop()
    changes = []
    for name, course, held in zip(("rates", "mu_dc"), (rates, mu_dc), constant, strict=True):
        values = np.broadcast_to(held, (*length, *held.shape)) if course is None else course
        if np.shape(values) != (*length, *held.shape) or not np.all(np.isfinite(values)):
            msg = f"{name} of shape {np.shape(values)} must be finite and {(*length, *held.shape)}"
            raise ParameterError(msg)
        changes.append(np.asarray(values) - held)
    return changes[0], changes[1]


def _warn_beyond_linear(network: PopulationNetwork, nu: FloatArray) -> None:
    low = nu.min(axis=0)
    if np.all(low >= 0.0):
        return
    worst = int(np.argmin(low))
    msg = (
        f"the rate of {network.names[worst]} would fall to {low[worst]:.3g} Hz: the drive changes "
        "by more than linear response describes; lower the amplitude, or simulate"
    )
    warn_regime(msg)
