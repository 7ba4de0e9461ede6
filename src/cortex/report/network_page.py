"""The page of any network: what its tables say, in words, tables and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from cortex.io.network import empty
from cortex.io.schemas.network import COMPARED, LFP, OBSERVED, PREDICTED
from cortex.io.tables import read_columns, read_provenance
from cortex.networks.case import NetworkCase, read_case
from cortex.params.description.states import states_of
from cortex.plots import overview
from cortex.plots.elasticities import PER_CENT, draw_elasticities, furthest, shown_modes
from cortex.plots.network import draw_network
from cortex.plots.overview import NOT_SIMULATED
from cortex.plots.populations import LABELS
from cortex.plots.sheet_lfp import draw_sheet_lfp
from cortex.plots.sheets import animate_sheet, draw_places, draw_sheet
from cortex.plots.style import SINGLE_COLUMN, house_style
from cortex.report.cells import Animation, HtmlTable, Text
from cortex.report.network_rows import beside, driven
from cortex.report.show import DrawnFigure, keep_figure
from cortex.steps.select import Table, groups, is_empty, rows
from cortex.typing import AnyArray

KINDS: Final = {"predicted": PREDICTED, "observed": OBSERVED, "lfp": LFP, "network": COMPARED}
LISTED: Final = 6
"""Parameters of each kind in the table of elasticities."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkPage:
    """Everything that is known of one network; every method returns something to show.

    Parameters
    ----------
    name : str
        The network.
    results : Path
        Folder of the results; pictures go into its folder ``figures``.
    code : str
        Digest of the code, kept in the pictures.
    tables : dict of str to table
        ``{step}_{kind}`` -> SI columns; an empty table where nothing was made.
    cases : dict of str to NetworkCase
        State -> the network at it; empty where the tables do not hold its parameters.
    """

    name: str
    results: Path
    code: str
    tables: dict[str, dict[str, AnyArray]]
    cases: dict[str, NetworkCase]

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states."""
        return tuple(dict.fromkeys(self.tables["network_points"]["state"]))

    @property
    def unstable(self) -> frozenset[str]:
        """Names of the states at whose working point a mode grows."""
        modes = self.tables["predicted_modes"]
        grows = zip(modes["state"], modes["growth"], strict=True)
        return frozenset(state for state, growth in grows if growth >= 0.0)

    def question(self) -> Text:
        """Return title, states and the question of the page."""
        points = self.tables["network_points"]
        titles = {state: part["title"][0] for state, part in groups(points, "state")}
        title = next(iter(titles.values())) if len(titles) == 1 else self.name
        lines = [f"# {title}", "", "What does theory say of this network, and does it do that?"]
        if len(titles) > 1:
            lines += ["", *(f"* **{name}**: {what}" for name, what in titles.items())]
        if is_empty(self.tables["observed_network"]):
            lines += ["", f"Theory alone: {NOT_SIMULATED}."]
        return Text("\n".join(lines))

    def picture(self) -> DrawnFigure | Text:
        """Return the picture of populations and projections, at the first state."""
        if not self.cases:
            return Text("No picture: the tables do not hold the parameters of the network.")
        network = next(iter(self.cases.values())).network
        with house_style():
            height = 1.2 if network.n_pops > 2 else 0.7
            figure, ax = plt.subplots(figsize=(SINGLE_COLUMN * 1.3, SINGLE_COLUMN * height))
            K, J = network.synapses.in_degrees, network.jumps
            draw_network(network.names, network.sizes, K, J, ax=ax)
        return self._save("network", figure)

    def projections(self) -> HtmlTable | Text:
        """Return in-degree and jump of every projection, of conductances at threshold."""
        if not self.cases:
            return Text("")
        network = next(iter(self.cases.values())).network
        K, J = network.synapses.in_degrees, network.jumps
        body = [
            [name, f"{size:,}"]
            + [
                f"{k:.4g} × {1e3 * j:+.3g} mV" if k else "–"
                for k, j in zip(K[i], J[i], strict=True)
            ]
            for i, (name, size) in enumerate(zip(network.names, network.sizes, strict=True))
        ]
        return HtmlTable(["target", "neurons", *(f"from {n}" for n in network.names)], body)

    def drive(self) -> HtmlTable | Text:
        """Return what drives every population from outside, state by state where they differ."""
        listed = {state: driven(case) for state, case in self.cases.items()}
        if not listed:
            return Text("")
        first = next(iter(listed.values()))
        alike = all(each == first for each in listed.values())
        body = [
            ["all" if alike else state, *row]
            for state, body in ([("all", first)] if alike else listed.items())
            for row in body
        ]
        head = ["state", "population", "Poisson inputs, rate × jump", "constant drive R I"]
        return HtmlTable(head, body)

    def working_points(self) -> DrawnFigure:
        """Return rates and CV, predicted beside simulated."""
        rates, observed = self.tables["predicted_rates"], self.tables["observed_populations"]
        return self._draw(
            "working_points", overview.draw_working_points, rates, observed,
            unstable=self.unstable, reason=self.refused("rates") or NOT_SIMULATED,
        )  # fmt: skip

    def numbers(self) -> HtmlTable | Text:
        """Return rates and CV as numbers with their errors."""
        compared = self.tables["network_comparison"]
        if is_empty(compared):
            return Text(f"No comparison: {NOT_SIMULATED}.")
        body = [
            [self._called(state), name, LABELS[what], *beside(part, i)]
            for what in ("nu", "cv")
            for state, part in groups(rows(compared, observable=what), "state")
            for i, name in enumerate(part["population"])
        ]
        head = ["state", "population", "observable", "theory", "simulation ± SE", "theory less simulation"]  # fmt: skip # noqa: E501
        return HtmlTable(head, body)

    def neurons(self) -> DrawnFigure:
        """Return how rates spread over single neurons."""
        told, seen = self.tables["predicted_neurons"], self.tables["observed_neurons"]
        reason = self.refused("neurons") or NOT_SIMULATED
        return self._draw("neurons", overview.draw_neurons, told, seen, reason=reason)

    def activity(self) -> DrawnFigure:
        """Return rasters and population rates."""
        t = self.tables
        return self._draw(
            "activity", overview.draw_states, t["observed_raster"], t["observed_activity"],
            t["predicted_rates"], t["network_points"],
        )  # fmt: skip

    def course(self) -> DrawnFigure | Text:
        """Return rates while drives change."""
        told, seen = self.tables["predicted_course"], self.tables["observed_course"]
        if is_empty(told) and is_empty(seen):
            return Text("")
        return self._draw(
            "course",
            overview.draw_courses,
            told,
            seen,
            nonlinear=self.tables["predicted_finite_course"],
            reason=self.refused("course") or NOT_SIMULATED,
        )

    def spectra(self) -> DrawnFigure:
        """Return rate spectra with their ratios."""
        t = self.tables
        return self._draw(
            "spectra", overview.draw_spectra, t["predicted_spectra"], t["observed_spectra"],
            t["predicted_modes"], finite=t["predicted_finite"], refused=self.refused("spectra"),
        )  # fmt: skip

    def bands(self) -> HtmlTable | Text:
        """Return predicted over simulated power of all populations together, by band."""
        compared = self.tables["network_comparison"]
        power = rows(compared, observable="power", population="all")
        if is_empty(power) or not np.isfinite(power["predicted"]).any():
            return Text("No prediction of the spectrum to hold against a simulation.")
        bands = list(dict.fromkeys(zip(power["low"], power["high"], strict=True)))
        body = []
        for state, part in groups(power, "state"):
            ratio = part["predicted"] / part["simulated"]
            body.append([state, *(f"{r:.2g}" if np.isfinite(r) else "–" for r in ratio)])
        return HtmlTable(["state", *(f"{low:.0f}–{high:.0f} Hz" for low, high in bands)], body)

    def modes(self) -> DrawnFigure | Text:
        """Return growth rates, eigenvalues, sensitivities and responses."""
        t = self.tables
        if is_empty(t["predicted_rates"]):
            return Text(f"No modes: {self.refused('rates')}.")
        told = (t[f"predicted_{kind}"] for kind in ("modes", "eigenvalues", "sensitivity", "response"))  # fmt: skip # noqa: E501
        reason = self.refused("modes") or "theory refused it; the verdict says why"
        return self._draw("modes", overview.draw_modes, *told, t["observed_network"], reason=reason)

    def meaning(self) -> Text:
        """Return what the leading modes mean, in words."""
        found = rows(self.tables["network_findings"], aspect="stability")
        if is_empty(found):
            return Text(f"No mode is known: {self.refused('modes')}.")
        several = len(self.states) > 1
        pairs = zip(found["state"], found["sentence"], strict=True)
        return Text("\n".join(f"* {f'**{s}**: ' if several else ''}{words}" for s, words in pairs))

    def elasticities(self) -> DrawnFigure | Text:
        """Return what one per cent more of each parameter does to the leading modes."""
        t = self.tables
        if is_empty(t["predicted_mode_elasticities"]):
            return Text("")  # the table below says why
        return self._draw(
            "elasticities", draw_elasticities, t["predicted_mode_elasticities"],
            t["predicted_rates"],
        )  # fmt: skip

    def strongest(self) -> HtmlTable | Text:
        """Return the parameters that move the leading modes furthest, and the rates with them."""
        moved = self.tables["predicted_mode_elasticities"]
        if is_empty(moved):
            return Text(f"No elasticities: {self._inelastic()}.")
        of_rates, body = self.tables["predicted_rate_elasticities"], []
        for (state, rank), kind in product(shown_modes(moved), ("key", "element")):
            part = rows(moved, state=state, rank=rank, kind=kind)
            known = rows(of_rates, state=state, kind=kind)
            for at in furthest(part, LISTED):
                parameter, f = part["parameter"][at], part["frequency"][at]
                by = (PER_CENT * part[f"{name}_change"][at] for name in ("frequency", "growth"))
                nu = rows(known, parameter=parameter)
                rates = zip(nu["population"], PER_CENT * nu["rate"], strict=True)
                words = ", ".join(f"{name} {change:+.2g}" for name, change in rates)
                moves = (f"{f:.0f} Hz", *(f"{x:+.2g}" for x in by))
                body.append([self._called(state), parameter, *moves, words])
        head = [
            "state",
            "+1 % of",
            "moves the mode at",
            "by Hz",
            "its growth by 1/s",
            "rates by Hz",
        ]
        return HtmlTable(head, body)

    def _inelastic(self) -> str:
        reasons = (
            self.refused(kind) for kind in ("modes", "rate_elasticities", "mode_elasticities")
        )
        return next((why for why in reasons if why), "theory knows no mode of the network")

    def space(self) -> DrawnFigure | Text:
        """Return waves and patterns of a ring or sheet."""
        t = self.tables
        if is_empty(t["observed_space_time"]) and not np.any(t["predicted_modes"]["wave_number"]):
            return Text("The network has no space: there are no waves or patterns to show.")
        return self._draw(
            "space", overview.draw_space, t["predicted_modes"], t["observed_space_time"],
            t["observed_raster"],
        )  # fmt: skip

    def places(self) -> DrawnFigure | Text:
        """Return how a sheet is joined over displacement, and maps of rate and CV."""
        t = self.tables
        if is_empty(t["predicted_kernels"]):
            return Text("")
        return self._draw("places", draw_places, t["predicted_kernels"], t["observed_maps"])

    def sheet(self) -> DrawnFigure | Text:
        """Return a film strip of a sheet, and how alike places are over distance."""
        t = self.tables
        if is_empty(t["observed_film"]):
            return Text("")
        return self._draw("sheet", draw_sheet, t["observed_film"], t["observed_distances"])

    def film(self) -> Animation | Text:
        """Return the film of a sheet; it plays without a network."""
        film = self.tables["observed_film"]
        if is_empty(film):
            return Text("")
        return Animation(animate_sheet(film), "Rate of the first population over the sheet")

    def lfp(self) -> DrawnFigure | Text:
        """Return the LFP over time."""
        if is_empty(self.tables["lfp_traces"]):
            return Text("No LFP was simulated: the network has no `lfp:` block, or `seeds: 0`.")
        return self._draw("lfp", overview.draw_lfp, self.tables["lfp_traces"])

    def lfp_spectra(self) -> DrawnFigure | Text:
        """Return LFP spectra with their ratios."""
        t = self.tables
        if is_empty(t["lfp_spectra"]) and is_empty(t["predicted_lfp"]):
            return Text("")
        refused = self.refused("lfp") or self.refused("spectra")
        return self._draw(
            "lfp_spectra", overview.draw_spectra, t["predicted_lfp"], t["lfp_spectra"],
            t["predicted_modes"], label="signal", refused=refused,
        )  # fmt: skip

    def sheet_lfp(self) -> DrawnFigure | Text:
        """Return the LFP over a sheet: over distance, through the layers, after a spike."""
        t = self.tables
        if is_empty(t["lfp_distances"]):
            return Text("")
        return self._draw(
            "sheet_lfp", draw_sheet_lfp, t["lfp_distances"], t["lfp_shaft"], t["lfp_responses"]
        )

    def verdict(self) -> Text:
        """Return the findings in words: what holds, and what does not and why."""
        lines: list[str] = []
        for state, found in groups(self.tables["network_findings"], "state"):
            lines += [f"### State {state}", ""] if len(self.states) > 1 else []
            good, bad = (rows(found, holds=holds) for holds in (True, False))
            lines += ["**What does not hold, and why**", "", _listed(bad) or "* nothing", ""]
            lines += ["**What holds**", "", _listed(good) or "* nothing was tested", ""]
        return Text("\n".join(lines) or "There are no findings.")

    def refused(self, kind: str) -> str | None:
        """Return why theory gives no table of a kind; where it gives no rates, it gives nothing."""
        found = rows(self.tables["network_findings"], aspect="theory")
        for wanted in ("rates", kind):
            start = f"Theory gives no {wanted.replace('_', ' ')}: "
            for sentence in found["sentence"]:
                if sentence.startswith(start):
                    return str(sentence.removeprefix(start))
        return None

    def _called(self, state: str) -> str:
        return f"{state} (unstable)" if state in self.unstable else state

    def _draw(self, part: str, draw: Any, *tables: Table, **how: Any) -> DrawnFigure:
        with house_style():
            figure: Figure = draw(*tables, **how)
        return self._save(part, figure)

    def _save(self, part: str, figure: Figure) -> DrawnFigure:
        name, title = f"network_{self.name}_{part}", f"{self.name}: {part}"
        return keep_figure(figure, self.results, name, title, self.code)


def open_page(network: str, results: Path | str = "results", code: str = "") -> NetworkPage:
    """Return the page of one network of the configuration.

    Parameters
    ----------
    network : str
        Its name, as under `networks:`.
    results : path
        Folder of the tables.
    code : str
        Digest of the code that draws.

    Raises
    ------
    TableError
        A table is missing or damaged.
    """
    folder = Path(results) / "networks" / network
    tables: dict[str, dict[str, AnyArray]] = {}
    for step, schemas in KINDS.items():
        for kind, schema in schemas.items():
            path = folder / f"{step}_{kind}.parquet"
            # a step that the network does not ask for leaves no file
            optional = step in {"observed", "lfp"} and not path.is_file()
            tables[f"{step}_{kind}"] = empty(schema) if optional else read_columns(path)
    block = read_provenance(folder / "network_comparison.parquet")["params"].get("network")
    return NetworkPage(
        name=network, results=Path(results), code=code, tables=tables, cases=_cases(network, block)
    )


def _cases(network: str, block: Mapping[str, Any] | None) -> dict[str, NetworkCase]:
    if block is None:
        return {}
    return {state: read_case(network, block, state) for state in states_of(block)}


def _listed(found: Table) -> str:
    """Return the sentences of findings as a list, those of one aspect together."""
    if is_empty(found):
        return ""
    return "\n".join(
        "* " + " ".join(str(s).strip() for s in dict.fromkeys(part["sentence"]))
        for _, part in groups(found, "aspect")
    )
