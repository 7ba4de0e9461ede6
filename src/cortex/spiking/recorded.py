"""Recorded spikes as the input of a network."""

import numpy as np
from scipy.sparse import csc_array

from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.spikes import Spikes
from cortex.spiking.receptors import group_synapses
from cortex.spiking.requests import SpikeInputs
from cortex.typing import IntArray
from cortex.units import whole_steps


def recorded_inputs(
    spikes: Spikes,
    weights: csc_array,
    *,
    delay: float | csc_array,
    warm_up: float = 0.0,
) -> SpikeInputs:
    """Return the input that recorded spikes give through a weight matrix.

    Parameters
    ----------
    spikes : Spikes
        Spikes on the grid of the run, such as ``read_spikes(...).on_grid(dt)``.
    weights : sparse array of shape (n_targets, n_sources)
        Jumps, V; targets are numbered through all populations of the network, sources are the
        neurons of the spikes.
    delay : float or sparse array of the pattern of `weights`
        Transmission delay, s, multiples of the step.
    warm_up : float
        Warm-up of the run, s: the recording begins behind it.

    Returns
    -------
    SpikeInputs
        For `cortex.spiking.Inputs`. A spike of the recording acts as one of the network would
        that is found in the same step.

    Raises
    ------
    ParameterError
        Spikes off a grid, a matrix or delays that do not fit, times that are no multiples of
        the step.
    """
    matrix = csc_array(weights)
    if matrix.shape[1] != spikes.n_neurons:
        msg = f"weights {matrix.shape} (targets, sources) do not fit {spikes.n_neurons} neurons"
        raise ParameterError(msg)
    steps, sources = np.asarray(spikes.steps, dtype=np.int64), spikes.neurons
    late = _delays(matrix, delay, spikes.dt)
    number = np.diff(matrix.indptr)[sources]
    event = np.repeat(np.arange(len(spikes)), number)
    within = np.arange(len(event)) - np.repeat(np.cumsum(number) - number, number)
    synapse = matrix.indptr[sources][event] + within
    # the first update of a network is its step 1: step k of a recording is its step k + 1
    before = int(whole_steps("warm_up", warm_up, spikes.dt)[0]) + 1
    return SpikeInputs(
        steps=steps[event] + before + late[synapse],
        targets=matrix.indices[synapse].astype(np.int64),
        weights=matrix.data[synapse],
    )


def _delays(matrix: csc_array, delay: float | csc_array, dt: float) -> IntArray:
    """Return the delay of each stored synapse in steps."""
    if isinstance(delay, int | float):
        return np.full(matrix.nnz, whole_steps("delay", delay, dt)[0])
    delays = csc_array(delay)
    matrix.sort_indices()
    delays.sort_indices()
    same = delays.shape == matrix.shape and np.array_equal(delays.indptr, matrix.indptr)
    if not same or not np.array_equal(delays.indices, matrix.indices):
        msg = f"delays {delays.shape} and weights {matrix.shape} must store the same synapses"
        raise ParameterError(msg)
    return whole_steps("delay", delays.data, dt)


def check_receptor(network: PopulationNetwork, target: int, slot: int) -> None:
    """Refuse an input whose spikes would act through a receptor of another time constant.

    Explicit spikes act on the first receptor of their sign.
    """
    drive, population = network.drive, network.names[target]
    nobody = np.zeros(drive.rate.shape, dtype=np.bool_)
    groups = group_synapses(network, nobody, weighted=True)
    of_group = groups.receptor_of_group
    sign = -1 if drive.J[target, slot] < 0.0 else 1
    alike = np.flatnonzero(groups.receptor_sign[of_group] == sign)
    if np.unique(groups.receptor_sign[of_group]).size == 1:
        alike = np.array([0])
    taken = groups.tau[target, of_group[alike[0]]]
    if taken != drive.tau_s[target, slot]:
        msg = (
            f"recorded spikes act on {population} through the receptor of the synapses of their "
            f"sign, tau_s = {1e3 * taken:g} ms, not one of {1e3 * drive.tau_s[target, slot]:g} "
            "ms; give the drive that receptor"
        )
        raise ParameterError(msg)
