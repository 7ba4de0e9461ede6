"""Which parameters of a network made a recording: the command, from a file to a posterior."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
import yaml

from cortex.errors import CortexError, ParameterError
from cortex.inverse.posterior import (
    LOOSE,
    Calibration,
    Emulator,
    Runs,
    calibrate,
    directions,
    refuse_strangers,
    widened,
)
from cortex.inverse.search import Search
from cortex.inverse.summaries import names_of, summarise, told
from cortex.io.recorded import read_recorded
from cortex.io.tables import read_columns
from cortex.launch.analyse import find_network
from cortex.launch.start import run as run_workflow
from cortex.networks.case import NetworkCase, case_of
from cortex.params.description.overrides import lay_over
from cortex.params.description.states import block_at, states_of
from cortex.params.description.target import FreeParams
from cortex.params.recording import RecordingParams
from cortex.plots.inference import draw_inference
from cortex.plots.select import rows
from cortex.plots.style import house_style
from cortex.report.show import keep_figure
from cortex.rng import stream
from cortex.spikes import Spikes
from cortex.steps.columns import Columns
from cortex.steps.observe import observe
from cortex.steps.predict import POOLED
from cortex.typing import FloatArray
from cortex.units import UNITS, array_from_si

FOLDER: Final = Path("results/inference")
SOLVED: Final = 300
"""Points of the prior at which theory is solved."""
UNUSED: Final = 0.2
"""Share of simulations without summaries (silent ones) from which on the prior is refused."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inference:
    """What a recording says of the free keys of a network.

    Attributes
    ----------
    free : tuple of FreeParams
        Keys and bounds of the prior, uniform between.
    draws : ndarray of shape (n_draws, n_keys)
        Of the posterior, in the units of the keys.
    names : list of str
        Summaries.
    seen : ndarray of shape (n_summaries,)
        Those of the recording.
    predicted : ndarray of shape (n_draws, n_summaries)
        Draws of the posterior predictive.
    theory : ndarray of bool, shape (n_summaries,)
        Whether theory is part of the prediction of a summary.
    calibration : Calibration
        Of held-out simulations.
    n_simulations : int
        Simulations behind it.
    """

    free: tuple[FreeParams, ...]
    draws: FloatArray
    names: list[str]
    seen: FloatArray
    predicted: FloatArray
    theory: FloatArray
    calibration: Calibration
    n_simulations: int

    def lines(self) -> list[str]:
        """Return estimates, what the data do not tell, and how far it may be trusted, as text."""
        lines = [f"{'key':34} {'median':>10}   90 % interval            of held-out truths inside"]
        middle = np.median(self.draws, axis=0)
        low, high = np.quantile(self.draws, [0.05, 0.95], axis=0)
        covered, wider = self.calibration.coverage(), self.calibration.widening
        for i, each in enumerate(self.free):
            interval = f"{low[i]:.4g} to {high[i]:.4g}"
            lines.append(
                f"{each.key:34} {middle[i]:10.4g}   {interval:24} {covered[i]:.0%}, "
                f"widened by {wider[i]:.2f}"
            )
        share, along = directions(to_box(self.free, self.draws))
        for size, vector in zip(share, along, strict=True):
            if size > LOOSE:
                parts = zip(self.free, vector, strict=True)
                words = " ".join(f"{v:+.2f} {each.key}" for each, v in parts if abs(v) > 0.1)
                lines.append(f"the data do not tell: {words} (in widths of the prior)")
        helped = [n for n, used in zip(self.names, self.theory, strict=True) if used]
        lines.append(
            f"{self.n_simulations} simulations; theory helps with {len(helped)} of "
            f"{len(self.names)} summaries"
        )
        return lines


def infer(
    block: Mapping[str, Any],
    data: Spikes,
    runs: tuple[FloatArray, FloatArray],
    *,
    name: str = "network",
    seed: int = 1,
) -> Inference:
    """Return what a recording says of the free keys of a network.

    Parameters
    ----------
    block : mapping
        Keys of the network at one state, with `free:`.
    data : Spikes
        Of all populations, as many neurons of each as in the network.
    runs : tuple of ndarray
        Keys, shape (n_runs, n_keys) in their units, and summaries, shape (n_runs, n_summaries),
        of simulations drawn from the prior, as long as the recording.
    name : str
        Of the network.
    seed : int
        Of the draws.

    Raises
    ------
    ParameterError
        The prior has no keys, too few simulations have summaries, the recording has other neurons
        than the network, or no parameters of the prior make such a recording.
    """
    case = case_of(name, block)
    free, bins = case.study.free, case.study.analysis
    names = names_of(case.network.names, bins)
    seen = _of_recording(case, data)
    keys, summaries = runs
    known = np.isfinite(summaries).all(axis=1)
    if np.mean(~known) > UNUSED:
        msg = (
            f"{np.sum(~known)} of {len(keys)} networks of the prior fire too little for a rate, a "
            "CV or a spectrum; narrow `free:`"
        )
        raise ParameterError(msg)
    search = Search(name, block, free, ())
    points = spread_over(free, SOLVED)
    theory = np.array([told_at(search, each, names) for each in points])
    made = Runs(
        x=to_box(free, keys[known]),
        summaries=summaries[known],
        theory_x=to_box(free, points),
        theory=theory,
    )
    rng = stream(seed, "inference", name)
    calibration = calibrate(made, rng)
    fit = Emulator(made)
    refuse_strangers(fit, calibration, seen, names)
    x = widened(fit.draw(seen, rng), calibration)
    noise = rng.multivariate_normal(np.zeros(len(seen)), fit.covariance, len(x))
    return Inference(
        free=free,
        draws=_unscaled(free, x),
        names=names,
        seen=seen,
        predicted=fit.mean(x) + noise,
        theory=fit.uses_theory,
        calibration=calibration,
        n_simulations=int(known.sum()),
    )


def summaries_of(case: NetworkCase, spikes: Spikes) -> FloatArray:
    """Return the summaries of spikes; nan where one is not defined."""
    seen = observe(case, [spikes])
    spectrum = rows(seen["spectra"], population=POOLED)
    cells, correlation = seen["populations"], float(seen["network"]["correlation"][0])
    return summarise(cells["nu"], cells["cv"], correlation, spectrum, case.study.analysis)


def _of_recording(case: NetworkCase, data: Spikes) -> FloatArray:
    """Return the summaries of a recording; refuse other neurons than those of the network."""
    if data.names != case.network.names or np.any(data.sizes != case.network.sizes):
        msg = (
            f"the recording holds {dict(zip(data.names, data.sizes.tolist(), strict=True))}, the "
            f"network {dict(zip(case.network.names, case.network.sizes.tolist(), strict=True))}: "
            "spectra and correlations need all neurons; make the network as large as the recording"
        )
        raise ParameterError(msg)
    found = summaries_of(case, data)
    if not np.isfinite(found).all():
        of = names_of(case.network.names, case.study.analysis)
        lost = ", ".join(n for n, x in zip(of, found, strict=True) if not np.isfinite(x))
        msg = f"the recording has no {lost}: too few spikes, or too short"
        raise ParameterError(msg)
    return found


def told_at(search: Search, at: FloatArray, names: Sequence[str]) -> FloatArray:
    """Return what theory says of the summaries at some keys; nan where it says nothing."""
    keys = {each.key: float(v) for each, v in zip(search.free, at, strict=True)}
    try:
        return told(search, keys, search.case({}).study.analysis)
    except (CortexError, np.linalg.LinAlgError):
        return np.full(len(names), np.nan)


def to_box(free: Sequence[FreeParams], keys: FloatArray) -> FloatArray:
    """Return keys, in their units, as coordinates that are -1 and 1 at their bounds."""
    low, high = np.array([[each.low, each.high] for each in free]).T
    return np.asarray(2.0 * (keys - low) / (high - low) - 1.0)


def _unscaled(free: Sequence[FreeParams], x: FloatArray) -> FloatArray:
    low, high = np.array([[each.low, each.high] for each in free]).T
    return np.asarray(low + 0.5 * (x + 1.0) * (high - low))


def spread_over(free: Sequence[FreeParams], n: int) -> FloatArray:
    """Return points spread over the prior, in the units of the keys, shape (n, n_keys)."""
    from scipy.stats import qmc  # noqa: PLC0415  # slow to import

    return _unscaled(free, 2.0 * qmc.LatinHypercube(len(free), rng=0).random(n) - 1.0)


def simulated(
    name: str, block: Mapping[str, Any], *, seed: int, n: int, cores: int, out: TextIO
) -> tuple[FloatArray, FloatArray]:
    """Return keys and summaries of networks drawn from the prior, by a sweep in this folder.

    The sweep is resumed where it was stopped, and its points are shared with other recordings of
    the same length.
    """
    free = [FreeParams.from_config(each) for each in block["free"]]
    sweep = {
        "model": "network",
        "network": name,
        "vary": {each.key: {"low": each.low, "high": each.high} for each in free},
        "samples": n,
        "design": "latin_hypercube",
        "fixed": {"theory.depth": "rates"},
    }
    study = {"seed": seed, "networks": {name: dict(block)}, "sweeps": {f"{name}_prior": sweep}}
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.yaml"
    path.write_text(yaml.safe_dump(study, sort_keys=False, allow_unicode=True), encoding="utf-8")
    table = Path("results/sweeps") / f"{name}_prior.parquet"
    arrays = [table.parent / table.stem / f"{kind}.parquet" for kind in ("populations", "spectrum")]
    status = run_workflow([path], cores=cores, further=[str(p) for p in (table, *arrays)], out=out)
    if status:
        msg = "the simulations did not end well; what is done is kept, run the command again"
        raise CortexError(msg)
    return gathered(case_of(name, block), free, *(read_columns(p) for p in (table, *arrays)))


def gathered(
    case: NetworkCase,
    free: Sequence[FreeParams],
    table: Columns,
    populations: Columns,
    spectrum: Columns,
) -> tuple[FloatArray, FloatArray]:
    """Return keys, in their units, and summaries of the points of a sweep; nan where one failed."""
    columns = [_column(each.key) for each in free]
    keys = np.stack([array_from_si(table[name], unit) for name, unit in columns], axis=1)
    found = []
    for i in range(len(keys)):
        at = {name: table[name][i] for name, _ in columns}
        cells, power = rows(populations, **at), rows(spectrum, **at)
        n = case.network.n_pops
        if len(cells["nu"]) == n:
            found.append(
                summarise(
                    cells["nu"],
                    cells["cv"],
                    float(table["correlation"][i]),
                    power,
                    case.study.analysis,
                )
            )
        else:
            found.append(np.full(len(names_of(case.network.names, case.study.analysis)), np.nan))
    return keys, np.array(found)


def _column(key: str) -> tuple[str, str]:
    """Return the column of a key in the tables of a sweep, and the unit of the key."""
    stem, _, suffix = key.rpartition("_")
    name, unit = (stem, suffix) if suffix in UNITS and stem else (key, "1")
    return name.replace(".", "_"), unit


def run(
    files: Path,
    network: str,
    *,
    state: str | None = None,
    n: int = 200,
    cores: int = 1,
    reading: Mapping[str, Any],
    out: TextIO = sys.stdout,
) -> int:
    """Infer the free keys of a network from a recorded file and say what was found."""
    seed, name, block = find_network(network)
    states = states_of(block)
    if state is None and len(states) > 1:
        msg = f"network {name} has the states {', '.join(states)}; name one: --state"
        raise ParameterError(msg)
    alone = block_at(block, state or states[0])
    if not alone.get("free"):
        msg = (
            f"network {name} has no `free:` keys, which are the prior; see docs/tutorials/design.md"
        )
        raise ParameterError(msg)
    order = case_of(name, alone).network.names
    data = read_recorded(RecordingParams.from_config({"file": str(files), **reading}), order)
    alone = lay_over(
        {**alone, "simulation": dict(alone.get("simulation") or {})},
        {"simulation.duration_s": float(round(data.duration, 6))},
    )
    runs = simulated(name, alone, seed=seed, n=n, cores=cores, out=out)
    found = infer(alone, data, runs, name=name, seed=seed)
    out.writelines(f"{line}\n" for line in found.lines())
    path = FOLDER / f"{name}-posterior.csv"
    header = ",".join(each.key for each in found.free)
    np.savetxt(path, found.draws, delimiter=",", header=header, comments="")
    out.write(f"draws:  {path}\n")
    with house_style():
        figure = draw_inference(
            found.draws,
            np.array([[each.low, each.high] for each in found.free]),
            [each.key for each in found.free],
            found.calibration.rank,
            (found.seen, found.predicted, found.names),
        )
    title = f"{name}: which parameters made {files.name}"
    out.write(f"figure: {keep_figure(figure, FOLDER.parent, f'inference_{name}', title, '').png}\n")
    return 0
