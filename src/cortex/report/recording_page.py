"""The page of a recording: its statistics, and how far a network and its theory are from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from cortex.io.network import at_state, empty
from cortex.io.schemas.network import LFP, OBSERVED, PREDICTED
from cortex.io.schemas.recordings import BESIDE, DESCRIBED, FIELD, UNITARY
from cortex.io.tables import read_columns, read_provenance
from cortex.plots import overview
from cortex.plots.power import VOLT
from cortex.plots.recorded_field import draw_field
from cortex.plots.recordings import (
    NAMES,
    draw_distances,
    draw_distributions,
    draw_measured_spectra,
)
from cortex.plots.style import house_style, same_colours
from cortex.report.cells import HtmlTable, Text
from cortex.report.show import DrawnFigure, keep_figure
from cortex.steps.columns import stacked
from cortex.steps.recorded_lfp import RADIUS
from cortex.steps.recordings import LEVEL, RECORDED, SIMULATED, WORDS
from cortex.steps.select import Table, is_empty, rows
from cortex.typing import AnyArray
from cortex.units import from_si

OWN: Final = {
    "observed": OBSERVED,
    "described": DESCRIBED,
    "lfp": LFP,
    "unitary": UNITARY,
    "compared": BESIDE,
    "field": FIELD,
}
CALLED: Final = {RECORDED: "recording"}
NO_NETWORK: Final = "no network is held against the recording (`network:`, or `--network`)"
NO_FIELD: Final = "No field was recorded beside the spikes (`field:`, or `--lfp`)."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordingPage:
    """Everything that is known of one recording; every method returns something to show.

    Parameters
    ----------
    name : str
        The recording.
    results : Path
        Folder of the results; pictures go into its folder ``figures``.
    code : str
        Digest of the code, kept in the pictures.
    block : mapping
        Its keys in the configuration.
    tables : dict of str to table
        ``{step}_{kind}`` -> SI columns of the recording; ``simulated_{kind}`` and
        ``predicted_{kind}`` of its network; empty where nothing was made.
    notes : mapping
        ``recorded_s``, ``compared_s`` and ``runs``, where there is a network.
    """

    name: str
    results: Path
    code: str
    block: Mapping[str, Any]
    tables: dict[str, dict[str, AnyArray]]
    notes: Mapping[str, Any]

    @property
    def network(self) -> str:
        """What the network is called; empty without one."""
        names = [str(self.block.get(key) or "") for key in ("network", "state")]
        return ", state ".join(name for name in names if name)

    def question(self) -> Text:
        """Return title, files, regime and the question of the page."""
        files = self.block["file"]
        listed = ", ".join(f"`{f}`" for f in ([files] if isinstance(files, str) else files))
        seen = self.tables["observed_network"]
        lines = [f"# {self.block.get('title') or self.name}", ""]
        further = ", and how far is a network from it?" if self.network else "?"
        lines += [f"What are the statistics of {listed}{further}", ""]
        lines += [f"Regime: **{seen['regime'][0]}**, {seen['nu'][0]:.3g} Hz per neuron. "]
        if self.network:
            compared, recorded = (self.notes[key] for key in ("compared_s", "recorded_s"))
            lines.append(
                f"Network: **{self.network}**, {self.notes['runs']} runs with different seeds; "
                f"compared over {compared:.4g} s of {recorded:.4g} s, with as many neurons as "
                "the smaller of both has."
            )
        else:
            lines += [f"Network: none; {NO_NETWORK}. "]
        lines += [NO_FIELD] * is_empty(self.tables["field_laws"])
        return Text("\n".join(lines))

    def statistics(self) -> HtmlTable:
        """Return the statistics of the recording with their confidence."""
        table = self.tables["described_statistics"]
        columns = ("population", "statistic", "n", "mean", "sd", "low", "high")
        body = [
            [name, _called(statistic), f"{n:,}", _number(mean), _number(sd),
             f"{_number(low)} to {_number(high)}"]
            for name, statistic, n, mean, sd, low, high in zip(
                *(table[key] for key in columns), strict=True
            )
        ]  # fmt: skip
        head = ["population", "statistic", "neurons or pairs", "mean", "SD", "95 % interval of the mean"]  # fmt: skip # noqa: E501
        return HtmlTable(head, body)

    def distributions(self) -> DrawnFigure:
        """Return the distributions over neurons and pairs, beside those of the network."""
        t = self.tables
        shown = t["compared_distributions"]
        shown = t["described_distributions"] if is_empty(shown) else shown
        return self._draw("distributions", draw_distributions, shown, t["compared_comparison"])

    def beside(self) -> HtmlTable | Text:
        """Return data, simulation and theory in one table."""
        table = self.tables["compared_comparison"]
        if is_empty(table):
            return Text("")
        columns = (
            "population", "statistic", "data", "simulation", "theory", "effect", "distance",
            "band", "outside",
        )  # fmt: skip
        body = [
            [name, _called(statistic), *map(_number, numbers), "outside" if out else "inside"
             if np.isfinite(numbers[-1]) else "unknown"]
            for name, statistic, *numbers, out in zip(
                *(table[key] for key in columns), strict=True
            )
        ]  # fmt: skip
        head = ["population", "statistic", "data", "simulation", "theory", "effect size", "distance", "band of seeds", "the data lie"]  # fmt: skip # noqa: E501
        return HtmlTable(head, body)

    def distances(self) -> DrawnFigure | Text:
        """Return the distances and the bands of the seeds."""
        table = self.tables["compared_comparison"]
        if is_empty(table):
            return Text("")
        return self._draw("distances", draw_distances, table)

    def activity(self) -> DrawnFigure:
        """Return rasters and population rates of the recording and of the network."""
        t = self.tables
        names = [RECORDED] + [SIMULATED] * (not is_empty(t["simulated_raster"]))
        points = {
            "state": np.array(names, dtype=object),
            "key": np.array([""] * len(names), dtype=object),
            "value": np.zeros(len(names)),
        }
        return self._draw(
            "activity", overview.draw_states, self._both("raster"), self._both("activity"),
            self._told("rates", SIMULATED), points, called=CALLED, equally_long=True,
        )  # fmt: skip

    def spectra(self) -> DrawnFigure:
        """Return the rate spectra of recording and network over theory, where there is one."""
        both = self._both("spectra")
        if not self.network:
            return self._draw("spectra", draw_measured_spectra, both, label="population")
        told = stacked([self._told("spectra", name) for name in (RECORDED, SIMULATED)])
        modes = stacked([self._told("modes", name) for name in (RECORDED, SIMULATED)])
        return self._draw("spectra", overview.draw_spectra, told, both, modes, called=CALLED)

    def lfp(self) -> DrawnFigure | Text:
        """Return the LFP that the spikes would make, over time."""
        if is_empty(self.tables["lfp_traces"]):
            unitary = self.tables["unitary_traces"]
            return self._draw("lfp", overview.draw_lfp, unitary, unit=VOLT)
        return self._draw("lfp", overview.draw_lfp, self.tables["lfp_traces"])

    def lfp_spectra(self) -> DrawnFigure | Text:
        """Return its spectrum, over that of theory where a network says how spikes weigh."""
        if is_empty(self.tables["lfp_spectra"]):
            unitary = self.tables["unitary_spectra"]
            if is_empty(unitary):
                return Text("")
            return self._draw("lfp_spectra", draw_measured_spectra, unitary, label="contact")
        return self._draw(
            "lfp_spectra", overview.draw_spectra, self._told("lfp", RECORDED),
            self.tables["lfp_spectra"], self._told("modes", RECORDED), label="signal",
            called=CALLED,
        )  # fmt: skip

    def field(self) -> DrawnFigure | Text:
        """Return the recorded field: spectra, and how the spikes go with it."""
        shown = [self.tables[f"field_{kind}"] for kind in FIELD if kind != "laws"]
        if is_empty(shown[0]):
            return Text("")
        return self._draw("field", draw_field, *shown)

    def field_spectra(self) -> HtmlTable | Text:
        """Return power law and peaks of every channel."""
        laws = self.tables["field_laws"]
        if is_empty(laws):
            return Text("")
        body = []
        for channel, exponent, offset in zip(*laws.values(), strict=True):
            peaks = rows(self.tables["field_peaks"], channel=channel)
            told = "; ".join(
                f"{f:.3g} Hz ({height:.2g} decades, {width:.2g} Hz wide)"
                for f, height, width in zip(
                    *(peaks[key] for key in ("frequency", "height", "width")), strict=True
                )
            )
            level = from_si(10.0**offset, "uV2_per_Hz")
            body.append([channel, _number(exponent), _number(level), told or "none"])
        head = ["channel", "exponent of 1/f", "power law at 1 Hz (µV²/Hz)", "peaks above it"]
        return HtmlTable(head, body)

    def locking(self) -> HtmlTable | Text:
        """Return how the spikes lock to the phases of the field."""
        table = self.tables["field_locking"]
        if is_empty(table):
            return Text("")
        columns = ("channel", "population", "band", "low", "high", "n_spikes", "strength",
                   "consistency", "phase")  # fmt: skip
        body = [
            [channel, name, f"{band} ({low:g} to {high:g} Hz)", f"{n:,}", _number(strength),
             _number(consistency), _number(np.rad2deg(phase))]
            for channel, name, band, low, high, n, strength, consistency, phase in zip(
                *(table[key] for key in columns), strict=True
            )
        ]  # fmt: skip
        head = ["channel", "population", "band", "spikes", "mean phasor", "pairwise consistency", "phase (degrees from the peak)"]  # fmt: skip # noqa: E501
        return HtmlTable(head, body)

    def about_bands(self) -> Text:
        """Return what the bands and effect sizes of the page are; nothing without a network."""
        if not self.network:
            return Text("")
        return Text(
            "## Verdict\n\nThe band of a distance holds what one more run of the network, with "
            f"another seed, would show: with {LEVEL:.0%} confidence for all rows together. The "
            "effect size is the difference of the means, simulation less recording, in pooled "
            "standard deviations."
        )

    def about_beside(self) -> Text:
        """Return what the table of data, simulation and theory holds; nothing without a network."""
        if is_empty(self.tables["compared_comparison"]):
            return Text("")
        return Text(
            "## Data, simulation, theory\n\nMeans over neurons or pairs; the Kolmogorov-Smirnov "
            "distance is the largest difference of the cumulative distributions, mean over the "
            "runs."
        )

    def about_field(self) -> Text:
        """Return what the panels of a recorded field show; nothing without one."""
        if is_empty(self.tables["field_laws"]):
            return Text("")
        return Text(
            "## Recorded field\n\nPower over its power law, with the peaks above it; coherence "
            "with the spikes of each population, dashed what chance seldom exceeds; the mean field "
            "around spikes, shaded what shifts in time show; consistency of the phases at spikes, "
            "none without locking."
        )

    def about_lfp(self) -> Text:
        """Return how the LFP of recorded spikes is made."""
        return Text(
            "What these spikes would make: by the weights of the network the weighted sum of "
            "currents; where no network has all populations, the sum of unitary kernels of human "
            "cortex at one contact, neurons without places on a disc of "
            f"{from_si(RADIUS, 'mm'):g} mm around it."
        )

    def verdict(self) -> Text:
        """Return how far the network is from the recording and why, in words."""
        found = self.tables["compared_findings"]
        if is_empty(found):
            return Text("")
        bad, good = (rows(found, holds=holds) for holds in (False, True))
        if is_empty(bad):
            return Text("\n".join([_head_of_agreement(found), "", _listed(good)]))
        reasons = ", ".join(dict.fromkeys(WORDS[each] for each in bad["aspect"]))
        lines = [
            f"**The network differs from the recording, the largest effect first: {reasons}.**",
            "",
            _listed(bad),
            "",
            "**What agrees**",
            "",
            _listed(good) or "* nothing",
        ]
        return Text("\n".join(lines))

    def _both(self, kind: str) -> Table:
        """Return rows of the recording, then those of the simulation, told apart by state."""
        parts = [self.tables[f"observed_{kind}"], _as(self.tables[f"simulated_{kind}"], SIMULATED)]
        return stacked([part for part in parts if not is_empty(part)] or parts[:1])

    def _told(self, kind: str, name: str) -> dict[str, AnyArray]:
        return _as(self.tables[f"predicted_{kind}"], name)

    def _draw(self, part: str, draw: Any, *tables: Table, **how: Any) -> DrawnFigure:
        names = self.tables["observed_populations"]["population"]
        with house_style(), same_colours(names):
            figure = draw(*tables, **how)
        name, title = f"recording_{self.name}_{part}", f"{self.name}: {part}"
        return keep_figure(figure, self.results, name, title, self.code)


def open_page(recording: str, results: Path | str = "results", code: str = "") -> RecordingPage:
    """Return the page of one recording of the configuration.

    Parameters
    ----------
    recording : str
        Its name, as under `recordings:`.
    results : path
        Folder of the tables.
    code : str
        Digest of the code that draws.

    Raises
    ------
    TableError
        A table is missing or damaged.
    """
    folder = Path(results) / "recordings" / recording
    block = read_provenance(folder / "described_statistics.parquet")["params"]["recording"]
    network = block.get("network") or ""
    tables: dict[str, dict[str, AnyArray]] = {}
    for step, schemas in OWN.items():
        for kind, schema in schemas.items():
            needs = {"compared": network, "field": block.get("field")}
            absent = step in needs and not needs[step]
            path = folder / f"{step}_{kind}.parquet"
            tables[f"{step}_{kind}"] = empty(schema) if absent else read_columns(path)
    notes: Mapping[str, Any] = {}
    state = ""
    if network:
        source = read_provenance(folder / "compared_comparison.parquet")
        notes, state = source["notes"], source["params"]["state"]
        block = {**block, "state": "" if state == "default" else state}
    of_network = Path(results) / "networks" / network
    for kind, schema in PREDICTED.items():
        whole = read_columns(of_network / f"predicted_{kind}.parquet") if network else empty(schema)
        tables[f"predicted_{kind}"] = at_state({"it": whole}, state).get("it", empty(schema))
    for kind, schema in OBSERVED.items():
        path = of_network / state / f"observed_{kind}.parquet"
        tables[f"simulated_{kind}"] = read_columns(path) if network else empty(schema)
    return RecordingPage(
        name=recording, results=Path(results), code=code, block=block, tables=tables, notes=notes
    )


def _as(table: Table, name: str) -> dict[str, AnyArray]:
    n = len(table["state"])
    return {**table, "state": np.full(n, name, dtype=object)}


def _head_of_agreement(found: Table) -> str:
    """Return what it means that no distance lies outside of its band."""
    banded = np.isfinite(found["limit"])
    if not banded.any():
        return "**No band of seeds is known: it takes three runs of the network.**"
    idle = np.count_nonzero(found["limit"][banded] >= 1.0)
    if idle:
        return (
            f"**Too few runs to say: {idle} of {np.count_nonzero(banded)} bands reach a distance "
            "of 1, the largest there is, so that nothing could lie outside. More seeds (seeds: 5 "
            "or more, in the network's file or a configuration) narrow them.**"
        )
    return (
        "**The recording is like one more run of the network: every distance lies inside "
        "the band of its seeds.**"
    )


def _called(statistic: str) -> str:
    return f"{WORDS[statistic]} (Hz)" if NAMES[statistic].endswith("(Hz)") else WORDS[statistic]


def _number(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "–"


def _listed(found: Table) -> str:
    return "\n".join(f"* {sentence}" for sentence in found["sentence"])
