"""The page of any network: what its tables say, in words, tables and pictures."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np

from cortex.io.network import empty
from cortex.io.schemas.network import COMPARED, LFP, LINES, OBSERVED, PREDICTED
from cortex.io.tables import read_columns, read_provenance
from cortex.networks.case import read_case
from cortex.params.description.states import states_of
from cortex.plots import overview
from cortex.plots.network import draw_network
from cortex.plots.overview import NOT_SIMULATED
from cortex.plots.populations import LABELS
from cortex.plots.style import SINGLE_COLUMN, house_style, same_colours
from cortex.report.cells import Beside, HtmlTable, Text
from cortex.report.network_rows import alike, beside, driven, furthest_off
from cortex.report.network_space import NetworkSpace
from cortex.report.network_theory import NetworkTheory
from cortex.report.show import DrawnFigure
from cortex.steps.select import Table, groups, is_empty, rows

if TYPE_CHECKING:
    from cortex.typing import AnyArray

KINDS: Final = {"predicted": PREDICTED, "observed": OBSERVED, "lfp": LFP, "network": COMPARED}
COSTS: Final = "costs.html"
COSTS_HEIGHT: Final = 22.0  # em: a row for each step, and a note


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkPage(NetworkTheory, NetworkSpace):
    """The whole page; every method returns something to show."""

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
        answers = [self._answer(state) for state in self.states]
        lines += ["", *filter(None, answers)]
        return Text("\n".join(lines))

    def _answer(self, state: str) -> str:
        """Return how far theory lies from the simulation at most, or nothing where none can."""
        told = rows(self.tables["network_comparison"], state=state)
        off = {
            "rates": furthest_off(rows(told, observable="nu")),
            "CV": furthest_off(rows(told, observable="cv")),
            "power in bands": furthest_off(rows(told, observable="power", population="all")),
        }
        parts = [f"{name} within {far}" for name, far in off.items() if far]
        if not parts:
            return ""
        leaves = "; a mode grows, the network leaves this working point" * (state in self.unstable)
        where = f" at state {state}" if len(self.states) > 1 else ""
        return f"* In short{where}: theory gives {', '.join(parts)} of the simulation{leaves}."

    def picture(self) -> DrawnFigure | Text:
        """Return the picture of populations and projections, at the first state."""
        if not self.cases:
            return Text("No picture: the tables do not hold the parameters of the network.")
        network = next(iter(self.cases.values())).network
        with house_style(), same_colours(self.populations):
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
        return self._table(head, body)

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
        return self._table(head, body)

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
        return self._table(["state", *(f"{low:.0f}–{high:.0f} Hz" for low, high in bands)], body)

    def cost(self) -> Beside:
        """Return what the jobs behind the page cost; the page itself holds no measured time."""
        return Beside(COSTS, "What it cost, measured when it ran", COSTS_HEIGHT)

    def verdict(self) -> Text:
        """Return the findings in words: what holds, and what does not and why."""
        lines: list[str] = []
        for state, found in groups(self.tables["network_findings"], "state"):
            lines += [f"### State {state}", ""] if len(self.states) > 1 else []
            good, bad = (rows(found, holds=holds) for holds in (True, False))
            lines += ["**What does not hold, and why**", "", _listed(bad) or "* nothing", ""]
            lines += ["**What holds**", "", _listed(good) or "* nothing was tested", ""]
        return Text("\n".join(lines) or "There are no findings.")


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
    block = read_provenance(folder / "network_comparison.parquet")["params"].get("network", {})
    has_lines = block.get("lines") is not None
    tables["lines"] = read_columns(folder / "lines.parquet") if has_lines else empty(LINES)
    states = states_of(block) if block else ()
    cases = {state: read_case(network, block, state) for state in states}
    return NetworkPage(
        name=network, results=Path(results), code=code, tables=tables, cases=cases, block=block
    )


def _listed(found: Table) -> str:
    """Return the sentences of findings as a list, those of one aspect together."""
    if is_empty(found):
        return ""
    return "\n".join(
        "* " + alike(part["sentence"].tolist(), part["population"].tolist())
        for _, part in groups(found, "aspect")
    )
