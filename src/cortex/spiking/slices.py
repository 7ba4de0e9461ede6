"""Lists of targets as the compiled run reads them, and the share of neurons of each thread."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from cortex.params.network import PopulationNetwork
from cortex.spiking._loops_slices import copy_within, cut, mark_delays
from cortex.spiking.noise import N_STRIPS, strip_width
from cortex.spiking.wiring import LONGEST_DELAY, UNIT, SourceLists
from cortex.threads import shares, together
from cortex.typing import AnyArray, IntArray

WORK = 5000  # synapses at each neuron that cost as much as moving it: at some 5 Hz
NEAR = 0.125  # of a share, by which threads may differ for the sake of whole blocks or strips


def neuron_shares(network: PopulationNetwork, threads: int, blocks: IntArray) -> IntArray:
    """Return the first neuron of each thread and the end of the last, shape (threads + 1,).

    Shares are of about equal work, and fewer than asked for where neurons are few. They end with
    the blocks of targets that begin at `blocks` where that is near: a thread looks up the slices
    of every spike once per block. Else they end with strips of random numbers, one tile less.
    """
    n_slots = N_STRIPS * strip_width(int(network.sizes.sum()))
    cost = np.zeros(n_slots)
    in_degree = np.repeat(network.synapses.in_degrees.sum(axis=1), network.sizes)
    cost[: len(in_degree)] = WORK + in_degree
    units = cost.reshape(-1, UNIT).sum(axis=1)
    bounds = UNIT * shares(units, min(threads, int(np.count_nonzero(units))))
    edges = blocks if len(blocks) > 1 else n_slots // N_STRIPS * np.arange(N_STRIPS)
    for i in range(1, len(bounds) - 1):
        nearest = edges[np.argmin(np.abs(edges - bounds[i]))]
        if abs(nearest - bounds[i]) < NEAR * n_slots / (len(bounds) - 1):
            bounds[i] = nearest
    return np.unique(bounds)


def cut_lists(wiring: SourceLists, bounds: IntArray) -> tuple[AnyArray, ...]:
    """Return start, targets, weights, edges of slices, and the delays that occur, steps.

    Parameters
    ----------
    wiring : SourceLists
        Synapses; copied and put in order (by delay, then by target) only if they are not.
    bounds : ndarray of int, shape (n_threads + 1,)
        First neuron of each thread, and the end of the last.

    Returns
    -------
    start, targets, weights : ndarray
        As in `SourceLists`; weights of size 0 when there are none.
    edges : ndarray of uint32, shape (n_blocks * n_neurons, n_delays * n_threads + 1)
        Where the slices of a source in a block begin, counted from its first synapse there.
    delays : ndarray of int, shape (n_delays,)
        Delays that occur, steps, ascending.
    """
    threads = len(bounds) - 1
    start, targets = wiring.start, wiring.targets
    delays = np.zeros(0, dtype=np.uint8) if wiring.delays is None else wiring.delays
    weights = np.zeros(0) if wiring.weights is None else wiring.weights
    sources = shares(np.diff(start), threads)
    spans = list(pairwise(sources.tolist()))
    seen = np.zeros(LONGEST_DELAY + 1, dtype=np.bool_)
    seen[wiring.delay] = not delays.size
    if delays.size and not all(
        together(lambda k, _: mark_delays(spans[k], start, delays, seen), threads)
    ):
        return cut_lists(_in_order(wiring), bounds)
    occur, place_of = np.flatnonzero(seen), np.cumsum(seen) - 1
    edges = np.empty((len(start) - 1, occur.size * threads + 1), dtype=np.uint32)
    room = np.diff(np.append(wiring.blocks, bounds[-1]))
    in_blocks = np.clip(bounds - wiring.blocks[:, np.newaxis], 0, room[:, np.newaxis])
    if not all(
        together(
            lambda k, _: cut(spans[k], start, targets, delays, place_of, in_blocks, edges), threads
        )
    ):
        return cut_lists(_in_order(wiring), bounds)
    return start, targets, weights, edges, occur


def lists_of_shares(lists: tuple[AnyArray, ...], bounds: IntArray) -> list[tuple[AnyArray, ...]]:
    """Return the lists of each thread: the synapses on its own neurons, in the order of all.

    Parameters
    ----------
    lists : tuple of ndarray
        Start, targets, delays, weights as `SourceLists.arrays` returns them.
    bounds : ndarray of int, shape (n_threads + 1,)
        First neuron of each thread, and the end of the last.

    Returns
    -------
    list of tuple of ndarray
        The lists themselves for one thread; else copies that hold each synapse once.
    """
    if len(bounds) == 2:
        return [lists]
    start, parts = lists[0], lists[1:]

    def own(k: int, _: IntArray) -> tuple[AnyArray, ...]:
        span, counted = (int(bounds[k]), int(bounds[k + 1])), np.empty_like(start)
        copy_within(span, lists, (counted, *(part[:0] for part in parts)))
        n = int(counted[-1])
        copies = (counted, *(np.empty(n if part.size else 0, part.dtype) for part in parts))
        copy_within(span, lists, copies)
        return copies

    return together(own, len(bounds) - 1)


def shortest_delay(wiring: SourceLists) -> int:
    """Return the shortest delay, steps."""
    if wiring.delays is None or not len(wiring.delays):
        return wiring.delay
    return int(wiring.delays.min())


def _in_order(wiring: SourceLists) -> SourceLists:
    """Return the same lists with the synapses of each source in a block by delay, then target."""
    source = np.repeat(np.arange(len(wiring.start) - 1), np.diff(wiring.start))
    delays, weights = wiring.delays, wiring.weights
    order = np.lexsort(
        (wiring.targets, source) if delays is None else (wiring.targets, delays, source)
    )
    return replace(
        wiring,
        targets=wiring.targets[order],
        delays=None if delays is None else delays[order],
        weights=None if weights is None else weights[order],
    )
