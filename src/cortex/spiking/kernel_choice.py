"""Which of the compiled runs a network and a request fit."""

import numpy as np

from cortex.params.network import PopulationNetwork
from cortex.spiking.cells import cells_of
from cortex.spiking.drive import driven
from cortex.spiking.receptors import source_signs, used_weights, weight_of_sign
from cortex.spiking.requests import Inputs, Recorder
from cortex.typing import BoolArray

LEAST_DENSITY = 0.015  # share of joined pairs below which lists are faster


def fits_bits(network: PopulationNetwork, recording: Recorder, inputs: Inputs) -> bool:
    """Tell whether a network can run on rows of bits.

    Delta synapses, one delay and one refractory time, one excitatory and one inhibitory
    weight per target without scatter, at most one Poisson input of the excitatory weight, at
    least 1.5 % of all pairs joined (below that lists are faster), no traces, no explicit
    inputs, no neurons with parameters of their own.
    """
    synapses, neurons = network.synapses, network.neurons
    delays, delay_sd = synapses.delay[synapses.exist], synapses.delay_sd[synapses.exist]
    one_delay = delays.size > 0 and np.ptp(delays) == 0 and not np.any(delay_sd)
    space = network.space
    plain = space is None or (space.is_plain_ring and not space.has_growing_delays)
    density = network.n_synapses / float(network.sizes.sum()) ** 2
    return bool(
        network.is_plain
        and network.is_delta
        and not synapses.scatter
        and one_delay
        and plain
        and np.ptp(neurons.tau_ref) == 0
        and np.all(neurons.tau_ref < 20.0 * neurons.tau_m)
        and np.all(synapses.in_degrees == np.rint(synapses.in_degrees))
        and density >= LEAST_DENSITY
        and not recording.has_traces
        and inputs.events is None
        and inputs.neurons is None
        and _two_weights(network, driven(cells_of(network, None), inputs))
    )


def _two_weights(network: PopulationNetwork, driven: BoolArray) -> bool:
    """Whether every target hears one excitatory weight, that of its input, and one inhibitory.

    Excitatory populations must come first, and counts of the input are added to theirs.
    """
    of_sign = {sign: weight_of_sign(network, driven, sign) for sign in (1, -1)}
    signs = source_signs(network)
    recurrent = np.stack([of_sign[int(sign)] for sign in signs], axis=1)
    return bool(
        not np.any(np.diff(signs) > 0)
        and np.array_equal(used_weights(network, driven), recurrent)
        and network.drive.n_inputs <= 1
        and np.all(~driven | (of_sign[1][:, np.newaxis] == network.drive.J))
    )


def fits_lists(network: PopulationNetwork, inputs: Inputs) -> bool:
    """Tell whether a network is one of LIF neurons with delta or with exponential synapses only.

    Neurons that differ in their capacitance receive jumps of their own, which lists do not hold.
    """
    if inputs.neurons is not None and inputs.neurons.capacitance is not None:
        return False
    is_jump = network.synapses.exist & (network.synapses.tau_s == 0.0)
    is_mixed = np.any(is_jump) or np.any(network.drive.tau_s == 0.0)
    return network.is_plain and bool(network.is_delta or not is_mixed)
