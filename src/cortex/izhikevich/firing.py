"""How one Izhikevich cell fires under a step of current."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cortex.errors import ParameterError
from cortex.izhikevich.neuron import find_rest_loss, fold_current, hopf_current
from cortex.params.izhikevich import IzhikevichCell
from cortex.params.simulation import SimulationParams
from cortex.spiking.izhikevich.network import (
    CurrentDrive,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Scheme,
)
from cortex.spiking.requests import Inputs, Recorder
from cortex.spiking.result import SpikingRun
from cortex.spiking.simulation import simulate
from cortex.typing import BoolArray, FloatArray


def step_response(
    cell: IzhikevichCell,
    currents: FloatArray,
    duration: float,
    *,
    onset: float = 0.0,
    dt: float = 1e-4,
    scheme: Scheme = "standard",
    record: Recorder | None = None,
    inputs: Inputs | None = None,
) -> SpikingRun:
    """Return the response of one cell per current to a step that lasts to the end.

    Parameters
    ----------
    cell : IzhikevichCell
        The cell.
    currents : ndarray of shape (n,)
        Step amplitudes, A.
    duration, onset : float
        Length of the run and start of the step, s.
    dt : float
        Time step, s.
    scheme : {"standard", "reference"}
        See `IzhikevichNetwork`.
    record, inputs : Recorder, Inputs, optional
        See `cortex.spiking.simulate`.

    Raises
    ------
    SimulationError
        The step is too long, or the solution blew up.

    References
    ----------
    Definition.

    Examples
    --------
    >>> from cortex.params.izhikevich import FAST_SPIKING
    >>> run = step_response(FAST_SPIKING, np.array([0.0, 200e-12]), 0.5)
    >>> np.bincount(run.spikes.neurons, minlength=2).tolist()
    [0, 39]
    """
    currents = np.atleast_1d(np.asarray(currents, dtype=np.float64))
    network = IzhikevichNetwork(
        populations=(IzhikevichPopulation(name="cell", size=currents.size, cell=cell),),
        drives=(CurrentDrive(target="cell", amplitude=currents, start=onset),),
        scheme=scheme,
    )
    settings = SimulationParams(dt=dt, warm_up=0.0, duration=duration, precision="float64")
    return simulate(network, settings, seed=0, record=record, inputs=inputs)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FiringCurve:
    """Response to steps, each array of shape (n,).

    Parameters
    ----------
    current : ndarray
        Step amplitudes, A.
    onset_rate : ndarray
        Inverse of the first interval, Hz; 0 with fewer than two spikes.
    steady_rate : ndarray
        Inverse of the mean interval in the second half of the step, Hz; 0 with fewer than
        two spikes there.
    """

    current: FloatArray
    onset_rate: FloatArray
    steady_rate: FloatArray


def firing_curve(
    cell: IzhikevichCell,
    currents: FloatArray,
    *,
    duration: float = 4.0,
    dt: float = 1e-4,
    scheme: Scheme = "standard",
) -> FiringCurve:
    """Return onset and steady rate against the current of a step from rest.

    Parameters
    ----------
    cell : IzhikevichCell
        The cell.
    currents : ndarray of shape (n,)
        Step amplitudes, A.
    duration, dt : float
        Length of the step and time step, s.
    scheme : {"standard", "reference"}
        See `IzhikevichNetwork`.

    Raises
    ------
    SimulationError
        The step is too long, or the solution blew up.

    References
    ----------
    Definition.

    Examples
    --------
    >>> from cortex.params.izhikevich import FAST_SPIKING
    >>> curve = firing_curve(FAST_SPIKING, np.array([110e-12, 200e-12]), scheme="reference")
    >>> curve.steady_rate.round(0).tolist()
    [0.0, 75.0]
    """
    run = step_response(cell, currents, duration, dt=dt, scheme=scheme)
    trains = [run.spikes.times[run.spikes.neurons == j] for j in range(len(currents))]
    return FiringCurve(
        current=np.asarray(currents, dtype=np.float64),
        onset_rate=np.array([_rate(train[:2]) for train in trains]),
        steady_rate=np.array([_rate(train[train > 0.5 * duration]) for train in trains]),
    )


def _rate(train: FloatArray) -> float:
    return 0.0 if train.size < 2 else float((train.size - 1) / (train[-1] - train[0]))


def firing_onset(
    cell: IzhikevichCell,
    low: float,
    high: float,
    *,
    sustained: bool,
    duration: float = 4.0,
    dt: float = 1e-4,
    scheme: Scheme = "standard",
    tolerance: float = 1e-14,
) -> float:
    """Return the smallest step from rest that makes a cell fire, A.

    Parameters
    ----------
    low, high : float
        Currents that do not and do make it fire, A.
    sustained : bool
        Ask for firing in the second half of the step instead of a single spike.
    duration, dt, scheme
        Length of the step and how it is simulated.
    tolerance : float
        Width of the final bracket, A.

    Raises
    ------
    ParameterError
        The bracket is reversed or does not hold the onset, or the tolerance is not positive.
    """
    since = 0.5 * duration if sustained else 0.0

    def fires(currents: FloatArray) -> BoolArray:
        run = step_response(cell, currents, duration, dt=dt, scheme=scheme)
        return _fires_after(run, since)

    return _threshold(fires, low, high, tolerance)


def firing_offset(
    cell: IzhikevichCell,
    low: float,
    high: float,
    *,
    duration: float = 4.0,
    dt: float = 1e-4,
    scheme: Scheme = "standard",
    tolerance: float = 1e-14,
) -> float:
    """Return the smallest current that keeps a firing cell firing, A.

    The cell starts just after a spike (v = c, u = d); arguments and errors as in
    `firing_onset`.
    """

    def fires(currents: FloatArray) -> BoolArray:
        fired = Inputs(V0=np.full(currents.size, cell.c), w0=np.full(currents.size, cell.d))
        run = step_response(cell, currents, duration, dt=dt, scheme=scheme, inputs=fired)
        return _fires_after(run, 0.5 * duration)

    return _threshold(fires, low, high, tolerance)


def bistable_range(cell: IzhikevichCell, low: float, **options: Any) -> tuple[float, float]:
    """Return the currents between which rest and tonic firing coexist, A.

    Firing persists from `firing_offset` (bracketed from `low`, A) on; rest is stable up to
    the Hopf bifurcation, which is subcritical (docs/models/izhikevich.md). `options` go to
    `firing_offset`.

    Raises
    ------
    ParameterError
        The cell has no Hopf bifurcation, or fires already at `low`.

    Examples
    --------
    >>> from cortex.params.izhikevich import FAST_SPIKING
    >>> low, high = bistable_range(FAST_SPIKING, 60e-12, tolerance=1e-13)
    >>> round(low * 1e12, 1), round(high * 1e12, 1)
    (121.7, 126.0)
    """
    high = hopf_current(cell)
    return firing_offset(cell, low, high, **options), high


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Currents at which a cell changes what it does, A.

    Parameters
    ----------
    fold, hopf : float
        Closed forms.
    fold_found, hopf_found : float
        The same, found numerically.
    spike_onset, firing_onset : float
        Smallest step from rest for one spike and for lasting firing, simulated.
    firing_offset : float
        Smallest current that keeps a firing cell firing, simulated.
    """

    fold: float
    hopf: float
    fold_found: float
    hopf_found: float
    spike_onset: float
    firing_onset: float
    firing_offset: float


def find_landmarks(cell: IzhikevichCell, *, scheme: Scheme = "standard") -> Landmarks:
    """Return closed forms, their numerical counterparts and the simulated onsets of a cell.

    Onsets are the upper ends of brackets of at most 0.1 pA, for steps of 8 s.
    """
    found, fold = find_rest_loss(cell), fold_current(cell)
    bracket = (0.3 * fold, 1.1 * fold)
    options: dict[str, Any] = {"scheme": scheme, "tolerance": 1e-13, "duration": 8.0}
    return Landmarks(
        fold=fold,
        hopf=hopf_current(cell),
        fold_found=found.fold,
        hopf_found=found.hopf,
        spike_onset=firing_onset(cell, *bracket, sustained=False, **options),
        firing_onset=firing_onset(cell, *bracket, sustained=True, **options),
        firing_offset=firing_offset(cell, *bracket, **options),
    )


def _fires_after(run: SpikingRun, since: float) -> BoolArray:
    late = run.spikes.neurons[run.spikes.times > since]
    return np.bincount(late, minlength=run.spikes.n_neurons) > 0


def _threshold(
    fires: Callable[[FloatArray], BoolArray], low: float, high: float, tolerance: float
) -> float:
    """Return the current above which cells fire, 17 currents and four halvings a run."""
    if not low < high:
        msg = f"bracket from {low} A to {high} A is empty: low < high must hold"
        raise ParameterError(msg)
    if not tolerance >= 1e-12 * abs(high):
        msg = f"tolerance = {tolerance} A is finer than numbers near {high} A; at least 1e-12 of it"
        raise ParameterError(msg)
    bracket = np.array([low, high])
    while bracket[1] - bracket[0] > tolerance:
        currents = np.linspace(bracket[0], bracket[1], 17)
        firing = fires(currents)
        if firing[0] or not firing[-1]:
            msg = f"firing does not start between {low} A and {high} A; widen the bracket"
            raise ParameterError(msg)
        first = int(np.argmax(firing))
        bracket = currents[first - 1 : first + 1]
    return float(bracket[1])
