"""Classes of synapses, and their weights collapsed onto the electrodes."""

from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from scipy.sparse import coo_array, coo_matrix, csc_array, issparse, sparray, spmatrix

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.lfp._loops import collapse_rows
from cortex.lfp.kernels import LONGEST, SynapticKernel
from cortex.params.arrays import finite, instance, reals
from cortex.params.lfp import RWS, WeightedSumParams
from cortex.typing import AnyArray, FloatArray, IntArray


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SynapseClass:
    """Synapses of one kernel, and how they enter the LFP.

    Parameters
    ----------
    weights : sparse array or ndarray of shape (n_targets, n_sources)
        W[target, source], signed. Times the kernel they are currents, so they are in A s if
        the kernel has the norm "area" and in A if it has "peak", "difference" or "cascade"
        (the largest current, the factor of the two exponentials, the increment of s).
    kernel : SynapticKernel
        Time course, with the norm that gives the weights their meaning.
    delay : float, or sparse array of the pattern of `weights`
        Transmission delay, s: one for all or one per synapse. Several synapses of one pair are
        several entries of both, in the same order.
    factor : float
        Factor in the weighted sum: 1 for AMPA, -alpha for GABA.
    shift : float
        Extra delay in the weighted sum, s; 6 ms for AMPA.

    Raises
    ------
    ParameterError
        Delays or a shift that cannot be seconds.
    """

    weights: sparray | spmatrix | FloatArray
    kernel: SynapticKernel
    delay: float | sparray | spmatrix = 0.0
    factor: float = 1.0
    shift: float = 0.0

    def __post_init__(self) -> None:
        """Refuse delays that cannot be seconds; take any scalar as a float."""
        if _is_common(self.delay):
            object.__setattr__(self, "delay", float(reals("delay", self.delay, "s")))
        delays = np.asarray(
            getattr(self.delay, "data", None) if issparse(self.delay) else self.delay
        )
        if delays.size and not (delays.min() >= 0.0 and delays.max() <= LONGEST):
            msg = (
                f"SynapseClass: delays span {delays.min()} to {delays.max()} s, allowed is "
                f"0 to {LONGEST} s; are they in ms?"
            )
            raise ParameterError(msg)
        if not np.isfinite(self.factor):
            msg = f"SynapseClass: factor = {self.factor} must be finite"
            raise ParameterError(msg)
        if not abs(self.shift) <= LONGEST:
            msg = f"SynapseClass: shift = {self.shift} s exceeds {LONGEST} s; is it in ms?"
            raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceRows:
    """Synapses of each source neuron, grouped by delay: one row per (source, delay).

    Rows of source j are first[j] to first[j + 1].
    """

    first: IntArray
    delay: FloatArray


def weighted_sum_classes(
    weights: sparray | spmatrix | FloatArray,
    *,
    ampa: SynapticKernel,
    gaba: SynapticKernel,
    delay: float | sparray | spmatrix,
    weighting: WeightedSumParams = RWS,
) -> tuple[SynapseClass, SynapseClass]:
    """Return the AMPA (positive) and GABA (negative) part of a signed weight matrix.

    Parameters
    ----------
    weights : sparse array or ndarray of shape (n_targets, n_sources)
        Signed weights, of any unit; zeros are dropped.
    ampa, gaba : SynapticKernel
        Time courses; both of one norm.
    delay : float or sparse array of the pattern of `weights`
        Transmission delays, s.
    weighting : WeightedSumParams
        Shifts and relative weight.

    Returns
    -------
    ampa, gaba : SynapseClass
        Weights of their own sign only, with the factors 1 and -alpha.

    Raises
    ------
    ParameterError
        Kernels of different norms, delays that cannot be seconds or are of other synapses.

    References
    ----------
    Mazzoni, Linden et al. (2015), PLoS Comput. Biol. 11:e1004584.

    Examples
    --------
    >>> from cortex.lfp.kernels import SynapticKernel
    >>> kernel = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
    >>> classes = weighted_sum_classes(
    ...     np.array([[1e-12, -2e-12]]), ampa=kernel, gaba=kernel, delay=1e-3,
    ...     weighting=WeightedSumParams(),
    ... )
    >>> [each.factor for each in classes]
    [1.0, -1.65]
    """
    for name, kernel in (("ampa", ampa), ("gaba", gaba)):
        instance(name, kernel, SynapticKernel)
    if not issparse(delay):
        delay = float(finite("delay", delay, 0))
    if ampa.norm != gaba.norm:
        msg = f"kernels of norm {ampa.norm!r} and {gaba.norm!r} give the weights two meanings"
        raise ParameterError(msg)
    matrix = _finite(_csc(weights))
    parts = []
    for sign, kernel, factor, shift in (
        (1.0, ampa, 1.0, weighting.delay_ampa),
        (-1.0, gaba, -weighting.alpha, weighting.delay_gaba),
    ):
        keep = sign * matrix.data > 0.0
        parts.append(
            SynapseClass(
                weights=_subset(matrix, keep, matrix.data),
                kernel=kernel,
                delay=_delay_subset(delay, matrix, keep),
                factor=factor,
                shift=shift,
            )
        )
    return parts[0], parts[1]


def _csc(matrix: sparray | spmatrix | FloatArray) -> csc_array:
    """Return a matrix by columns, rows ascending; entries of one pair stay apart, in order."""
    if isinstance(
        matrix, coo_array | coo_matrix
    ):  # SciPy's own conversion adds up what one pair has
        return _by_column(matrix)
    if not issparse(matrix):
        matrix = reals("weights", matrix)
    by_column = csc_array(matrix, dtype=np.float64)
    return by_column if by_column.has_sorted_indices else _by_column(by_column.tocoo())


def _finite(matrix: csc_array) -> csc_array:
    """Return weights; refuse one that is no number, which a sign would drop without a word."""
    bad = np.flatnonzero(~np.isfinite(matrix.data))
    if bad.size:
        source = int(np.searchsorted(matrix.indptr, bad[0], side="right")) - 1
        msg = (
            f"weights hold {bad.size} values that are not finite, the first from source {source} "
            f"to target {matrix.indices[bad[0]]}"
        )
        raise ParameterError(msg)
    return matrix


def _by_column(entries: coo_array | coo_matrix) -> csc_array:
    row, column = entries.coords
    order = np.lexsort((row, column))
    first = np.searchsorted(column[order], np.arange(entries.shape[1] + 1))
    data = entries.data[order].astype(np.float64)
    return csc_array((data, row[order], first), shape=entries.shape)


def _subset(pattern: csc_array, keep: AnyArray, data: FloatArray) -> csc_array:
    first = np.concatenate([[0], np.cumsum(keep)])[pattern.indptr]
    return csc_array((data[keep], pattern.indices[keep], first), pattern.shape)


def _delay_subset(
    delay: float | sparray | spmatrix, matrix: csc_array, keep: AnyArray
) -> float | sparray | spmatrix:
    if _is_common(delay):
        return float(delay)
    return _subset(matrix, keep, _delays(delay, matrix))


def _is_common(delay: object) -> TypeGuard[float]:
    """Tell whether one delay, of any scalar type, stands for all synapses."""
    return not issparse(delay) and np.asarray(delay).ndim == 0


def _delays(delay: float | sparray | spmatrix, weights: csc_array) -> FloatArray:
    """Return the delay of each stored weight, s."""
    if isinstance(delay, float | int):
        return np.full(weights.nnz, float(delay))
    matrix = _csc(delay)
    same = matrix.shape == weights.shape and np.array_equal(matrix.indptr, weights.indptr)
    if not same or not np.array_equal(matrix.indices, weights.indices):
        msg = (
            f"delay {matrix.shape} with {matrix.nnz} entries must store the same synapses as "
            f"weights {weights.shape} with {weights.nnz}"
        )
        raise ParameterError(msg)
    return matrix.data


def checked_weights(
    weights: sparray | spmatrix | FloatArray, source: IntArray, n_targets: int | None
) -> csc_array:
    """Return the weights by source; refuse shapes that do not fit spikes and amplitude."""
    matrix = _finite(_csc(weights))
    if n_targets is not None and matrix.shape[0] != n_targets:
        msg = (
            f"weights {matrix.shape} have {matrix.shape[0]} targets, the amplitudes {n_targets}; "
            "weights are W[target, source]: transposed?"
        )
        raise ParameterError(msg)
    largest = int(source.max()) if len(source) else 0
    if len(source) and (int(source.min()) < 0 or largest >= matrix.shape[1]):
        msg = (
            f"spikes come from sources {int(source.min())} to {largest}, weights have "
            f"{matrix.shape[1]}; weights are W[target, source]: transposed?"
        )
        raise ParameterError(msg)
    return matrix


def split_by_delay(
    matrix: csc_array, delay: float | sparray | spmatrix
) -> tuple[SourceRows, IntArray, IntArray, FloatArray]:
    """Return rows by (source, delay) and their synapses as (first, column, weight)."""
    n_sources = matrix.shape[1]
    first = matrix.indptr.astype(np.int64)
    if isinstance(delay, float | int):
        rows = SourceRows(first=np.arange(n_sources + 1), delay=np.full(n_sources, float(delay)))
        return rows, first, matrix.indices.astype(np.int64), matrix.data
    delays = _delays(delay, matrix)
    source = np.repeat(np.arange(n_sources), np.diff(first))
    order = np.lexsort((delays, source))
    source, delays = source[order], delays[order]
    new = np.ones(len(source), dtype=np.bool_)
    new[1:] = (np.diff(source) > 0) | (np.diff(delays) > 0.0)
    starts = np.flatnonzero(new)
    rows = SourceRows(
        first=np.searchsorted(source[starts], np.arange(n_sources + 1)), delay=delays[starts]
    )
    ends = np.concatenate([starts, [len(source)]]).astype(np.int64)
    return rows, ends, matrix.indices.astype(np.int64)[order], matrix.data[order]


def collapse(
    matrix: csc_array, delay: float | sparray | spmatrix, amplitude: FloatArray
) -> tuple[SourceRows, FloatArray]:
    """Return the rows and their weights on the electrodes, (n_rows, n_electrodes)."""
    rows, first, column, weight = split_by_delay(matrix, delay)
    on_electrodes = np.zeros((len(rows.delay), len(amplitude)))
    collapse_rows(first, column, weight, np.ascontiguousarray(amplitude.T), on_electrodes)
    return rows, on_electrodes
