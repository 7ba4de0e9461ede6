"""LFP at the contacts of a probe among simulated cells, one signal per profile."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from cortex.lfp.amplitude import (
    amplitude_matrix,
    mazzoni_neuron,
    mazzoni_population,
    two_monopole,
)
from cortex.lfp.geometry import Sources, cell_sources, population_source
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.spikes import lfp_from_spikes
from cortex.lfp.synapses import SynapseClass
from cortex.params.lfp_study import ProbeParams
from cortex.spikes import Spikes
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProbeSignals:
    """LFP at each contact, mean removed.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_cells)
        Mazzoni profile of each cell, V per standard deviation.
    per_neuron, population : ndarray of shape (n_times, n_electrodes)
        Mazzoni profiles of the cells, and of one dipole, times weighted sums in units of
        the standard deviation of the mean weighted sum (one number for all contacts), V.
    physical : ndarray of shape (n_times, n_electrodes)
        Two monopoles per cell times its weighted sum, V.
    """

    amplitude: FloatArray
    per_neuron: FloatArray
    population: FloatArray
    physical: FloatArray


def scatter_cells(probe: ProbeParams, n_cells: int, *, rng: np.random.Generator) -> Sources:
    """Return cells with somata spread evenly in the cube of the probe, upright."""
    somata = rng.uniform(-probe.half_width, probe.half_width, (n_cells, 3))
    return cell_sources(somata, length=probe.dendrite, soma_radius=0.0)


def probe_signals(
    probe: ProbeParams,
    cells: Sources,
    spikes: Spikes,
    classes: Sequence[SynapseClass],
    *,
    at: FloatArray,
    discard: float,
) -> ProbeSignals:
    """Return the LFP of the cells at all contacts.

    Parameters
    ----------
    probe : ProbeParams
        Contacts.
    cells : Sources
        The target cells of the synapses.
    spikes, classes, at
        See `cortex.lfp.lfp_from_spikes`; classes in charges.
    discard : float
        Start left out of mean and standard deviation, s.
    """
    electrodes = probe.electrodes()
    n = len(cells.centre)
    neuron = amplitude_matrix(electrodes, cells, mazzoni_neuron)
    dipoles = amplitude_matrix(electrodes, cells, two_monopole)
    mean = np.full((1, n), 1.0 / n)
    stacked = np.vstack([neuron / n, dipoles, mean])
    signals = lfp_from_spikes(stacked, spikes, classes, at=at)
    settled = at >= at[0] + discard
    signals = signals - signals[settled].mean(axis=0)
    rws = signals[:, -1]
    std = rws[settled].std()
    whole = population_source(cells.soma, length=probe.dendrite)
    of_population = amplitude_matrix(electrodes, whole, mazzoni_population)[:, 0]
    n_electrodes = len(electrodes)
    return ProbeSignals(
        amplitude=neuron,
        per_neuron=signals[:, :n_electrodes] / std,
        population=np.outer(rws / std, of_population),
        physical=signals[:, n_electrodes:-1],
    )


def mean_current(
    charges: csc_array,
    spikes: Spikes,
    kernel: SynapticKernel,
    *,
    delay: float,
    sign: int,
    at: FloatArray,
) -> FloatArray:
    """Return the mean current of the target cells through synapses of one sign.

    Parameters
    ----------
    charges : sparse array of shape (n_targets, n_sources)
        Signed weights, see `cortex.lfp.wiring_charges`.
    spikes : Spikes
        Spikes of the sources.
    kernel : SynapticKernel
        Time course; its norm gives the weights their meaning.
    delay : float
        Transmission delay, s.
    sign : int
        1 for excitatory, -1 for inhibitory synapses.
    at : ndarray of shape (n_times,)
        Times, s.

    Returns
    -------
    ndarray of shape (n_times,)
        Signed current, A for charges and the norm "area".
    """
    chosen = charges.maximum(0.0) if sign > 0 else charges.minimum(0.0)
    synapses = SynapseClass(weights=csc_array(chosen), kernel=kernel, delay=delay)
    mean = np.full((1, charges.shape[0]), 1.0 / charges.shape[0])
    return lfp_from_spikes(mean, spikes, [synapses], at=at)[:, 0]
