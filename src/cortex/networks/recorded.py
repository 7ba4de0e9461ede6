"""Recorded spikes as inputs of a network: the neurons that each target hears, and when."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, csr_array

from cortex.errors import ParameterError
from cortex.networks.case import NetworkCase
from cortex.params.network import PopulationNetwork
from cortex.rng import stream
from cortex.spikes import Spikes
from cortex.spiking.recorded import check_receptor, recorded_inputs
from cortex.spiking.requests import SpikeInputs, check_memory
from cortex.spiking.sources import SourceDraw, spread_in_degree
from cortex.units import GRID_TOLERANCE

PER_EVENT = 40.0  # B; step, target and weight, sorted once


def without_recorded(case: NetworkCase) -> PopulationNetwork:
    """Return the network of a case without the Poisson spikes that stand for recorded ones."""
    if not case.recorded:
        return case.network
    rate = case.network.drive.rate.copy()
    for name, slot in case.recorded:
        rate[case.network.names.index(name), slot] = 0.0
    return replace(case.network, drive=replace(case.network.drive, rate=rate))


def recorded_events(case: NetworkCase, recorded: Mapping[str, Spikes], *, seed: int) -> SpikeInputs:
    """Return the spikes that all recordings of a network send to its neurons.

    Every target hears `n_sources` distinct neurons of the recording, drawn anew for each seed.

    Parameters
    ----------
    case : NetworkCase
        The network.
    recorded : mapping of str to Spikes
        Spikes on the grid of the run, by name of the drive.
    seed : int
        Seed of the run.

    Raises
    ------
    ParameterError
        Spikes of a drive are not given, last shorter than the run, are of fewer neurons than each
        target hears, or would act through another receptor.
    """
    parts = [
        _events(case, at, _given(case, recorded, drive), seed)
        for at, (drive, _) in case.recorded.items()
    ]
    return SpikeInputs(
        steps=np.concatenate([part.steps for part in parts]),
        targets=np.concatenate([part.targets for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
    )


def _given(case: NetworkCase, recorded: Mapping[str, Spikes], drive: str) -> Spikes:
    """Return the spikes of one drive; refuse such as end before the run."""
    if drive not in recorded:
        msg = (
            f"drive.{drive} is a recording whose spikes are not given: simulate(..., "
            "recorded=cortex.io.recorded.spikes_of(case))"
        )
        raise ParameterError(msg)
    spikes, settings = recorded[drive], case.study.simulation
    wanted = settings.warm_up + settings.duration
    if spikes.duration < wanted - GRID_TOLERANCE * settings.dt:
        msg = (
            f"drive.{drive}.recording lasts {spikes.duration:g} s, the network {wanted:g} s "
            "(warm_up_s and duration_s); shorten the simulation, or give stop_s of the recording "
            "where it lasts longer than to its last spike"
        )
        raise ParameterError(msg)
    return spikes.between(spikes.start, spikes.start + wanted)


def _events(case: NetworkCase, at: tuple[str, int], spikes: Spikes, seed: int) -> SpikeInputs:
    """Return the events that one recording sends into one population."""
    network, (name, slot), (drive, each) = case.network, at, case.recorded[at]
    target = network.names.index(name)
    check_receptor(network, target, slot)
    first, size = int(network.first[target]), int(network.sizes[target])
    degrees = spread_in_degree((each.n_sources or 0.0) * case.study.scale, size)
    if degrees.max() > spikes.n_neurons:
        msg = (
            f"drive.{drive}: each neuron of {name} is to hear {degrees.max()} distinct recorded "
            f"neurons, there are {spikes.n_neurons}; lower n_sources"
        )
        raise ParameterError(msg)
    check_memory(
        PER_EVENT * len(spikes) * degrees.sum() / spikes.n_neurons, f"the input of drive.{drive}"
    )
    windows = np.tile([0, spikes.n_neurons, -1], (size, 1)).astype(np.int64)
    key = stream(seed, "recorded wiring", drive, name).integers(0, 2**64, 2, dtype=np.uint64)
    draw = SourceDraw(key, degrees, windows, spikes.n_neurons, False)
    start, sources = draw.rows(slice(0, size))
    jumps = np.full(len(sources), network.drive.J[target, slot])
    rows = np.concatenate([np.zeros(first, dtype=start.dtype), start])
    rows = np.concatenate([rows, np.full(int(network.first[-1]) - first - size, rows[-1])])
    shape = (int(network.first[-1]), spikes.n_neurons)
    weights = csc_array(csr_array((jumps, sources.astype(np.int64), rows), shape=shape))
    delay = 0.0 if each.recording is None else each.recording.delay
    return recorded_inputs(spikes, weights, delay=delay)
