"""The compiled run of a dense network with one delay and two weights, block by block.

Within a block of one delay no spike can act inside the block. So the spikes of the last
delay are counted first, into bytes, then every strip of neurons is moved through all its steps
while its state stays in the nearest cache. No ring buffer exists.

A thread owns the same range of words of every row, hence the same part of every strip: it
counts, moves and records these neurons alone, and threads meet once per block. It lists its
spikes of a step strip after strip without gaps, so that the others fetch few lines of the cache.
"""

import numpy as np
from numba import njit

from cortex._loops_gate import meet
from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_bits import planes_to_bytes, widen_counts
from cortex.spiking._loops_random import add_poisson, dither, fill_random, next_word
from cortex.spiking._loops_scan import scan
from cortex.spiking._loops_volleys import Memory, count_volley, volley_memory
from cortex.typing import AnyArray, IntArray

Thread = tuple[int, IntArray, IntArray]
"""Number of this thread; first word of each thread, and their end; the gate they meet at."""

Buffers = tuple[AnyArray, AnyArray, AnyArray, AnyArray, AnyArray, AnyArray]
"""Random numbers, excitatory and inhibitory counts, who spikes, laws, the depth of a reset."""

N_STRIPS = 8
# layout of `sizes`
N_NEURONS, N_EXC, DELAY, REFRACTORY, RATE_STEPS, DC_STEPS = range(6)
# layout of a row of `pieces`: neurons first..stop of a part of a strip share parameters `cell`
FIRST, STOP, CELL = range(3)
# layout of a row of `cells`
DECAY, THRESHOLD, RESET, J_EXC, J_INH = range(5)


@uncounted
def _move(
    V: AnyArray,
    c_exc: AnyArray,
    c_inh: AnyArray,
    cell: AnyArray,
    drive: float,
    asleep: AnyArray,
    mask: AnyArray,
) -> None:
    """V <- decay V + (J_E n_E + J_I n_I) + drive; a spike puts V far below threshold."""
    real = V.dtype.type
    decay, threshold = cell[DECAY], cell[THRESHOLD]
    j_exc, j_inh, deep = cell[J_EXC], cell[J_INH], asleep[0]
    for i in range(V.size):
        recurrent = j_exc * real(np.int32(c_exc[i])) + j_inh * real(np.int32(c_inh[i]))
        v = decay * V[i] + recurrent + drive
        hit = v >= threshold
        V[i] = deep if hit else v
        mask[i] = hit


@uncounted
def _count_arrivals(
    step: int,
    thread: Thread,
    sizes: IntArray,
    rows: AnyArray,
    recent: AnyArray,
    n_recent: AnyArray,
    ids: AnyArray,
    scratch: AnyArray,
    planes: AnyArray,
    counts: AnyArray,
    n_planes: AnyArray,
    volleys: tuple[Memory, Memory],
) -> None:
    """Count the spikes that arrive at `step`, excitatory and inhibitory sources apart."""
    slot = (step - sizes[DELAY]) % recent.shape[1]
    k, words, _ = thread
    n_exc = n_inh = 0
    for strip in range(N_STRIPS):
        for other in range(words.size - 1):
            spikes = recent[other, slot]
            for i in range(n_recent[other, slot, strip], n_recent[other, slot, strip + 1]):
                if spikes[i] < sizes[N_EXC]:
                    ids[0, n_exc] = spikes[i]
                    n_exc += 1
                else:
                    ids[1, n_inh] = spikes[i]
                    n_inh += 1
    for p in range(2):
        n = n_exc if p == 0 else n_inh
        n_planes[p] = count_volley(
            rows, np.uint64(words[k]), ids[p], n, scratch, planes[p], volleys[p]
        )
        planes_to_bytes(planes[p], n_planes[p], counts[p])


@uncounted
def _wake(slot_ids: AnyArray, first: int, pieces: IntArray, cells: AnyArray, V: AnyArray) -> None:
    """Set the neurons whose refractory time is over to their reset."""
    for j in range(slot_ids.size):
        i = slot_ids[j] - first
        for p in range(pieces.shape[0]):
            if pieces[p, FIRST] <= i < pieces[p, STOP]:
                V[i] = cells[pieces[p, CELL], RESET]


@uncounted
def _move_strip(
    strip: int,
    first: int,
    thread: Thread,
    steps: tuple[int, int],
    sizes: IntArray,
    pieces: IntArray,
    cells: AnyArray,
    drive: tuple[AnyArray, AnyArray],
    V: AnyArray,
    lanes: AnyArray,
    dithers: AnyArray,
    recent: AnyArray,
    n_recent: AnyArray,
    arrivals: tuple[AnyArray, AnyArray],
    buffers: Buffers,
) -> None:
    """Move one part of a strip, neurons from `first` on, through the steps of a block."""
    arrived, n_planes = arrivals
    random, c_exc, c_inh, mask, thresholds, asleep = buffers
    cumulative, pushes = drive
    width, n_slots = V.size, recent.shape[1]
    k = thread[0]
    lane, stop = first // 2, (first + width) // 2
    # slices of one row stay contiguous for the compiler, a slice of all rows would not
    s0, s1, s2, s3 = (
        lanes[0][lane:stop],
        lanes[1][lane:stop],
        lanes[2][lane:stop],
        lanes[3][lane:stop],
    )
    x = random.view(np.uint16)
    mask_words = mask.view(np.uint64)
    for i in range(width):  # the last strip ends before its room does
        mask[i] = 0
    for s in range(steps[1]):
        step = steps[0] + s
        waking = (step - sizes[REFRACTORY] - 1) % n_slots
        awake = recent[k, waking, n_recent[k, waking, strip] : n_recent[k, waking, strip + 1]]
        _wake(awake, first, pieces, cells, V)
        for p, counts in enumerate((c_exc, c_inh)):
            widen_counts(arrived[s, p, strip, 0], arrived[s, p, strip, 1], n_planes[s, p], counts)
        fill_random(s0, s1, s2, s3, random)
        word = next_word(dithers[strip])
        interval = min((step - 1) // sizes[RATE_STEPS], cumulative.shape[0] - 1)
        push = pushes[min((step - 1) // sizes[DC_STEPS], pushes.shape[0] - 1)]
        for p in range(pieces.shape[0]):
            lo, hi, cell = pieces[p, FIRST], pieces[p, STOP], pieces[p, CELL]
            n = dither(cumulative[interval, cell], word, thresholds)
            add_poisson(x[lo:hi], thresholds, n, c_exc[lo:hi])
            _move(
                V[lo:hi], c_exc[lo:hi], c_inh[lo:hi], cells[cell], push[cell], asleep, mask[lo:hi]
            )
        slot = step % n_slots
        before = n_recent[k, slot, strip]
        n_recent[k, slot, strip + 1] = scan(mask_words, first, recent[k, slot], before)


@uncounted
def _record(
    steps: tuple[int, int],
    thread: Thread,
    recent: AnyArray,
    n_recent: AnyArray,
    out: AnyArray,
    n_out: int,
) -> int:
    """Append (step, neuron) of a block to `out`, in time order; return the new length.

    Each thread writes some of the steps and knows the places of all.
    """
    k, words, _ = thread
    n_threads = words.size - 1
    for s in range(steps[1]):
        slot = (steps[0] + s) % recent.shape[1]
        if s * n_threads // steps[1] != k:
            for other in range(n_threads):
                n_out += n_recent[other, slot, N_STRIPS]
            continue
        for strip in range(N_STRIPS):
            for other in range(n_threads):
                for i in range(n_recent[other, slot, strip], n_recent[other, slot, strip + 1]):
                    out[0, n_out] = steps[0] + s
                    out[1, n_out] = recent[other, slot, i]
                    n_out += 1
    return n_out


@uncounted
def _run(
    span: IntArray,
    thread: Thread,
    sizes: IntArray,
    rows: AnyArray,
    pieces: tuple[IntArray, IntArray],
    cells: AnyArray,
    drive: tuple[AnyArray, AnyArray],
    V: AnyArray,
    lanes: AnyArray,
    dithers: AnyArray,
    recent: AnyArray,
    n_recent: AnyArray,
    counted: tuple[AnyArray, AnyArray, AnyArray, AnyArray, AnyArray, AnyArray],
    volleys: tuple[Memory, Memory],
    buffers: Buffers,
    out: AnyArray,
) -> int:
    """Run as `run_bits` does, in arrays made before."""
    k, words, gate = thread
    n_words, width, block = words[k + 1] - words[k], V.size // N_STRIPS, sizes[DELAY]
    planes, counts, in_bytes, n_planes, scratch, ids = counted
    n_out = n_met = 0
    while span[0] < span[1]:
        steps = (span[0], min(block, span[1] - span[0]))
        if n_out + steps[1] * sizes[N_NEURONS] > out.shape[1]:
            break
        for s in range(steps[1]):
            _count_arrivals(
                steps[0] + s,
                thread,
                sizes,
                rows,
                recent,
                n_recent,
                ids,
                scratch,
                planes,
                counts[s],
                n_planes[s],
                volleys,
            )
        for strip in range(N_STRIPS):
            first = strip * width + 8 * words[k]
            _move_strip(
                strip,
                first,
                thread,
                steps,
                sizes,
                pieces[0][pieces[1][strip] : pieces[1][strip + 1]],
                cells,
                drive,
                V[first : first + 8 * n_words],
                lanes,
                dithers,
                recent,
                n_recent,
                (in_bytes, n_planes),
                buffers,
            )
        n_met += 1
        if not meet(gate, words.size - 1, n_met):
            return n_out
        n_out = _record(steps, thread, recent, n_recent, out, n_out)
        span[0] += steps[1]
    return n_out


@njit(cache=True, nogil=True)
def run_bits(
    span: IntArray,
    thread: Thread,
    sizes: IntArray,
    rows: AnyArray,
    pieces: tuple[IntArray, IntArray],
    cells: AnyArray,
    drive: tuple[AnyArray, AnyArray],
    V: AnyArray,
    lanes: AnyArray,
    dithers: AnyArray,
    recent: AnyArray,
    n_recent: AnyArray,
    out: AnyArray,
) -> int:
    """Run from step span[0] towards span[1]; stop early when `out` could overflow.

    `drive` holds the Poisson laws and the constant pushes, both (n_intervals, n_cells, ...);
    `pieces` those of the parts of all strips, and the first of each part. `recent`, shape
    (n_threads, n_slots, room), lists the spikes of each thread in the last steps, those of strip s
    from ``n_recent[k, slot, s]`` to ``n_recent[k, slot, s + 1]``. Updates every state array and
    span[0]; returns the number of spikes in `out`, those of all threads.
    """
    k, words, _ = thread
    n_words = words[k + 1] - words[k]
    most = max(7, int(np.ceil(np.log2(sizes[N_NEURONS] + 1))), 1)
    most = (most + 3) // 4 * 4
    block = sizes[DELAY]
    planes = np.zeros((2, most, n_words), dtype=np.uint64)
    counts = np.zeros((block, 2, N_STRIPS, 2, n_words), dtype=np.uint64)
    counted = (
        planes,
        counts,
        counts.view(np.uint8),
        np.zeros((block, 2), dtype=np.int64),
        np.zeros((8, n_words), dtype=np.uint64),
        np.empty((2, sizes[N_NEURONS] + 8), dtype=np.int32),
    )
    volleys = (
        volley_memory(sizes[N_EXC], planes[0]),
        volley_memory(sizes[N_NEURONS] - sizes[N_EXC], planes[1]),
    )
    buffers = (
        np.empty(4 * n_words, dtype=np.uint32),
        np.empty(8 * n_words, dtype=np.uint16),
        np.empty(8 * n_words, dtype=np.uint16),
        np.zeros(8 * n_words, dtype=np.uint8),
        np.empty(drive[0].shape[2], dtype=np.uint16),
        np.full(1, -1e30, dtype=V.dtype),
    )
    return _run(
        span, thread, sizes, rows, pieces, cells, drive, V, lanes, dithers, recent, n_recent,
        counted, volleys, buffers, out,
    )  # fmt: skip
