"""What the live explorer shows of a network: its numbers as sliders, theory, one simulated second.

Everything comes from the functions behind the commands, so that the numbers are the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import numpy as np

from cortex.api.files import change
from cortex.errors import ParameterError
from cortex.networks.case import NetworkCase
from cortex.params.spec import Count, Quantity
from cortex.steps.columns import Columns
from cortex.steps.observe import observe
from cortex.steps.predict import POOLED, predict
from cortex.steps.simulate import simulate
from cortex.sweep_models.network import TheoryPoint, specs_of

SPAN: Final = 3.0  # a slider reaches from a third to three times the value it starts at
RUNS: Final = ("simulation", "analysis", "excerpt", "theory", "lfp", "scale", "wiring")
"""Keys of work on a network, not of the network itself."""
GRIDDED: Final = re.compile(r"delay(?!.*_sd)|tau_ref")
"""Times that a simulation takes in whole steps."""
SIMULATED: Final = {"simulation.duration_s": 1.0, "simulation.warm_up_s": 0.2}
SHORT: Final = {"analysis.segment_ms": 256.0, "excerpt.start_s": 0.0, "excerpt.duration_s": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """A number of the network: its dotted key, where it starts, and how far it may go.

    `step` is that of the time grid or 1 where only its multiples mean something, else 0.
    """

    key: str
    value: float
    low: float
    high: float
    step: float
    meaning: str


def sliders_of(net: NetworkCase) -> list[Slider]:
    """Return a slider for every number of a network that its file gives or that has a default."""
    values = dict(_numbers({**net.block, **TheoryPoint.from_config(net.block).to_config()}))
    found = []
    for key, spec in specs_of(TheoryPoint, net.block).items():
        if key not in values or key.partition(".")[0] in RUNS:
            continue
        if isinstance(spec, Quantity | Count):
            found.append(_slider(key, spec, values[key], 1e3 * net.study.simulation.dt))
    return found


def _slider(key: str, spec: Quantity | Count, value: float, dt: float) -> Slider:
    """Return a slider; ``dt`` is in ms."""
    is_timed = key.endswith("_ms") and GRIDDED.search(key) is not None
    step = 1.0 if isinstance(spec, Count) else dt if is_timed else 0.0
    reach = (value / SPAN, value * SPAN) if value else (0.0, min(spec.high, 1.0))
    low, high = max(min(reach), spec.low), min(max(reach), spec.high)
    if step:
        low, high = max(step, round(low / step) * step), round(high / step) * step
    return Slider(key=key, value=value, low=low, high=high, step=step, meaning=spec.doc)


def _numbers(block: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for key, value in block.items():
        if isinstance(value, Mapping):
            found |= _numbers(value, f"{prefix}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[f"{prefix}{key}"] = value
    return found


def moved(net: NetworkCase, values: Mapping[str, float]) -> NetworkCase:
    """Return the network with the sliders where they stand; only those that moved count."""
    start = {slider.key: slider for slider in sliders_of(net)}
    unknown = [key for key in values if key not in start]
    if unknown:
        msg = f"no sliders {', '.join(unknown)}"
        raise ParameterError(msg)
    keys = {
        key: round(value) if start[key].step == 1.0 else value
        for key, value in values.items()
        if value != start[key].value
    }
    return change(net, keys) if keys else net


def rates(net: NetworkCase) -> dict[str, Any]:
    """Return the working point: what theory says in milliseconds."""
    tables, refused = predict(net, ("rates",))
    return {"refused": refused, **_columns(tables, "rates", ("population", "size", "nu", "cv"))}


def modes(net: NetworkCase) -> dict[str, Any]:
    """Return modes and spectra of the population rates; seconds where networks are large."""
    tables, refused = predict(change(net, {"theory.refine": 1}), ("modes", "spectra"))
    spectra = _of_pool(tables.get("spectra"))
    return {
        "refused": refused,
        **_columns(tables, "modes", ("growth", "frequency")),
        "spectra": {key: _plain(spectra[key]) for key in ("frequency", "power") if spectra},
    }


def simulation(net: NetworkCase) -> dict[str, Any]:
    """Simulate one second; return rates, CVs, spectrum, raster, and how long it took."""
    net = change(net, SIMULATED | SHORT)
    start = perf_counter()
    spikes = simulate(net, seed=net.seed).spikes
    took = perf_counter() - start
    tables = observe(net, [spikes])
    spectra = _of_pool(tables["spectra"])
    return {
        "took": took,
        "n_spikes": int(spikes.neurons.size),
        **_columns(tables, "populations", ("population", "nu", "cv")),
        **_columns(tables, "raster", ("time", "row", "population")),
        **_columns(tables, "network", ("regime",)),
        "spectra": {key: _plain(spectra[key]) for key in ("frequency", "power")},
    }


def as_python(net: NetworkCase, source: str, values: Mapping[str, float]) -> str:
    """Return the lines that make the same network in a notebook.

    Parameters
    ----------
    net : NetworkCase
        Where the explorer started.
    source : str
        The call that made it, such as ``cortex.preset("brunel", "C")``.
    values : mapping
        Where the sliders stand.
    """
    start = {slider.key: slider.value for slider in sliders_of(net)}
    keys = {key: value for key, value in values.items() if value != start[key]}
    changed = f"net = cortex.change(net, {keys!r})\n" if keys else ""
    return f"import cortex\n\nnet = {source}\n{changed}print(cortex.working_point(net))\n"


def _of_pool(spectra: Columns | None) -> Columns:
    """Return the spectrum of all neurons together."""
    if spectra is None:
        return {}
    at = spectra["population"] == POOLED
    return {key: value[at] for key, value in spectra.items()}


def _columns(tables: Mapping[str, Columns], kind: str, names: tuple[str, ...]) -> dict[str, Any]:
    table = tables.get(kind)
    return {kind: {name: _plain(table[name]) for name in names} if table is not None else {}}


def _plain(values: Any) -> list[Any]:
    """Return a column as JSON takes it: None where it is not known."""
    column = np.asarray(values)
    plain: list[Any] = column.tolist()
    if column.dtype.kind != "f":
        return plain
    return [value if np.isfinite(value) else None for value in plain]
