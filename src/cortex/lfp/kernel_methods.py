"""Kernels of single spikes beside the weighted sum, on one simulated network."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cortex.lfp.amplitude import amplitude_matrix, two_monopole
from cortex.lfp.convolution import convolve_kernels, population_kernels, spike_once
from cortex.lfp.geometry import Sources, cell_sources
from cortex.lfp.population import spike_counts
from cortex.lfp.spikes import lfp_from_spikes
from cortex.lfp.synapses import SynapseClass
from cortex.lfp.telenczuk import unitary_lfp
from cortex.lfp.validation import best_shift, explained_variance
from cortex.params.network import PopulationNetwork
from cortex.spikes import Spikes
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KernelComparison:
    """One recording by three methods, and the kernels behind two of them.

    Parameters
    ----------
    kernels, unitary_kernels : ndarray of shape (n_lags, n_electrodes, n_pops)
        Mean response to one spike of each population: of the weighted sum, and of the unitary
        LFPs, V.
    cells : ndarray of shape (n_times, n_electrodes)
        Weighted sum of every cell through its own synapses, V, mean removed.
    convolved, unitary : ndarray of shape (n_times, n_electrodes)
        Population rates convolved with `kernels`, and the sum of unitary LFPs, V, mean removed.
    """

    kernels: FloatArray
    unitary_kernels: FloatArray
    cells: FloatArray
    convolved: FloatArray
    unitary: FloatArray

    def scores(self, shifts: FloatArray, *, dt: float) -> dict[str, FloatArray]:
        """Return what both kernel methods explain of the weighted sum at each electrode.

        Parameters
        ----------
        shifts : ndarray of shape (n_shifts,)
            Shifts tried on the unitary LFPs, s.
        dt : float
            Step of the signals, s.

        Returns
        -------
        dict of str to ndarray of shape (n_electrodes,)
            Explained variance ``convolved``, ``unitary``, ``unitary_shifted``, and ``shift``:
            how late the unitary LFPs are at best, s.
        """
        rows = zip(self.cells.T, self.convolved.T, self.unitary.T, strict=True)
        found = []
        for cells, convolved, unitary in rows:
            plain = (explained_variance(each, cells[:, None])[0] for each in (convolved, unitary))
            shift, shifted = best_shift(unitary, cells, shifts, dt=dt)
            found.append((*plain, shifted, shift))
        names = ("convolved", "unitary", "unitary_shifted", "shift")
        return dict(zip(names, np.array(found).T, strict=True))


def compare_kernels(
    electrodes: FloatArray,
    cells: tuple[Sources, Sources],
    spikes: Spikes,
    network: PopulationNetwork,
    classes: Sequence[SynapseClass],
    *,
    lags: FloatArray,
    discard: float,
) -> KernelComparison:
    """Return the LFP of a network of pyramidal cells and interneurons by three methods.

    Parameters
    ----------
    electrodes : ndarray of shape (n_electrodes, 3)
        Contact positions, m.
    cells : (Sources, Sources)
        Pyramidal cells, the targets of `classes`, and interneurons, in the order of the network.
    spikes : Spikes
        Spikes of both populations.
    network : PopulationNetwork
        Its populations, excitatory first.
    classes : sequence of SynapseClass
        Synapses onto the pyramidal cells, in charges.
    lags : ndarray of shape (n_lags,)
        Lags of the kernels, s: 0, dt, 2 dt, ... of the spikes' own step.
    discard : float
        Start left out, s: the spikes before it are unknown.

    Returns
    -------
    KernelComparison
        Signals at the ends of the steps from `discard` on.

    Raises
    ------
    ParameterError
        Cells, synapses and spikes that do not fit each other.
    """
    at = spikes.start + spikes.dt * np.arange(1, spikes.n_steps + 1, dtype=np.float64)
    amplitude = amplitude_matrix(electrodes, cells[0], two_monopole)
    kernels = population_kernels(amplitude, classes, network.first, lags=lags)
    counts = spike_counts(spikes, network)
    somata = np.vstack([kind.soma for kind in cells])
    everyone = cell_sources(somata, soma_radius=0.0)
    excitatory = np.arange(len(somata)) < len(cells[0].centre)
    single = [
        unitary_lfp(electrodes, everyone, excitatory, spike_once(low, high), at=lags)
        for low, high in pairwise(network.first)
    ]
    signals = {
        "cells": lfp_from_spikes(amplitude, spikes, classes, at=at),
        "convolved": convolve_kernels(counts.T / spikes.dt, kernels, dt=spikes.dt),
        "unitary": unitary_lfp(electrodes, everyone, excitatory, spikes, at=at),
    }
    kept = slice(round(discard / spikes.dt), None)
    return KernelComparison(
        kernels=kernels,
        unitary_kernels=np.stack(single, axis=2) / network.sizes,
        **{name: each[kept] - each[kept].mean(axis=0) for name, each in signals.items()},
    )
