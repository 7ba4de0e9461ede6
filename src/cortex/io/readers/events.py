"""From what a file says, times and ids by population, to spikes of numbered neurons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np

from cortex._loops_sort import sort_by_time
from cortex.errors import ParameterError, TableError
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray

Numbering = Literal["range", "distinct"]
SPARSE: Final = 100  # ids to a spiking neuron from which on a range of ids is none of neurons
MANY: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """Spikes of one population, as a file holds them.

    Parameters
    ----------
    times : ndarray of shape (n_spikes,)
        s.
    ids : ndarray of int, shape (n_spikes,)
        What the file calls the neuron of each spike.
    name : str, optional
        The population; None where the file names none.
    known : ndarray of int, optional
        Ids of all neurons, in their order, where the file lists them.
    first_id : int, optional
        Smallest id; None where it is the smallest that spiked.
    positions : ndarray of shape (n_neurons, n_dimensions), optional
        Places of the known neurons, m.
    """

    times: FloatArray
    ids: AnyArray
    name: str | None = None
    known: AnyArray | None = None
    first_id: int | None = 0
    positions: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """All spikes of a file.

    Parameters
    ----------
    parts : tuple of Events
        One for each population, or a single one without a name.
    start, stop : float, optional
        Interval of the recording, s, where the file says it.
    ordered : bool
        Whether the file claims the order of time; others are sorted unasked.
    """

    parts: tuple[Events, ...]
    start: float | None = None
    stop: float | None = None
    ordered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the caller says about a file; see `cortex.io.spikes.read_spikes`."""

    population: str | None = None
    populations: Mapping[str, int] | None = None
    first_id: int | None = None
    numbering: Numbering = "range"
    start: float | None = None
    stop: float | None = None
    sort: bool = False


def to_spikes(path: Path, found: Found, choice: Choice) -> Spikes:
    """Return the spikes of a file.

    Raises
    ------
    TableError
        Naming the file and what does not fit.
    """
    parts = _in_order(path, found.parts, choice)
    numbered = [_numbered(path, part, choice) for part in parts]
    sizes = {str(part.name): len(ids) for part, (_, ids) in zip(parts, numbered, strict=True)}
    if parts[0].name is None:
        sizes = dict(choice.populations or {"all": len(numbered[0][1])})
    first = np.cumsum([0, *(len(ids) for _, ids in numbered)])
    for (own, _), offset in zip(numbered, first, strict=False):
        np.add(own, own.dtype.type(offset), out=own)
    merged = len(parts) > 1
    if merged and found.ordered and not choice.sort:
        _check_order(path, parts)
    times = np.concatenate([part.times for part in parts]) if merged else parts[0].times
    neurons = np.concatenate([own for own, _ in numbered]) if merged else numbered[0][0]
    name, start, stop = parts[0].name, found.start, found.stop
    sort = choice.sort or merged or not found.ordered
    kinds = {ids.dtype for _, ids in numbered}  # whole numbers of two kinds would become doubles
    kind = kinds.pop() if len(kinds) == 1 else np.dtype(np.uint64)
    ids = np.concatenate([ids.astype(kind) for _, ids in numbered])
    places = [part.positions for part in parts if part.positions is not None]
    positions = np.concatenate(places) if len(places) == len(parts) else None
    del found, parts, numbered, own  # sorting takes as much memory again
    if sort:
        times, neurons = sort_by_time(times, neurons)
    try:
        spikes = Spikes.at(
            times,
            neurons,
            populations=sizes,
            start=start if choice.start is None else choice.start,
            stop=stop if choice.stop is None else choice.stop,
            ids=ids,
            positions=positions,
        )
    except ParameterError as error:
        msg = f"{path}: {error}"
        raise TableError(msg) from None
    return spikes if choice.population in {None, name} else spikes.of(choice.population)


def joined(path: Path, founds: Iterable[Found]) -> Found:
    """Return the spikes of several files of one recording; each part is then sorted."""
    founds = list(founds)
    names = list(dict.fromkeys(part.name for found in founds for part in found.parts))
    if None in names and len(names) > 1:
        msg = f"{path} and others: some name populations, others do not; read them one by one"
        raise TableError(msg)
    parts = []
    for name in names:
        own = [part for found in founds for part in found.parts if part.name == name]
        listed = [part.known for part in own if part.known is not None]
        if listed and len(listed) < len(own):
            msg = f"{path} and others: some list their neurons, others do not; read them one by one"
            raise TableError(msg)
        parts.append(_joined(own, listed))
    starts = [found.start for found in founds if found.start is not None]
    stops = [found.stop for found in founds if found.stop is not None]
    return Found(
        parts=tuple(parts),
        start=min(starts) if len(starts) == len(founds) else None,
        stop=max(stops) if len(stops) == len(founds) else None,
        ordered=False,
    )


def _joined(own: list[Events], listed: list[AnyArray]) -> Events:
    """Return one population of several files; neurons of one id are the same neuron."""
    whole = replace(
        own[0],
        times=np.concatenate([part.times for part in own]),
        ids=np.concatenate([part.ids for part in own]),
    )
    if all(np.array_equal(listed[0], each) for each in listed[1:]):
        return whole
    known, first = np.unique(np.concatenate(listed), return_index=True)
    ids = [np.searchsorted(known, each)[part.ids] for part, each in zip(own, listed, strict=True)]
    places = [part.positions for part in own if part.positions is not None]
    positions = np.concatenate(places)[first] if len(places) == len(own) else None
    return replace(whole, ids=np.concatenate(ids), known=known, positions=positions)


def _in_order(path: Path, parts: tuple[Events, ...], choice: Choice) -> tuple[Events, ...]:
    """Return the chosen parts in the order of the result."""
    names = [str(part.name) for part in parts if part.name is not None]
    if len(set(names)) < len(names) or "" in names:
        msg = f"{path}: populations {names}; each needs a name of its own"
        raise TableError(msg)
    named = dict(zip(names, parts, strict=False))
    given, one = choice.populations, choice.population
    if not named and parts:
        if one is not None and one not in (given or {}):
            msg = (
                f"{path}: population = {one!r}, but the file names none; say how its neurons are "
                f'numbered: populations={{"{one}": <number of neurons>, ...}}'
            )
            raise TableError(msg)
        return parts
    if one is not None and parts and one not in {*named, *(given or {})}:
        msg = f"{path}: no population {one!r}; the file holds {list(named)}; choose one"
        raise TableError(msg)
    silent = Events(times=np.zeros(0), ids=np.zeros(0, dtype=np.int64), name="all")
    if one is not None:
        return (named.get(one, replace(silent, name=one)),)
    unknown = [] if given is None else [name for name in named if name not in given]
    if unknown:
        msg = (
            f"{path}: populations = {list(given or ())} leave out {unknown}, which the file "
            "holds; name all, or read one: population="
        )
        raise TableError(msg)
    if given is None:
        return tuple(parts) or (silent,)
    return tuple(named.get(name, replace(silent, name=name)) for name in given)


def _numbered(path: Path, part: Events, choice: Choice) -> tuple[AnyArray, AnyArray]:
    """Return the number of each spike's neuron, and the id of each neuron."""
    given = choice.populations
    if given is not None:
        size: int | None = sum(given.values()) if part.name is None else given.get(part.name)
    else:
        size = None
    if part.known is not None:
        return _listed(path, part, size)
    if choice.numbering == "distinct":
        ids, inverse = np.unique(part.ids, return_inverse=True)
        return inverse.astype(np.int32), ids
    span = (int(part.ids.min()), int(part.ids.max())) if part.ids.size else (0, -1)
    low = part.first_id if choice.first_id is None else choice.first_id
    if low is None:
        low = span[0] if size is None else 1
    size = max(span[1] - low + 1, 0) if size is None else size
    if part.ids.size and not low <= span[0] <= span[1] < low + size:
        msg = (
            f"{path}: ids {span[0]} to {span[1]}{_of(part)}, expected {low} to {low + size - 1}; "
            "give populations= (numbers of neurons) and first_id="
        )
        raise TableError(msg)
    if size > MANY and size > SPARSE * part.ids.size:
        msg = (
            f"{path}: ids reach {span[1]}{_of(part)}, more than {SPARSE} to a spike; if they are "
            'no numbers from 0, numbering="distinct" counts the ids that spiked'
        )
        raise TableError(msg)
    neurons = part.ids.astype(np.int64, copy=False) - low if low else part.ids
    return neurons.astype(np.int32, copy=not neurons.flags.writeable), np.arange(low, low + size)


def _listed(path: Path, part: Events, size: int | None) -> tuple[AnyArray, AnyArray]:
    """Return the places of the spikes' neurons in the list of all; `ids` are such places."""
    known = np.asarray(part.known)
    if size is not None and size != len(known):
        msg = f"{path}: {len(known)} units{_of(part)}, populations= says {size}"
        raise TableError(msg)
    return part.ids.astype(np.int32), known


def _of(part: Events) -> str:
    return "" if part.name is None else f" of population {part.name!r}"


def _check_order(path: Path, parts: tuple[Events, ...]) -> None:
    for part in parts:
        late = part.times[1:] < part.times[:-1]
        if np.any(late):
            k = int(np.argmax(late))
            msg = (
                f"{path}: spike {k + 1}{_of(part)} at {part.times[k + 1]} s comes after one at "
                f"{part.times[k]} s; pass sort=True"
            )
            raise TableError(msg)
