"""Which values of the free keys of a network made a recording: from simulations to posteriors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.stats import qmc

from cortex.errors import CortexError, ParameterError
from cortex.inverse.posterior import (
    FOLDS,
    LEVEL,
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
from cortex.inverse.summaries import Data, Seen, banded, names_of, told
from cortex.networks.case import NetworkCase, case_of
from cortex.params.description.target import FreeParams
from cortex.rng import stream
from cortex.spikes import Spikes
from cortex.steps.columns import Columns, Tables, labelled, stacked
from cortex.steps.observe import observe
from cortex.steps.predict import POOLED
from cortex.steps.select import rows
from cortex.typing import FloatArray
from cortex.units import UNITS, array_from_si

SOLVED: Final = 300
"""Points of the prior at which theory is solved."""
UNUSED: Final = 0.2
"""Share of simulations without summaries (silent ones) from which on the prior is refused."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """What simulations drawn from the prior tell of every recording of their length.

    Attributes
    ----------
    case : NetworkCase
        The network.
    data : {"spikes", "rate", "lfp"}
        What a recording is.
    names : list of str
        Summaries.
    fit : Emulator
        Their mean and noise at any keys.
    calibration : Calibration
        Of held-out simulations.
    """

    case: NetworkCase
    data: Data
    names: list[str]
    fit: Emulator
    calibration: Calibration

    @property
    def free(self) -> Sequence[FreeParams]:
        """Keys and bounds of the prior, uniform between."""
        return self.case.study.free

    def draws(self, seen: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return draws of the keys given summaries, calibrated, -1 and 1 at their bounds."""
        return widened(self.fit.draw(seen, rng), self.calibration)

    def refuse_strangers(self, seen: FloatArray) -> None:
        """Refuse a recording that no keys of the prior could have made."""
        refuse_strangers(self.fit, self.calibration, seen, self.names)


def learn(
    name: str,
    block: Mapping[str, Any],
    runs: tuple[FloatArray, FloatArray],
    data: Data,
    rng: np.random.Generator,
) -> Learned:
    """Return what simulations drawn from the prior, and theory, tell of recordings.

    Parameters
    ----------
    name : str
        Of the network.
    block : mapping
        Its keys at one state, with `free:`.
    runs : tuple of ndarray
        Keys, shape (n_runs, n_keys) in their units, and summaries, shape (n_runs, n_summaries).
    data : {"spikes", "rate", "lfp"}
        What a recording is; the LFP is left to simulations alone.
    rng : Generator
        Of the calibration.

    Raises
    ------
    ParameterError
        The prior has no keys, or too few simulations have summaries.
    """
    case = case_of(name, block)
    free, (keys, summaries) = case.study.free, runs
    names = names_of(case.network.names, case.study.analysis, data)
    known = np.isfinite(summaries).all(axis=1)
    if np.mean(~known) > UNUSED:
        msg = (
            f"{np.sum(~known)} of {len(keys)} networks of the prior fire too little for a rate, a "
            "CV or a spectrum; narrow `free:`"
        )
        raise ParameterError(msg)
    search = Search(name, block, free, ())
    points = _spread_over(free, 0 if data == "lfp" else SOLVED)
    theory = [_told_at(search, each, data, len(names)) for each in points]
    made = Runs(
        x=to_box(free, keys[known]),
        summaries=summaries[known],
        theory_x=to_box(free, points),
        theory=np.array(theory).reshape(-1, len(names)),
    )
    return Learned(
        case=case, data=data, names=names, fit=Emulator(made), calibration=calibrate(made, rng)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inference:
    """What a recording says of the free keys of a network.

    Attributes
    ----------
    learned : Learned
        What it was held against.
    draws : ndarray of shape (n_draws, n_keys)
        Of the posterior, in the units of the keys.
    seen : ndarray of shape (n_summaries,)
        Summaries of the recording.
    predicted : ndarray of shape (n_draws, n_summaries)
        Draws of the posterior predictive.
    """

    learned: Learned
    draws: FloatArray
    seen: FloatArray
    predicted: FloatArray

    def lines(self) -> list[str]:
        """Return estimates, what the data do not tell, and how far it may be trusted, as text."""
        learned = self.learned
        lines = [f"{'key':34} {'median':>10}   90 % interval            of held-out truths inside"]
        middle = np.median(self.draws, axis=0)
        low, high = np.quantile(self.draws, [0.05, 0.95], axis=0)
        covered, wider = learned.calibration.coverage(), learned.calibration.widening
        for i, each in enumerate(learned.free):
            interval = f"{low[i]:.4g} to {high[i]:.4g}"
            lines.append(
                f"{each.key:34} {middle[i]:10.4g}   {interval:24} {covered[i]:.0%}, "
                f"widened by {wider[i]:.2f}"
            )
        share, along = directions(to_box(learned.free, self.draws))
        for size, vector in zip(share, along, strict=True):
            if size > LOOSE:
                parts = zip(learned.free, vector, strict=True)
                words = " ".join(f"{v:+.2f} {each.key}" for each, v in parts if abs(v) > 0.1)
                lines.append(f"the data do not tell: {words} (in widths of the prior)")
        helped = int(np.sum(learned.fit.uses_theory))
        lines.append(
            f"{len(learned.fit.runs.x)} simulations; theory helps with {helped} of "
            f"{len(learned.names)} summaries"
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
        As for `learn`, as long as the recording.
    name : str
        Of the network.
    seed : int
        Of the draws.

    Raises
    ------
    ParameterError
        As for `learn`; the recording has other neurons than the network, or no parameters of the
        prior make such a recording.
    """
    seen, rng = _of_recording(case_of(name, block), data), stream(seed, "inference", name)
    learned = learn(name, block, runs, "spikes", rng)
    learned.refuse_strangers(seen)
    x = learned.draws(seen, rng)
    noise = rng.multivariate_normal(np.zeros(len(seen)), learned.fit.covariance, len(x))
    return Inference(
        learned=learned,
        draws=_unscaled(learned.free, x),
        seen=seen,
        predicted=learned.fit.mean(x) + noise,
    )


def recover(
    name: str,
    block: Mapping[str, Any],
    prior: Tables,
    recordings: Tables | None,
    data: Data,
    *,
    seed: int,
) -> tuple[Columns, Columns]:
    """Return what simulated recordings, whose keys are known, say of these.

    Parameters
    ----------
    name, block, data
        As for `learn`.
    prior : tables
        Of a sweep of the model `network` over the prior, as for `gathered`.
    recordings : tables or None
        The same of the recordings; None takes those of `prior`, a fifth at a time, told by what the
        others teach, their calibration among it.
    seed : int
        Of the draws.

    Returns
    -------
    tuple of tables
        `cortex.io.schemas.inference.RECOVERED` and `DRAWS`, the latter of the first recording.
    """
    rng, case = stream(seed, "inference", name, data), case_of(name, block)
    keys, summaries = gathered(case, prior, data)
    if recordings is not None:
        taught = learn(name, block, (keys, summaries), data, rng)
        told = [(taught, gathered(case, recordings, data))]
    else:
        fold, told = np.arange(len(keys)) % FOLDS, []
        for i in range(FOLDS):
            rest, own = ((keys[of], summaries[of]) for of in (fold != i, fold == i))
            told.append((learn(name, block, rest, data, rng), own))
    each_one = [
        (learned, truth, seen)
        for learned, own in told
        for truth, seen in zip(*own, strict=True)
        if np.isfinite(seen).all()
    ]
    parts: list[Columns] = []
    kept: list[Columns] = []
    for number, (learned, truth, seen) in enumerate(each_one):
        draws = learned.draws(seen, rng)
        parts += _rows_of(learned, truth, draws, number)
        if not kept:
            kept = [
                labelled({"value": values}, data=data, key=each.key)
                for each, values in zip(learned.free, _unscaled(learned.free, draws).T, strict=True)
            ]
    return stacked(parts), stacked(kept)


def _rows_of(
    learned: Learned, truth: FloatArray, draws: FloatArray, number: int
) -> Iterator[Columns]:
    """Yield a row of `RECOVERED` per key of one recording."""
    tail, free = 0.5 * (1.0 - LEVEL), learned.free
    below = np.mean(draws < to_box(free, truth), axis=0)
    ends = _unscaled(free, np.quantile(draws, [tail, 0.5, 1.0 - tail], axis=0))
    for i, each in enumerate(free):
        row = {
            "truth": truth[i], "low": ends[0, i], "middle": ends[1, i], "high": ends[2, i],
            "rank": below[i], "prior_low": each.low, "prior_high": each.high,
            "widening": learned.calibration.widening[i],
        }  # fmt: skip
        yield labelled(row, data=learned.data, recording=number, key=each.key)


def gathered(case: NetworkCase, tables: Tables, data: Data) -> tuple[FloatArray, FloatArray]:
    """Return keys, in their units, and summaries of the points of a sweep; nan where one failed.

    Parameters
    ----------
    case : NetworkCase
        The network.
    tables : mapping of str to table
        ``points``, ``populations``, and ``spectrum``, or ``lfp_spectrum`` where the LFP is all.
    data : {"spikes", "rate", "lfp"}
        What a recording is.
    """
    points, bins = tables["points"], case.study.analysis
    columns = [_column(each.key) for each in case.study.free]
    keys = np.stack([array_from_si(points[name], unit) for name, unit in columns], axis=1)
    kind, power = ("lfp_spectrum", "lfp_power") if data == "lfp" else ("spectrum", "power")
    lost = np.full(len(names_of(case.network.names, bins, data)), np.nan)
    found = []
    for i in range(len(keys)):
        at = {name: points[name][i] for name, _ in columns}
        cells, spectrum = (rows(tables[each], **at) for each in ("populations", kind))
        if len(cells["nu"]) == case.network.n_pops:
            seen = Seen(
                sizes=case.network.sizes,
                nu=cells["nu"],
                cv=cells["cv"],
                correlation=float(points["correlation"][i]),
                bands=banded(spectrum, power, bins, data),
            )
            found.append(seen.summaries(data))
        else:
            found.append(lost)
    return keys, np.array(found)


def _column(key: str) -> tuple[str, str]:
    """Return the column of a key in the tables of a sweep, and the unit of the key."""
    stem, _, suffix = key.rpartition("_")
    name, unit = (stem, suffix) if suffix in UNITS and stem else (key, "1")
    return name.replace(".", "_"), unit


def _of_recording(case: NetworkCase, data: Spikes) -> FloatArray:
    """Return the summaries of a recording; refuse other neurons than those of the network."""
    if data.names != case.network.names or np.any(data.sizes != case.network.sizes):
        msg = (
            f"the recording holds {dict(zip(data.names, data.sizes.tolist(), strict=True))}, the "
            f"network {dict(zip(case.network.names, case.network.sizes.tolist(), strict=True))}: "
            "spectra and correlations need all neurons; make the network as large as the recording"
        )
        raise ParameterError(msg)
    seen, bins = observe(case, [data]), case.study.analysis
    cells = seen["populations"]
    found = Seen(
        sizes=case.network.sizes,
        nu=cells["nu"],
        cv=cells["cv"],
        correlation=float(seen["network"]["correlation"][0]),
        bands=banded(rows(seen["spectra"], population=POOLED), "power", bins, "spikes"),
    ).summaries("spikes")
    if not np.isfinite(found).all():
        of = names_of(case.network.names, bins, "spikes")
        lost = ", ".join(n for n, x in zip(of, found, strict=True) if not np.isfinite(x))
        msg = f"the recording has no {lost}: too few spikes, or too short"
        raise ParameterError(msg)
    return found


def _told_at(search: Search, at: FloatArray, data: Data, n: int) -> FloatArray:
    """Return what theory says of the summaries at some keys; nan where it says nothing."""
    keys = {each.key: float(v) for each, v in zip(search.free, at, strict=True)}
    try:
        return told(search, keys, data)
    except (CortexError, np.linalg.LinAlgError):
        return np.full(n, np.nan)


def to_box(free: Sequence[FreeParams], keys: FloatArray) -> FloatArray:
    """Return keys, in their units, as coordinates that are -1 and 1 at their bounds."""
    low, high = np.array([[each.low, each.high] for each in free]).T
    return np.asarray(2.0 * (keys - low) / (high - low) - 1.0)


def _unscaled(free: Sequence[FreeParams], x: FloatArray) -> FloatArray:
    low, high = np.array([[each.low, each.high] for each in free]).T
    return np.asarray(low + 0.5 * (x + 1.0) * (high - low))


def _spread_over(free: Sequence[FreeParams], n: int) -> FloatArray:
    """Return points spread over the prior, in the units of the keys, shape (n, n_keys)."""
    return _unscaled(free, 2.0 * qmc.LatinHypercube(len(free), rng=0).random(n) - 1.0)
