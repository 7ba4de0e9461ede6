"""Single cells of any model: rates and responses in noise, firing patterns."""

from typing import Final

import numpy as np

from cortex.analysis.trains import firing_rates
from cortex.cells.adex import AdExNeurons
from cortex.cells.registry import CELLS
from cortex.meanfield.stationary.cell_inputs import CellInputs
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.base import Block
from cortex.params.cell_study import CurveParams, ModulationParams, PatternParams
from cortex.params.description.cells import model_of
from cortex.params.drive import Drive
from cortex.params.lif import Neurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.rng import child_seed
from cortex.spikes import Spikes
from cortex.spiking.requests import Inputs, PerNeuron, Recorder
from cortex.spiking.result import SpikingRun
from cortex.spiking.simulation import simulate
from cortex.steps.columns import Columns
from cortex.typing import AnyArray, FloatArray

JUMP: Final = 2e-4  # V; of the Poisson input that stands for white noise
SETTLE: Final = 0.5  # s
TRACE: Final = 2e-4  # s between samples of a potential
LEAST_INTERVALS: Final = 100  # of which a CV is taken
BETWEEN: Final = 80  # frequencies of a response in theory
ALIKE: Final = 0.02  # relative difference of intervals that are equal
ADAPTED: Final = 1.3  # steady over first interval, from which on a neuron adapts
LONGEST_CYCLE: Final = 12  # intervals after which a bursting neuron repeats itself
PATTERNS: Final = ("silent", "transient", "tonic", "adapting", "bursting", "irregular")


def in_noise(neurons: Neurons, size: int, mu_dc: FloatArray, sigma: float) -> PopulationNetwork:
    """Return uncoupled populations under white noise, one for each mean input.

    Two Poisson inputs of jumps +-0.2 mV stand for it: sigma^2 = 2 tau_m J^2 rate.
    """
    n = mu_dc.size
    rate = sigma**2 / (2.0 * float(np.ravel(neurons.tau_m)[0]) * JUMP**2)
    return PopulationNetwork(
        names=tuple(f"P{k:03d}" for k in range(n)),
        sizes=np.full(n, size),
        neurons=neurons,
        synapses=Synapses(in_degrees=0.0, J=0.0, tau_s=0.0, delay=1e-3),
        drive=Drive(rate=[rate, rate], J=[JUMP, -JUMP], tau_s=0.0, mu_dc=mu_dc),
    )


def rate_curve(neuron: Block, params: CurveParams, *, seed: int) -> Columns:
    """Return rate and CV of one cell over the mean input, predicted and simulated.

    Parameters
    ----------
    neuron : Block
        A neuron of `cortex.cells`.
    params : CurveParams
        Inputs, neurons and duration.
    seed : int
        Seed of the study.

    Returns
    -------
    dict
        ``mu``, ``nu``, ``cv``, ``nu_seen``, ``cv_seen`` (of the intervals of all neurons together),
        ``se`` (standard error of the rate).
    """
    network = in_noise(_neurons(neuron), params.size, params.means(), params.noise)
    point = solve_working_point(network)
    run = simulate(network, _settings(params.dt, params.duration), seed=child_seed(seed, "curve"))
    rates = firing_rates(run.spikes).reshape(params.num, params.size)
    trains = _trains(run.spikes)
    pooled = [
        np.concatenate(
            [np.diff(train) for train in trains[k * params.size : (k + 1) * params.size]]
        )
        for k in range(params.num)
    ]
    return {
        "mu": params.means(),
        "nu": point.nu,
        "cv": population_cv(network, point),
        "nu_seen": rates.mean(axis=1),
        "cv_seen": np.array([_cv(each) for each in pooled]),
        "se": rates.std(axis=1, ddof=1) / np.sqrt(params.size),
    }


def response_curve(neuron: Block, params: ModulationParams, *, seed: int) -> Columns:
    """Return the response of the rate of one cell to its mean input, Hz/V.

    All frequencies swing in one run; neurons are independent, so that the standard error of real
    and imaginary part is sqrt(2 nu / (N T)) over the amplitude.

    Returns
    -------
    dict
        ``frequency``, ``gain`` and ``phase`` (rad) in theory, ``gain_seen``, ``phase_seen``,
        ``se`` of the gain; these are not a number at frequencies between the simulated ones.
    """
    network = in_noise(_neurons(neuron), params.size, np.array([params.mean]), params.noise)
    settings, f = _settings(params.dt, params.duration), np.array(params.frequencies)
    n = round((SETTLE + params.duration) / params.dt)
    t = (np.arange(n) + 0.5) * params.dt - SETTLE
    swing = params.amplitude * np.sin(2.0 * np.pi * np.outer(t, f)).sum(axis=1)
    inputs = Inputs(mu_dc=(params.mean + swing)[:, None], mu_dc_interval=params.dt)
    spikes = simulate(network, settings, seed=child_seed(seed, "response"), inputs=inputs).spikes
    found = _component(spikes, f) / (params.size * params.duration * params.amplitude)
    point = solve_working_point(network)
    settled = CellInputs.of(network).driven(0, point.nu).settled()
    fine = np.unique(np.concatenate([f, np.geomspace(f.min(), f.max(), BETWEEN)]))
    told = settled.respond(2j * np.pi * fine).mu_dc
    seen = np.full(fine.size, np.nan, dtype=np.complex128)
    seen[np.searchsorted(fine, f)] = found
    nu = len(spikes) / (params.size * params.duration)
    error = np.sqrt(2.0 * nu / (params.size * params.duration)) / params.amplitude
    return {
        "frequency": fine,
        "gain": np.abs(told),
        "phase": np.angle(told),
        "gain_seen": np.abs(seen),
        "phase_seen": np.angle(seen),
        "se": np.where(np.isfinite(seen), error, np.nan),
    }


def _cv(intervals: FloatArray) -> float:
    """Return the coefficient of variation; not a number where intervals are few."""
    if intervals.size < LEAST_INTERVALS:
        return np.nan
    return float(intervals.std() / intervals.mean())


def _component(spikes: Spikes, f: FloatArray) -> AnyArray:
    """Return twice the sum of exp(-i omega t) over all spikes, as if each began with a sine."""
    counts = np.bincount(spikes.steps, minlength=spikes.n_steps)
    t = (np.arange(counts.size) + 0.5) * spikes.dt
    sums = np.array([counts @ np.exp(-2j * np.pi * each * t) for each in f])
    return np.asarray(2j * sums)


def firing_patterns(params: PatternParams) -> tuple[Columns, Columns]:
    """Return the pattern of every neuron of the plane, and potentials of one neuron of each.

    Returns
    -------
    plane : dict
        ``reset`` (V), ``b`` (A), ``pattern``, ``rate`` in the second half of the step.
    traces : dict
        ``pattern``, ``reset``, ``b``, ``time``, ``v`` (absolute, V).
    """
    cell, (resets, b) = params.neuron, params.plane()
    spikes = _stepped(params, resets, b, Recorder()).spikes
    names = np.array(
        [pattern_of(train, params.duration) for train in _trains(spikes)], dtype=object
    )
    half = round(0.5 * params.duration / params.dt)
    late = np.bincount(spikes.neurons[spikes.steps >= half], minlength=resets.size)
    plane = {"reset": resets, "b": b, "pattern": names, "rate": 2.0 * late / params.duration}
    shown = [_middle(np.flatnonzero(names == name)) for name in PATTERNS if name in names]
    record = Recorder(voltages=range(len(shown)), trace_dt=TRACE)
    run = _stepped(params, resets[shown], b[shown], record)
    time, n = np.asarray(run.trace_times), len(run.traces["V"])
    traces = {
        "pattern": np.repeat(names[shown], n),
        "reset": np.repeat(resets[shown], n),
        "b": np.repeat(b[shown], n),
        "time": np.tile(time, len(shown)),
        "v": run.traces["V"].T.ravel() + cell.E_L,
    }
    return plane, traces


def _stepped(
    params: PatternParams, resets: FloatArray, b: FloatArray, record: Recorder
) -> SpikingRun:
    """Return neurons of one kind with resets (V) and b (A) of their own, after a step."""
    cell, n = params.neuron, resets.size
    network = PopulationNetwork(
        names=("A",),
        sizes=np.array([n]),
        neurons=AdExNeurons(**cell.normal()),
        synapses=Synapses(in_degrees=0.0, J=0.0, tau_s=0.0, delay=1e-3),
        drive=Drive(rate=0.0, J=0.0, tau_s=0.0, mu_dc=params.current / cell.g_L),
    )
    own = PerNeuron(V_reset=resets - cell.E_L, model={"b": b / cell.g_L})
    inputs = Inputs(V0=np.zeros(n), neurons=own)
    settings = _settings(params.dt, params.duration, warm_up=0.0)
    return simulate(network, settings, seed=0, inputs=inputs, record=record)


def pattern_of(times: FloatArray, duration: float) -> str:
    """Return the name of a firing pattern.

    ``silent``; ``transient``: no spike in the second half; there, ``tonic`` or ``adapting`` where
    all intervals are equal, the latter if they are longer than the first by a third; ``bursting``
    where they repeat after a few; else ``irregular``.

    Parameters
    ----------
    times : ndarray
        Spikes of one neuron after a step of current, s.
    duration : float
        Length of the step, s.

    Examples
    --------
    >>> pattern_of(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]), 1.0)
    'tonic'
    >>> bursts = np.array([0.0, 0.01, 0.02])
    >>> pattern_of(np.concatenate([bursts + 0.1 * k for k in range(10)]), 1.0)
    'bursting'
    """
    late = times[times > 0.5 * duration]
    if times.size == 0:
        return "silent"
    if late.size < 2:  # no interval
        return "transient"
    intervals = np.diff(late)
    scale = ALIKE * intervals.mean()
    if np.ptp(intervals) <= scale:
        first = float(times[1] - times[0])
        return "adapting" if intervals.mean() > ADAPTED * first else "tonic"
    for k in range(2, min(LONGEST_CYCLE, intervals.size // 2) + 1):
        if np.max(np.abs(intervals[k:] - intervals[:-k])) <= scale:
            return "bursting"
    return "irregular"


def _trains(spikes: Spikes) -> list[FloatArray]:
    """Return the spike times of each neuron, s."""
    order = np.argsort(spikes.neurons, kind="stable")
    counts = np.bincount(spikes.neurons, minlength=spikes.n_neurons)
    times = (spikes.steps[order] + 1) * spikes.dt
    return [np.asarray(part) for part in np.split(times, np.cumsum(counts)[:-1])]


def _middle(places: AnyArray) -> int:
    return int(places[places.size // 2])


def _neurons(neuron: Block) -> Neurons:
    cell = CELLS[str(model_of(neuron))]
    return cell.neurons(**neuron.normal())  # type: ignore[attr-defined]  # all cells have it


def _settings(dt: float, duration: float, warm_up: float = SETTLE) -> SimulationParams:
    return SimulationParams(dt=dt, warm_up=warm_up, duration=duration, precision="float64")
