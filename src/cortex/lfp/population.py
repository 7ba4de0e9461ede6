"""Population currents and the reference weighted sum from the spikes of a network.

A spike of population b reaches K_ab N_a / N_b neurons of population a on average and
injects the charge C J_ab into each. The mean current of the target neurons is therefore
a filtered spike count; the filter is a biexponential, run as two exact recursions.
"""

from collections.abc import Sequence

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.delays import delay_shares
from cortex.lfp.grid import checked_step
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.regime import warn_activity
from cortex.params.lfp import RWS, SYNAPSES, SynapseParams, WeightedSumParams
from cortex.params.network import PopulationNetwork
from cortex.typing import AnyArray, FloatArray, IntArray


def population_currents(
    steps: AnyArray,
    neurons: AnyArray,
    network: PopulationNetwork,
    *,
    dt: float,
    n_steps: int,
    targets: Sequence[str] | None = None,
    synapses: SynapseParams = SYNAPSES,
    shift: tuple[float, float] = (0.0, 0.0),
) -> SynapticCurrents:
    """Return the mean AMPA and GABA current of the target neurons.

    Parameters
    ----------
    steps, neurons : ndarray of int, shape (n_spikes,)
        Time step and neuron of each spike; neurons are numbered population by population.
    network : PopulationNetwork
        Mean in-degrees, jumps J and delays; sources with J > 0 carry AMPA, J < 0 GABA.
    dt : float
        Time step of the spikes and of the result, s.
    n_steps : int
        Length of the result.
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
        Currents at the ends of the steps, ``(step + 1) dt``, where the spikes of a step stand
        too (`cortex.spiking.Spikes`), A per neuron, from recurrent spikes alone: private
        external inputs add a constant and fluctuations of relative power 1/N. Spikes before
        step 0 are unknown, so the first few tens of milliseconds are a transient.

    Raises
    ------
    ParameterError
        Spikes outside the network or the recording, a target that is no population, a step in ms.

    Notes
    -----
    I_a(t) = sum_b C J_ab K_ab / N_b sum_spikes k(t - t_spike - d_ab), averaged over the
    targets a with weights N_a; distributed delays are rounded to steps, single ones are not.
    """
    checked_step(dt)
    counts = spike_counts(steps, neurons, network, n_steps)
    rows = target_rows(network, targets)
    share = network.sizes[rows] / network.sizes[rows].sum()
    kernels = (SynapticKernel.of(synapses.ampa), SynapticKernel.of(synapses.gaba))
    currents = np.zeros((2, n_steps))
    for a, b in np.ndindex(len(rows), network.n_pops):
        row = rows[a]
        kind = 0 if network.J[row, b] > 0.0 else 1
        charge = synapses.capacitance * network.J[row, b] * network.in_degrees[row, b]
        if charge != 0.0:
            delays = delay_shares(
                float(network.delay[row, b]),
                float(network.delay_sd[row, b]),
                network.delay_distribution,
                dt,
            )
            arriving = np.convolve(counts[b], delays.shares)[:n_steps]
            filtered = filter_counts(arriving, kernels[kind], delays.first + shift[kind], dt)
            currents[kind] += share[a] * charge / network.sizes[b] * filtered
    time = dt * np.arange(1, n_steps + 1, dtype=np.float64)
    return SynapticCurrents(time=time, ampa=currents[0], gaba=currents[1])


def population_rws(
    steps: AnyArray,
    neurons: AnyArray,
    network: PopulationNetwork,
    *,
    dt: float,
    n_steps: int,
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
    steps, neurons, network, dt, n_steps, targets, synapses
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
    """
    _warn_if_quiet(len(steps) / (network.sizes.sum() * n_steps * dt), network, targets, synapses)
    currents = population_currents(
        steps,
        neurons,
        network,
        dt=dt,
        n_steps=n_steps,
        targets=targets,
        synapses=synapses,
        shift=(weighting.delay_ampa, weighting.delay_gaba),
    )
    return currents.ampa - weighting.alpha * currents.gaba


def spike_counts(
    steps: AnyArray, neurons: AnyArray, network: PopulationNetwork, n_steps: int
) -> IntArray:
    """Return the spikes of each population and step, shape (n_pops, n_steps).

    Raises
    ------
    ParameterError
        The arrays differ in shape, or hold steps or neurons outside the network.
    """
    if np.shape(steps) != np.shape(neurons) or np.ndim(steps) != 1:
        msg = f"steps {np.shape(steps)} and neurons {np.shape(neurons)} must be 1-D, equally long"
        raise ParameterError(msg)
    for name, values, stop in (
        ("steps", steps, n_steps),
        ("neurons", neurons, int(network.first[-1])),
    ):
        if values.size and not 0 <= values.min() <= values.max() < stop:
            msg = f"{name} span {values.min()} to {values.max()}, allowed are 0 to {stop - 1}"
            raise ParameterError(msg)
    population = np.searchsorted(network.first, neurons, side="right") - 1
    flat = population.astype(np.int64) * n_steps + steps
    counts = np.bincount(flat, minlength=network.n_pops * n_steps)
    return counts.reshape(network.n_pops, n_steps)


def target_rows(network: PopulationNetwork, targets: Sequence[str] | None) -> IntArray:
    """Return the indices of the named populations, or of all with excitatory projections."""
    if targets is None:
        return np.flatnonzero(np.any(network.J > 0.0, axis=0))
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
    exciting = np.where(network.J[rows] > 0.0, network.in_degrees[rows], 0.0)
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
