"""Spikes of a simulation or a recording: one type for statistics, LFP, figures and files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike

from cortex import spike_checks as checks
from cortex.errors import ParameterError
from cortex.typing import AnyArray, FloatArray, IntArray
from cortex.units import GRID_TOLERANCE, whole_steps

Rounding = Literal["contain", "nearest"]


class Spikes:
    """Spikes of populations of neurons in order of time, over one interval of recording.

    Pass `steps`, `dt` and `n_steps` for spikes on a grid, `times` and `stop` for spikes off it;
    `steps` with `times` are exact times within known steps. Arrays are not copied: leave them
    as they are.

    Parameters
    ----------
    neurons : ndarray of int, shape (n_spikes,)
        Neuron, numbered through all populations.
    names, sizes : tuple of str, ndarray of int
        Populations and their numbers of neurons.
    steps : ndarray of int, shape (n_spikes,), optional
        Step of each spike: step k lies in ``(start + k dt, start + (k + 1) dt]``.
    dt : float
        Length of a step, s; zero off a grid.
    n_steps : int
        Recorded steps; zero off a grid.
    times : ndarray of shape (n_spikes,), optional
        Spike times, s; on a grid the end of each step by default.
    start, stop : float
        Interval of the recording, s; `stop` follows from a grid.
    ids : ndarray of shape (n_neurons,), optional
        What the source of the spikes calls each neuron.
    positions : ndarray of shape (n_neurons, n_dimensions), optional
        Places of the neurons in one to three dimensions, m.
    currents : dict of str to array, optional
        Mean currents of every population that were recorded beside, where spikes do not tell them:
        ``population``, ``time`` (s), ``exc`` and ``inh`` (R I, V). Parts of the spikes leave them.

    Raises
    ------
    ParameterError
        Spikes out of order, outside the recording, of neurons that do not exist, of times that
        are not finite; parts of other lengths or kinds.
    """

    __slots__ = (
        "_steps", "_times", "currents", "dt", "ids", "n_steps", "names", "neurons", "positions",
        "sizes", "start", "stop",
    )  # fmt: skip

    def __init__(
        self,
        *,
        neurons: AnyArray,
        names: tuple[str, ...],
        sizes: IntArray,
        steps: AnyArray | None = None,
        dt: float = 0.0,
        n_steps: int = 0,
        times: FloatArray | None = None,
        start: float = 0.0,
        stop: float | None = None,
        ids: AnyArray | None = None,
        positions: FloatArray | None = None,
        currents: dict[str, AnyArray] | None = None,
    ) -> None:
        self.neurons, self.names, self.sizes = neurons, names, sizes
        self._steps, self.dt, self.n_steps = steps, dt, n_steps
        self._times, self.start = times, start
        checks.check_interval(start, 0.0 if stop is None else stop)
        self.stop = start + n_steps * dt if stop is None else stop
        self.ids, self.positions, self.currents = ids, positions, currents
        checks.check_populations(names, sizes, ids, positions)
        checks.check_neurons(np.asarray(neurons), self.n_neurons)
        if steps is not None:
            checks.check_steps(np.asarray(steps), len(neurons), dt, n_steps)
        if steps is None or times is not None:
            checks.check_times(np.asarray(self.times), len(neurons), (start, self.stop), dt)

    def __repr__(self) -> str:
        populations = ", ".join(f"{n} ({k})" for n, k in zip(self.names, self.sizes, strict=True))
        grid = f"on steps of {self.dt:g} s" if self.has_grid else "off a grid"
        return f"<Spikes: {len(self)} of {populations} over {self.duration:g} s, {grid}>"

    def __len__(self) -> int:
        return len(self.neurons)

    @property
    def has_grid(self) -> bool:
        """Whether the spikes lie in known steps."""
        return self._steps is not None

    @property
    def steps(self) -> AnyArray:
        """Step of each spike; spikes off a grid have none."""
        if self._steps is None:
            msg = "these spikes lie on no grid; put them on one: spikes.on_grid(1e-4)"
            raise ParameterError(msg)
        return self._steps

    @property
    def times(self) -> FloatArray:
        """Spike times, s: the end of each step, start + (k + 1) dt, unless known better."""
        if self._times is not None:
            return self._times
        times: FloatArray = (self.steps + 1.0) * self.dt
        return times + self.start if self.start else times

    @property
    def clock(self) -> AnyArray:
        """Times in steps where nothing finer is known, else in s: for ratios of intervals."""
        return self.steps if self._times is None else self._times

    @property
    def duration(self) -> float:
        """Recorded time, s."""
        return self.n_steps * self.dt if self.has_grid else self.stop - self.start

    @property
    def first(self) -> IntArray:
        """First neuron of each population, and the total at the end."""
        return np.concatenate([[0], np.cumsum(self.sizes)])

    @property
    def n_neurons(self) -> int:
        """Number of neurons, silent ones included."""
        return int(np.sum(self.sizes))

    def of(self, name: str) -> "Spikes":
        """Return the spikes of one population, its neurons numbered from 0.

        Raises
        ------
        ParameterError
            There is no such population.
        """
        if name not in self.names:
            msg = f"no population {name!r}; there are {', '.join(self.names)}"
            raise ParameterError(msg)
        p = self.names.index(name)
        low, high = int(self.first[p]), int(self.first[p + 1])
        mine = (self.neurons >= low) & (self.neurons < high)
        numbers = self.neurons[mine] - self.neurons.dtype.type(low)
        return self._of_neurons(slice(low, high), mine, numbers, (name,), self.sizes[p : p + 1])

    def select(self, neurons: AnyArray) -> "Spikes":
        """Return the spikes of some neurons, given in ascending order, numbered from 0."""
        place = np.full(self.n_neurons, -1, dtype=self.neurons.dtype)
        place[neurons] = np.arange(len(neurons))
        kept = np.flatnonzero(place[self.neurons] >= 0)
        sizes = np.diff(np.searchsorted(neurons, self.first))
        return self._of_neurons(neurons, kept, place[self.neurons[kept]], self.names, sizes)

    def between(self, start: float, stop: float) -> "Spikes":
        """Return the spikes after `start` up to `stop`, s; a piece of a grid has steps of its own.

        Raises
        ------
        ParameterError
            Times that are no multiples of the step, outside the recording or out of order.
        """
        if not self.start <= start < stop <= self.stop + GRID_TOLERANCE * (self.dt or self.stop):
            msg = f"no piece {start:g} to {stop:g} s in a recording of {self.start:g} to "
            raise ParameterError(msg + f"{self.stop:g} s")
        if not self.has_grid:
            low, high = np.searchsorted(self.times, [start, stop], side="right")
            kept = slice(0 if start == self.start else low, high)  # the very start is part of it
            return Spikes(**self._neurons(kept), times=self.times[kept], start=start, stop=stop)
        ends = np.array([start, stop]) - self.start
        begin, end = whole_steps("piece of a recording", ends, self.dt)
        kept = slice(*np.searchsorted(self.steps, [begin, end]))
        return Spikes(
            **self._neurons(kept),
            steps=self.steps[kept] - self.steps.dtype.type(begin),
            times=None if self._times is None else self._times[kept],
            dt=self.dt,
            n_steps=int(end - begin),
            start=start,
        )

    def on_grid(self, dt: float, *, rounding: Rounding = "contain") -> "Spikes":
        """Return the spikes in steps of `dt`, as many as cover the recording.

        Parameters
        ----------
        dt : float
            Length of a step, s; of spikes on a grid a multiple of theirs.
        rounding : {"contain", "nearest"}
            "contain": a time t goes to the step k with start + k dt < t <= start + (k + 1) dt;
            one within 1e-6 dt above a grid point counts as on it. "nearest": to the step that
            ends nearest to t, for times in single precision. The start itself is in step 0.

        The result is in order of steps, then of neurons; the exact times are dropped.

        Raises
        ------
        ParameterError
            A step that is not positive, or no multiple of the present one.
        """
        if self.has_grid:
            every = int(whole_steps("dt", dt, self.dt, least=1)[0])
            n_steps = -(-self.n_steps // every)
            return self._gridded(self.steps // every if every > 1 else self.steps, dt, n_steps)
        if not dt > 0.0:
            msg = f"dt = {dt} s must be positive"
            raise ParameterError(msg)
        n_steps = max(int(np.ceil(self.duration / dt - GRID_TOLERANCE)), 1)
        steps = self._steps_of(dt, rounding)
        np.minimum(steps, n_steps - 1, out=steps)
        return self._gridded(steps, dt, n_steps)

    def binned(self, width: float) -> "Spikes":
        """Return the spikes in whole bins of `width` s; a rest at the end is left out.

        Bins are the steps of the result; where spikes go is said in `on_grid`.

        Raises
        ------
        ParameterError
            A width that is no multiple of the step or longer than the recording.
        """
        if self.has_grid:
            per_bin = int(whole_steps("bin width", width, self.dt, least=1)[0])
            n_bins = self.n_steps // per_bin
        else:
            n_bins = int(self.duration / width + GRID_TOLERANCE) if width > 0.0 else 0
        if n_bins == 0:
            msg = f"bin of {width:g} s is longer than the recorded {self.duration:g} s"
            raise ParameterError(msg)
        bins = self.steps // per_bin if self.has_grid else self._steps_of(width, "contain")
        kept = slice(0, int(np.searchsorted(bins, n_bins)))
        own = self._neurons(kept)
        return Spikes(**own, steps=bins[kept], dt=width, n_steps=n_bins, start=self.start)

    def mean_rates(self) -> FloatArray:
        """Return the mean rate of each population, shape (n_pops,), Hz."""
        counts = np.bincount(self.neurons, minlength=int(self.first[-1]))
        rates: FloatArray = np.add.reduceat(counts, self.first[:-1]) / (self.sizes * self.duration)
        return rates

    @staticmethod
    def joined(parts: Iterable["Spikes"]) -> "Spikes":
        """Return spikes handed out piece by piece, all on the clock of the whole, as one."""
        parts = list(parts)
        first = parts[0]
        timed = first.has_grid and first._times is None
        return Spikes(
            neurons=np.concatenate([part.neurons for part in parts]),
            names=first.names,
            sizes=first.sizes,
            steps=np.concatenate([part.steps for part in parts]) if first.has_grid else None,
            times=None if timed else np.concatenate([part.times for part in parts]),
            dt=first.dt,
            n_steps=first.n_steps,
            start=first.start,
            stop=first.stop,
            ids=first.ids,
            positions=first.positions,
        )

    @classmethod
    def at(
        cls,
        times: FloatArray,
        neurons: AnyArray,
        *,
        populations: Mapping[str, int] | None = None,
        start: float | None = None,
        stop: float | None = None,
        sort: bool = False,
        ids: AnyArray | None = None,
        positions: FloatArray | None = None,
    ) -> Self:
        """Return spikes at given times, off a grid.

        Parameters
        ----------
        times, neurons : ndarray of shape (n_spikes,)
            s, and numbers from 0 through all populations.
        populations : mapping of str to int, optional
            Numbers of neurons; by default one population ``"all"`` up to the largest number.
        start, stop : float, optional
            Interval of the recording, s; by default from 0, or the first spike if that is
            earlier, to the last spike.
        sort : bool
            Whether to sort by time; otherwise spikes out of order are refused.
        ids, positions
            See `Spikes`.

        Raises
        ------
        ParameterError
            See `Spikes`.
        """
        times, neurons = checks.as_times(times), np.asarray(neurons)
        if sort and times.ndim == 1 and np.any(times[1:] < times[:-1]):
            from cortex._loops_sort import sort_by_time  # noqa: PLC0415  # numba is slow to import

            times, neurons = sort_by_time(times.copy(), neurons.copy())
        ends = (float(times[0]), float(times[-1])) if times.size and times.ndim == 1 else (0.0, 0.0)
        if populations is None:
            populations = {"all": int(neurons.max()) + 1 if neurons.size else 0}
        return cls(
            neurons=neurons if neurons.size else neurons.astype(np.int32),
            times=times,
            names=tuple(populations),
            sizes=np.array(list(populations.values()), dtype=np.int64),
            start=min(0.0, ends[0]) if start is None else start,
            stop=max(0.0, ends[1]) if stop is None else stop,
            ids=ids,
            positions=positions,
        )

    @classmethod
    def of_trains(
        cls,
        trains: Sequence[ArrayLike] | Mapping[str, Sequence[ArrayLike]],
        *,
        start: float | None = None,
        stop: float | None = None,
    ) -> Self:
        """Return the spikes of one array of times (s) per neuron, or of such lists by population.

        `start` and `stop` as in `at`.

        Examples
        --------
        >>> Spikes.of_trains({"E": [[0.1, 0.3], []], "I": [[0.2]]}, stop=0.5)
        <Spikes: 3 of E (2), I (1) over 0.5 s, off a grid>
        """
        named = trains if isinstance(trains, Mapping) else {"all": trains}
        arrays = [checks.as_times(each) for own in named.values() for each in own]
        if any(each.ndim != 1 for each in arrays):
            msg = "each train needs to be one row of spike times (s)"
            raise ParameterError(msg)
        return cls.at(
            np.concatenate([np.zeros(0), *arrays]),
            np.repeat(np.arange(len(arrays), dtype=np.int32), [len(each) for each in arrays]),
            populations={name: len(own) for name, own in named.items()},
            start=start,
            stop=stop,
            sort=True,
        )

    def _of_neurons(
        self,
        which: AnyArray | slice,
        kept: AnyArray,
        numbers: AnyArray,
        names: tuple[str, ...],
        sizes: IntArray,
    ) -> "Spikes":
        """Return the spikes that are kept, which are those of some neurons under new numbers."""
        return Spikes(
            neurons=numbers,
            names=names,
            sizes=sizes,
            steps=None if self._steps is None else self._steps[kept],
            times=None if self._times is None else self._times[kept],
            dt=self.dt,
            n_steps=self.n_steps,
            start=self.start,
            stop=self.stop,
            ids=None if self.ids is None else self.ids[which],
            positions=None if self.positions is None else self.positions[which],
        )

    def _neurons(self, which: AnyArray | slice) -> dict[str, Any]:
        """Return the neurons of some spikes, and what belongs to all neurons."""
        names = ("names", "sizes", "ids", "positions")
        return {"neurons": self.neurons[which], **{name: getattr(self, name) for name in names}}

    def _gridded(self, steps: AnyArray, dt: float, n_steps: int) -> "Spikes":
        which: AnyArray | slice = slice(None)
        if np.any((steps[1:] == steps[:-1]) & (self.neurons[1:] < self.neurons[:-1])):
            which = np.lexsort((self.neurons, steps))
        return Spikes(
            **self._neurons(which), steps=steps[which], dt=dt, n_steps=n_steps, start=self.start
        )

    def _steps_of(self, dt: float, rounding: Rounding) -> AnyArray:
        ends = (self.times - self.start) / dt
        if rounding == "nearest":
            np.rint(ends, out=ends)
        else:
            np.ceil(np.subtract(ends, GRID_TOLERANCE, out=ends), out=ends)
        np.maximum(np.subtract(ends, 1.0, out=ends), 0.0, out=ends)
        few = ends.size == 0 or ends[-1] < np.iinfo(np.int32).max
        return ends.astype(np.int32 if few else np.int64)
