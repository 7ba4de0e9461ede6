"""How far the theory of a working point may be trusted, aspect by aspect: one structure for all.

Pages print the findings, sweeps count them, `cortex.predict` warns of those that do not hold.
Limits are those of measurements against simulated neurons and networks, see
docs/models/lif-meanfield.md.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import CortexError, RegimeWarning
from cortex.meanfield.stationary.cell_inputs import CellInputs
from cortex.meanfield.stationary.fixed_points import all_fixed_points
from cortex.meanfield.stationary.moments import input_variance, variance_coupling
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.lif import LIFParams
from cortex.params.network import PopulationNetwork
from cortex.typing import BoolArray, FloatArray

WHOLE: Final = "all"
"""Name that stands for all populations together."""
LOW_RATE: Final = 1.0
"""Hz; below, a rate is a tail of the density, where theory was up to 31 times too high."""
SILENT: Final = 1e-6
"""Hz; a population below is silent: 31 times that is one spike in nine hours of a neuron."""
LARGE_JUMP: Final = 0.2
"""Jump over the noise of the input up to which rates of single neurons come out within a fifth."""
SLOW_SYNAPSE: Final = 0.1
"""tau_s / tau_m of the fastest receptor up to which rates and responses were measured."""
RECURRENT: Final = 0.5
"""Share of recurrent noise above which its colour and correlations matter."""
STATIC: Final = 0.1
"""Hz; a mode below does not oscillate."""

SENTENCES: Final = {
    "rate": (
        "fires, at {value:.3g} Hz in theory",
        "has {value:.2g} Hz in theory: below 1 Hz theory was up to 31 times too high",
    ),
    "silent": ("is silent in theory",) * 2,
    "jumps": (
        "receives jumps of {value:.2g} of its noise, small enough for a diffusion",
        "receives jumps of {value:.2g} of its noise: rates may come out up to 40 % too high",
    ),
    "synapses": (
        "has an input of {value:.2g} membrane time constants, fast enough for the theory",
        "has no input faster than {value:.2g} membrane time constants: rates may be too low",
    ),
    "recurrence": (
        "gets {value:.0%} of its noise from the network itself",
        "gets {value:.0%} of its noise from the network, which is neither white nor Poisson",
    ),
}
"""Aspect -> what is said where it holds, and where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One aspect of the trust in a prediction.

    Parameters
    ----------
    aspect : str
        What was looked at.
    population : str
        Where; `all` for the whole network.
    value, limit : float
        The number and the limit that it is held against.
    holds : bool
        Whether theory stays inside its conditions.
    sentence : str
        The finding in words, made from the numbers.
    """

    aspect: str
    population: str
    value: float
    limit: float
    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """The mode closest to growing: growth rate (1/s), frequency (Hz), cycles per ring."""

    growth: float
    frequency: float
    wave_number: int = 0


def judge(
    network: PopulationNetwork,
    point: WorkingPoint,
    mode: Mode | None,
    *,
    coloured: bool = False,
) -> list[Finding]:
    """Return how far the theory of a working point may be trusted.

    Parameters
    ----------
    network, point
        The network and its working point.
    mode : Mode, optional
        The mode closest to growing, of nan where all decay fast; None where modes are not known.
    coloured : bool, optional
        Whether recurrent noise has the colour that it makes itself, see `recurrent_noise`.

    Returns
    -------
    list of Finding
        ``stability``, ``states``, then for every population ``jumps``, ``synapses``,
        ``recurrence`` (where it is not coloured) and ``rate``.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=3.0, nu_ext_ratio=0.8).network()
    >>> found = judge(network, solve_working_point(network), None)
    >>> [each.aspect for each in found if not each.holds]
    ['states', 'jumps', 'jumps', 'rate', 'rate']
    """
    found = [] if mode is None else [stability(mode)]
    found.append(_states(network, point))
    conditions = _conditions(network, point, coloured=coloured)
    for aspect, values, limit, holds in conditions:
        rows = zip(network.names, values.tolist(), holds.tolist(), strict=True)
        for name, value, good in rows:
            words = SENTENCES["silent" if aspect == "rate" and value < SILENT else aspect]
            found.append(of_population(aspect, name, value, limit, words, holds=good))
    return found


def of_population(
    aspect: str, name: str, value: float, limit: float, sentences: tuple[str, str], *, holds: bool
) -> Finding:
    """Return the finding of one population, in the words for it: where it holds, and where not."""
    sentence = f"{name} {sentences[0 if holds else 1].format(value=value)}."
    return Finding(
        aspect=aspect, population=name, value=value, limit=limit, holds=holds, sentence=sentence
    )


def stability(mode: Mode) -> Finding:
    """Return whether a mode grows, and which; one of nan stands for none that decays slowly."""
    growth, f, k = mode.growth, mode.frequency, mode.wave_number
    static = "static pattern" if k else "drift of rates"
    kind = f"oscillation at {f:.4g} Hz" if f > STATIC else static
    where = f" with {k} cycles per ring" if k else ""
    sentence = (
        f"The working point is stable; its slowest mode, {kind}{where}, decays with "
        f"{-growth:.3g} per s."
    )
    if growth >= 0.0:
        sentence = (
            f"A mode grows: {kind}{where}, {growth:+.3g} per s. The working point is unstable; "
            "rates, CV and spectra are those of a state that the network leaves."
        )
    elif np.isnan(growth):
        sentence = "No slow mode was found: the working point is stable."
    holds = not growth >= 0.0
    return of_whole("stability", growth, sentence, limit=0.0, holds=holds)


def _states(network: PopulationNetwork, point: WorkingPoint) -> Finding:
    """Return whether another stable state exists, which a network may reach from its start."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)
        try:
            found = all_fixed_points(network, method=point.method, n_starts=60)
        except CortexError as error:
            sentence = f"Whether other states exist is not known: {error}."
            return of_whole("states", np.nan, sentence, holds=False)
    others = [
        each.nu
        for each in found.points
        if each.is_stable and not np.allclose(each.nu, point.nu, rtol=1e-3, atol=1e-3)
    ]
    if not others:
        whole = "" if found.is_complete else ", but the search missed some"
        return of_whole("states", 0.0, f"No other stable state was found{whole}.", holds=True)
    listed = "; ".join("/".join(f"{nu:.3g}" for nu in other) for other in others)
    sentence = (
        f"The network has another state of stable rates, {listed} Hz ({'/'.join(network.names)}): "
        "from random initial potentials it may reach that one."
    )
    return of_whole("states", float(len(others)), sentence, holds=False)


def of_whole(
    aspect: str, value: float, sentence: str, *, holds: bool, limit: float = 0.0
) -> Finding:
    """Return a finding of all populations together."""
    return Finding(
        aspect=aspect, population=WHOLE, value=value, limit=limit, holds=holds, sentence=sentence
    )


def _conditions(
    network: PopulationNetwork, point: WorkingPoint, *, coloured: bool
) -> Iterator[tuple[str, FloatArray, float, BoolArray]]:
    """Yield aspect, value and limit of what the derivation asks of every population."""
    if not network.is_plain:
        yield from _conditions_of_cells(network, point)
        return
    synapses, drive = network.synapses, network.drive
    received = np.hstack(
        [
            np.where(synapses.in_degrees > 0.0, np.abs(synapses.J), 0.0),
            np.where(drive.rate > 0.0, np.abs(drive.J), 0.0),
        ]
    )
    jump = _over(received.max(axis=1), point.sigma)
    yield "jumps", jump, LARGE_JUMP, jump <= LARGE_JUMP
    slow = ReceptorInputs.of(network).fastest
    if point.method != "nodes":
        slow = point.tau_s / network.neurons.tau_m
    yield "synapses", slow, SLOW_SYNAPSE, slow <= SLOW_SYNAPSE * (1.0 + 1e-9)
    if not coloured:
        recurrent = variance_coupling(network) @ point.nu
        share = _over(recurrent, input_variance(network, point.nu))
        yield "recurrence", share, RECURRENT, share <= RECURRENT
    yield "rate", point.nu, LOW_RATE, (point.nu >= LOW_RATE) | (point.nu < SILENT)


def _conditions_of_cells(
    network: PopulationNetwork, point: WorkingPoint
) -> Iterator[tuple[str, FloatArray, float, BoolArray]]:
    """Yield the same for any cells: jumps at the mean potential, effective time constants."""
    inputs = CellInputs.of(network)
    driven = [inputs.driven(a, point.nu) for a in range(network.n_pops)]
    largest = [np.max(np.abs(d.jump[d.noise > 0.0]), initial=0.0) for d in driven]
    jump = _over(np.array(largest), point.sigma)
    kicked = np.array([d.kicked is not None for d in driven])  # of any size, exactly
    yield "jumps", jump, LARGE_JUMP, (jump <= LARGE_JUMP) | kicked
    fastest = [np.min(d.sources.correlation[d.noise > 0.0], initial=np.inf) for d in driven]
    tau = np.array([d.tau for d in driven])
    slow = np.where(np.isfinite(fastest), fastest, 0.0) / tau
    # without a threshold there is no layer for slow noise to change
    smooth = np.array([not isinstance(d.neuron, LIFParams) for d in driven])
    yield "synapses", slow, SLOW_SYNAPSE, (slow <= SLOW_SYNAPSE * (1.0 + 1e-9)) | smooth
    recurrent = np.array([np.sum(d.noise[: network.n_pops]) for d in driven])
    share = _over(recurrent, np.array([np.sum(d.noise) for d in driven]))
    yield "recurrence", share, RECURRENT, share <= RECURRENT
    yield "rate", point.nu, LOW_RATE, (point.nu >= LOW_RATE) | (point.nu < SILENT)


def _over(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Return a ratio; zero where nothing fluctuates."""
    zero: FloatArray = np.zeros_like(numerator)
    return np.divide(numerator, denominator, out=zero, where=denominator > 0.0)
