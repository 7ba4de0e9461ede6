"""Population currents and the reference weighted sum from the spikes of a network.

A spike of population b reaches K_ab N_a / N_b neurons of population a on average and
injects the charge C J_ab into each. The mean current of the target neurons is therefore
a filtered spike count; the filter is a biexponential, run as two exact recursions.
"""

from collections.abc import Sequence

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.delays import pair_shares
from cortex.lfp.grid import checked_step
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.regime import warn_activity
from cortex.params.lfp import RWS, SYNAPSES, SynapseParams, WeightedSumParams
from cortex.params.network import PopulationNetwork
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray, IntArray


def population_currents(
    spikes: Spikes,
    network: PopulationNetwork,
    *,
    targets: Sequence[str] | None = None,
    synapses: SynapseParams = SYNAPSES,
    shift: tuple[float, float] = (0.0, 0.0),
) -> SynapticCurrents:
    """Return the mean AMPA and GABA current of the target neurons.

    Parameters
    ----------
    spikes : Spikes
        Spikes of the network on a grid of steps, which is that of the result.
    network : PopulationNetwork
        Mean in-degrees, jumps J and delays; sources with J > 0 carry AMPA, J < 0 GABA.
    targets : sequence of str, optional
        Populations whose currents are averaged over all their neurons; by default those
        with excitatory projections (the pyramidal cells).
    synapses : SynapseParams
        Kernels (normalised to the charge C J) and membrane capacitance.
    shift : (float, float)
        Extra delay of AMPA and GABA, s; it shifts the kernels, hence is exact.

    Returns
    -------
    SynapticCurrents
        Currents at the ends of the steps, where the spikes of a step stand too, A per neuron,
        from recurrent spikes alone: private external inputs add a constant and fluctuations of
        relative power 1/N. Spikes before step 0 are unknown, so the first few tens of
        milliseconds are a transient.

    Raises
    ------
    ParameterError
        Spikes of another number of neurons or off a grid, a target that is no population, a
        step in ms, conductances.

    Notes
    -----
    I_a(t) = sum_b C J_ab K_ab / N_b sum_spikes k(t - t_spike - d_ab), averaged over the
    targets a with weights N_a; distributed delays are rounded to steps, single ones are not.
    """
    if network.has_conductances:
        msg = (
            "currents through conductances depend on the potentials, which spikes do not tell: "
            "record them (Recorder.currents = 'population') and weight them by `traced_rws`"
        )
        raise ParameterError(msg)
    dt, n_steps = checked_step(spikes.dt) if spikes.has_grid else 0.0, spikes.n_steps
    counts = spike_counts(spikes, network)
    rows, wired = target_rows(network, targets), network.synapses
    share = network.sizes[rows] / network.sizes[rows].sum()
    kernels = (SynapticKernel.of(synapses.ampa), SynapticKernel.of(synapses.gaba))
    currents = np.zeros((2, n_steps))
    for a, b in np.ndindex(len(rows), network.n_pops):
        row = rows[a]
        kind = 0 if wired.J[row, b] > 0.0 else 1
        charge = synapses.capacitance * wired.J[row, b] * wired.in_degrees[row, b]
        if charge != 0.0:
            delays = pair_shares(network, (int(row), b), dt)
            arriving = np.convolve(counts[b], delays.shares)[:n_steps]
            filtered = filter_counts(arriving, kernels[kind], delays.first + shift[kind], dt)
            currents[kind] += share[a] * charge / network.sizes[b] * filtered
    time = spikes.start + dt * np.arange(1, n_steps + 1, dtype=np.float64)
    return SynapticCurrents(time=time, ampa=currents[0], gaba=currents[1])


def population_rws(
    spikes: Spikes,
    network: PopulationNetwork,
    *,
    targets: Sequence[str] | None = None,
    synapses: SynapseParams = SYNAPSES,
    weighting: WeightedSumParams = RWS,
) -> FloatArray:
    """Return the weighted sum of the mean currents of the target neurons.

    RWS(t) = I_AMPA(t - 6 ms) - 1.65 I_GABA(t) with signed currents, A per neuron, not
    normalised; see `population_currents` for the arguments and
    `cortex.lfp.z_score` for the explicit normalisation.

    Parameters
    ----------
    spikes, network, targets, synapses
        See `population_currents`.
    weighting : WeightedSumParams
        Delays and relative weight; the reference values by default.

    Returns
    -------
    rws : ndarray of shape (n_steps,)
        Weighted sum, A.

    Warns
    -----
    RegimeWarning
        Less than one spike arrives at a neuron within the decay of the AMPA current.

    References
    ----------
    Mazzoni, Linden et al. (2015), PLoS Comput. Biol. 11:e1004584.

    Examples
    --------
    >>> import warnings
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> spikes = Spikes.of_trains(
    ...     {"E": [[0.01]] + [[]] * 9999, "I": [[]] * 2500}, stop=0.05
    ... ).on_grid(1e-4)
    >>> with warnings.catch_warnings(action="ignore"):  # one spike is no working network
    ...     rws = population_rws(spikes, network)
    >>> bool(rws.max() > 0.0), rws.shape
    (True, (500,))
    """
    currents = population_currents(
        spikes,
        network,
        targets=targets,
        synapses=synapses,
        shift=(weighting.delay_ampa, weighting.delay_gaba),
    )
    rate = len(spikes) / (network.sizes.sum() * spikes.duration)
    _warn_if_quiet(rate, network, targets, synapses)
    return currents.ampa - weighting.alpha * currents.gaba


def traced_rws(
    exc: FloatArray, inh: FloatArray, dt: float, *, weighting: WeightedSumParams = RWS
) -> FloatArray:
    """Return the weighted sum of currents that a simulation recorded.

    Parameters
    ----------
    exc, inh : ndarray of shape (n_steps,)
        Mean excitatory and inhibitory current of the target neurons, signed, A.
    dt : float
        Step of the record, s; delays are rounded to steps.
    weighting : WeightedSumParams
        As for `population_rws`.

    Returns
    -------
    rws : ndarray of shape (n_steps,)
        Weighted sum, A; zero before the first sample is late enough.

    References
    ----------
    Mazzoni, Linden et al. (2015), PLoS Comput. Biol. 11:e1004584.

    Examples
    --------
    >>> traced_rws(np.ones(100), -np.ones(100), 1e-3)[[0, -1]].round(2).tolist()
    [1.65, 2.65]
    """
    step = checked_step(dt)
    ampa = shift_steps(np.asarray(exc), round(weighting.delay_ampa / step))
    gaba = shift_steps(np.asarray(inh), round(weighting.delay_gaba / step))
    return np.asarray(ampa - weighting.alpha * gaba)


def spike_counts(spikes: Spikes, network: PopulationNetwork) -> IntArray:
    """Return the spikes of each population and step, shape (n_pops, n_steps).

    Raises
    ------
    ParameterError
        The spikes are of another number of neurons, or lie on no grid.
    """
    if spikes.n_neurons != int(network.first[-1]):
        msg = f"spikes of {spikes.n_neurons} neurons, the network has {int(network.first[-1])}"
        raise ParameterError(msg)
    n_steps = spikes.n_steps
    population = np.searchsorted(network.first, spikes.neurons, side="right") - 1
    flat = population.astype(np.int64) * n_steps + spikes.steps
    counts = np.bincount(flat, minlength=network.n_pops * n_steps)
    return counts.reshape(network.n_pops, n_steps)


def target_rows(network: PopulationNetwork, targets: Sequence[str] | None) -> IntArray:
    """Return the indices of the named populations, or of all with excitatory projections."""
    if targets is None:
        return np.flatnonzero(np.any(network.synapses.J > 0.0, axis=0))
    unknown = [name for name in targets if name not in network.names]
    if unknown or not targets:
        msg = f"targets {list(targets)}: choose from the populations {', '.join(network.names)}"
        raise ParameterError(msg)
    return np.array([network.names.index(name) for name in targets])


def _warn_if_quiet(
    rate: float,
    network: PopulationNetwork,
    targets: Sequence[str] | None,
    synapses: SynapseParams,
) -> None:
    rows = target_rows(network, targets)
    wired = network.synapses
    exciting = np.where(wired.J[rows] > 0.0, wired.in_degrees[rows], 0.0)
    warn_activity(rate, float(exciting.sum(axis=1).mean()), synapses.ampa.tau_decay)


def filter_counts(counts: AnyArray, kernel: SynapticKernel, delay: float, dt: float) -> FloatArray:
    """Return the counts convolved with a delayed kernel, exactly, on the grid.

    Parameters
    ----------
    counts : ndarray of shape (n_steps,)
        Events at the ends of steps of `dt`; the result stands there too.
    kernel : SynapticKernel
        Response to one event.
    delay : float
        Any delay, s, also between grid points or negative.
    dt : float
        Time step, s.

    Notes
    -----
    x_n = exp(-dt/tau) x_{n-1} + exp(-lag/tau) counts_{n-m} for both exponentials, with the
    event arriving `lag` = m dt - delay before the grid point m steps later.
    """
    from scipy.signal import lfilter  # noqa: PLC0415  # slow to import, and few callers need it

    late = int(np.ceil(delay / dt - 1e-9))
    lag = max(late * dt - delay, 0.0)
    arriving = shift_steps(np.asarray(counts, dtype=np.float64), late)
    result = np.zeros(len(arriving))
    for tau, sign in ((kernel.tau_decay, 1.0), (kernel.tau_rise, -1.0)):
        if tau > 0.0:
            gain = sign * np.exp(-lag / tau)
            result += lfilter([gain], [1.0, -np.exp(-dt / tau)], arriving)
    return kernel.amplitude * result


def shift_steps(values: FloatArray, late: int) -> FloatArray:
    """Return `values` moved `late` steps to later times (axis 0), zeros filled in."""
    shifted = np.zeros_like(values)
    n = len(values)
    if abs(late) < n:
        shifted[max(late, 0) : n + min(late, 0)] = values[max(-late, 0) : n - max(late, 0)]
    return shifted
