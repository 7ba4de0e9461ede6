"""The connections from one population to another, in compressed rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_array

from cortex.arguments import guarded
from cortex.connectivity._loops_draw import transpose_rows
from cortex.errors import ParameterError
from cortex.typing import AnyArray, FloatArray, IntArray


def index_type(n: int) -> type[np.uint16 | np.int32]:
    """Return the smallest type used for indices below `n`."""
    return np.uint16 if n <= 65536 else np.int32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Compressed rows: row i holds ``partners[start[i]:start[i + 1]]``.

    Parameters
    ----------
    start : ndarray of int, shape (n_rows + 1,)
        First connection of each row.
    partners : ndarray of uint16 or int32, shape (n_connections,)
        Index of the neuron at the other end, ascending within a row.
    order : ndarray of int, shape (n_connections,)
        Position of each connection in the projection the rows were made from.
    """

    start: IntArray
    partners: AnyArray
    order: IntArray


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """Connections from `n_sources` to `n_targets` neurons, grouped by target.

    Parameters
    ----------
    n_sources, n_targets : int
        Sizes of the two populations.
    start : ndarray of int, shape (n_targets + 1,)
        First connection of each target.
    sources : ndarray of uint16 or int32, shape (n_connections,)
        Source of each connection, ascending within a target.
    weights, delays : ndarray, shape (n_connections,), optional
        Weight (unit of the model) and delay (s) of each connection; None where the
        model gives one value for all.
    same_population : bool
        Whether sources and targets are the same neurons, so that i to i is an autapse.
        Populations are told apart by name and range, never by their positions.
    rule : mapping
        What the projection was drawn by: name and switches, for provenance and for the
        law of its degrees. A part of a projection is marked as one.

    Raises
    ------
    ParameterError
        Rows, indices or columns do not fit the sizes; weights or delays that are not finite.

    Examples
    --------
    >>> p = Projection.from_pairs([0, 2, 1], [1, 1, 0], n_sources=3, n_targets=2)
    >>> p.in_degrees.tolist(), p.sources_of(1).tolist()
    ([1, 2], [0, 2])
    """

    n_sources: int
    n_targets: int
    start: IntArray
    sources: AnyArray
    weights: AnyArray | None = None
    delays: AnyArray | None = None
    same_population: bool = False
    rule: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse rows, indices and columns that do not fit the sizes."""
        n = len(self.sources)
        ends = len(self.start) == self.n_targets + 1 and (self.start[0], self.start[-1]) == (0, n)
        if not ends or np.any(np.diff(self.start) < 0):
            msg = (
                f"Projection: start has {len(self.start)} entries up to {self.start[-1:]}, needs "
                f"{self.n_targets + 1} from 0 to the {n} connections, ascending"
            )
            raise ParameterError(msg)
        check_indices("source", self.sources, self.n_sources)
        for name in ("weights", "delays"):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, _checked(name, values, n))
        if self.same_population and self.n_sources != self.n_targets:
            msg = (
                f"Projection: one population cannot have {self.n_sources} sources and "
                f"{self.n_targets} targets"
            )
            raise ParameterError(msg)

    @classmethod
    def from_pairs(
        cls,
        sources: AnyArray | list[int],
        targets: AnyArray | list[int],
        *,
        n_sources: int,
        n_targets: int,
        weights: AnyArray | list[float] | None = None,
        delays: AnyArray | list[float] | None = None,
        same_population: bool = False,
        rule: Mapping[str, Any] | None = None,
    ) -> Self:
        """Return the projection with the listed connections, in any order.

        Parameters
        ----------
        sources, targets : array_like of int, shape (n_connections,)
            The two ends of each connection.
        n_sources, n_targets : int
            Sizes of the two populations.
        weights, delays : array_like, shape (n_connections,), optional
            Weight and delay (s) of each connection, in the order of the lists.
        same_population, rule
            As in `Projection`.

        Raises
        ------
        ParameterError
            Lists differ in length or an index lies outside its population.
        """
        source, target = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
        if source.shape != target.shape or source.ndim != 1:
            msg = f"sources of shape {source.shape} and targets of shape {target.shape} must match"
            raise ParameterError(msg)
        for name, values in (("weights", weights), ("delays", delays)):
            if values is not None and np.shape(values) != source.shape:
                msg = f"{name} of shape {np.shape(values)}: needs one for each pair, {source.shape}"
                raise ParameterError(msg)
        check_indices("source", source, n_sources)
        check_indices("target", target, n_targets)
        order = np.lexsort((source, target))
        return cls(
            n_sources=n_sources,
            n_targets=n_targets,
            start=row_starts(np.bincount(target, minlength=n_targets)),
            sources=source[order].astype(index_type(n_sources)),
            weights=None if weights is None else np.asarray(weights)[order],
            delays=None if delays is None else np.asarray(delays)[order],
            same_population=same_population,
            rule=rule or {"name": "explicit"},
        )

    @property
    def n_connections(self) -> int:
        """Number of connections, repeats counted."""
        return len(self.sources)

    @property
    def n_bytes(self) -> int:
        """Memory of the connections, B."""
        arrays = (self.start, self.sources, self.weights, self.delays)
        return sum(array.nbytes for array in arrays if array is not None)

    @property
    def in_degrees(self) -> IntArray:
        """Number of connections per target, shape (n_targets,)."""
        return np.diff(self.start)

    @property
    def out_degrees(self) -> IntArray:
        """Number of connections per source, shape (n_sources,)."""
        return np.bincount(self.sources, minlength=self.n_sources)

    @property
    def targets(self) -> AnyArray:
        """Target of each connection, shape (n_connections,)."""
        index = np.arange(self.n_targets, dtype=index_type(self.n_targets))
        return np.repeat(index, self.in_degrees)

    @property
    def n_autapses(self) -> int:
        """Number of connections of a neuron onto itself."""
        return int(np.sum(self.sources == self.targets)) if self.same_population else 0

    def sources_of(self, target: int) -> AnyArray:
        """Return the sources of one target, ascending; a view."""
        return self.sources[self.start[target] : self.start[target + 1]]

    def by_source(self, *, with_order: bool = True) -> Rows:
        """Return the connections grouped by source, targets ascending.

        Parameters
        ----------
        with_order : bool
            Whether to keep where each connection came from, to carry weights and
            delays along: ``projection.weights[rows.order]``. Costs 8 B a connection.
        """
        start = np.zeros(self.n_sources + 1, dtype=np.int64)
        targets = np.empty(self.n_connections, dtype=index_type(self.n_targets))
        order = np.empty(self.n_connections if with_order else 0, dtype=np.int64)
        transpose_rows(self.start, self.sources, start, targets, order)
        return Rows(start=start, partners=targets, order=order)

    def turned(self, name: str) -> "Projection":
        """Return the same pairs with sources and targets exchanged, made by the rule `name`."""
        rows = self.by_source(with_order=False)
        return Projection(
            n_sources=self.n_targets,
            n_targets=self.n_sources,
            start=rows.start,
            sources=rows.partners,
            same_population=self.same_population,
            rule={**self.rule, "name": name},
        )

    def dense(self) -> FloatArray:
        """Return the matrix ``W[target, source]``; repeats add, no weights count 1 each."""
        matrix = np.zeros((self.n_targets, self.n_sources))
        np.add.at(
            matrix, (self.targets, self.sources), 1.0 if self.weights is None else self.weights
        )
        return matrix

    def sparse(self, values: AnyArray | None = None) -> csr_array:
        """Return the sparse matrix ``[target, source]`` of weights or other values; repeats stay.

        Parameters
        ----------
        values : ndarray, shape (n_connections,), optional
            In the order of the connections; the weights, or 1 each, when not given.
        """
        data = self.weights if values is None else values
        data = np.ones(self.n_connections) if data is None else np.asarray(data, dtype=np.float64)
        shape = self.n_targets, self.n_sources
        return csr_array((data, self.sources.astype(np.int64), self.start.copy()), shape=shape)

    def incoming_sum(self) -> FloatArray:
        """Return the summed weight each target receives, shape (n_targets,)."""
        weights = None if self.weights is None else np.asarray(self.weights, dtype=np.float64)
        return np.bincount(self.targets, weights=weights, minlength=self.n_targets).astype(float)

    def where(self, keep: AnyArray) -> "Projection":
        """Return only the connections marked in `keep`, bool of shape (n_connections,).

        Their rule becomes ``{"name": "part", "of": rule}``: which law their degrees follow
        depends on what was kept.
        """
        counts = np.concatenate([[0], np.cumsum(keep, dtype=np.int64)])
        return replace(
            self,
            start=counts[self.start],
            sources=self.sources[keep],
            weights=None if self.weights is None else self.weights[keep],
            delays=None if self.delays is None else self.delays[keep],
            rule=part_of(self.rule),
        )

    def with_values(
        self, *, weights: AnyArray | None = None, delays: AnyArray | None = None
    ) -> "Projection":
        """Return the same connections with other weights or delays (None keeps the old).

        Parameters
        ----------
        weights, delays : ndarray, shape (n_connections,), optional
            Weight (unit of the model) and delay (s) of each connection.

        Raises
        ------
        ParameterError
            A shape is wrong.
        """
        return replace(
            self,
            weights=self.weights if weights is None else weights,
            delays=self.delays if delays is None else delays,
        )


def _checked(name: str, values: Any, n: int) -> AnyArray:
    """Return a column as an array of its type; refuse values that are not finite, delays < 0."""
    array = np.asarray(values)
    if array.shape != (n,) or array.dtype.kind not in "iuf":
        msg = f"Projection.{name} ({array.dtype}, {array.shape}) needs ({n},) real numbers"
        raise ParameterError(msg)
    low, high = (array.min(), array.max()) if n else (0.0, 0.0)
    if not (np.isfinite(low) and np.isfinite(high)) or (name == "delays" and low < 0.0):
        wanted = "finite and at least 0 s" if name == "delays" else "finite"
        msg = f"Projection.{name} = {low}..{high} must be {wanted}"
        raise ParameterError(msg)
    return array


def row_starts(counts: AnyArray) -> IntArray:
    """Return the first connection of each row, and their total at the end."""
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def part_of(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the rule of a part of what `rule` drew; a part of a part is a part."""
    return rule if rule.get("name") == "part" else {"name": "part", "of": dict(rule)}


def check_indices(name: str, index: AnyArray, n: int) -> None:
    """Refuse indices outside a population of `n`."""
    if index.size and not 0 <= index.min() <= index.max() < n:
        msg = f"{name} indices {index.min()}..{index.max()} leave the population of {n}"
        raise ParameterError(msg)
