"""The part of the page of a network on its modes: where they are and what moves them."""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from cortex.params.description.overrides import lay_over, value_of
from cortex.params.description.settings import LinesParams
from cortex.params.description.states import part_of
from cortex.params.reading import is_number
from cortex.plots import overview
from cortex.plots.bifurcations import draw_plane
from cortex.plots.elasticities import PER_CENT, draw_elasticities, furthest, shown_modes
from cortex.report.cells import HtmlTable, Text
from cortex.report.network_tables import NetworkTables
from cortex.report.show import DrawnFigure
from cortex.steps.lines import nearest_line
from cortex.steps.select import Table, is_empty, rows
from cortex.units import key_label

LISTED: Final = 6
"""Parameters of each kind in the table of elasticities."""
NO_LINES: Final = (
    "No lines were followed; `lines: {x: {key: factors.g, low: 3.0, high: 8.0}, y: ...}` of a "
    "network asks for those in the plane of any two of its keys."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkTheory(NetworkTables):
    """Modes, what each parameter does to them, and lines at which they begin to grow."""

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
        return self._table(head, body)

    def _inelastic(self) -> str:
        reasons = (
            self.refused(kind) for kind in ("modes", "rate_elasticities", "mode_elasticities")
        )
        return next((why for why in reasons if why), "theory knows no mode of the network")

    def plane(self) -> DrawnFigure | Text:
        """Return folds and onsets of oscillations over two keys, and the states among them."""
        lines = self._lines
        if lines is None:
            return Text(NO_LINES)
        window = (lines.x.low, lines.x.high), (lines.y.low, lines.y.high)
        names = key_label(lines.x.key), key_label(lines.y.key)
        table, points = self.tables["lines"], self._points(lines)
        return self._draw("lines", draw_plane, table, points, names=names, window=window)

    def margins(self) -> Text:
        """Return how far each state lies from the lines, one key changing at a time, in words."""
        lines = self._lines
        if lines is None:
            return Text("")
        keys, points = {"x": lines.x.key, "y": lines.y.key}, self._points(lines)
        said = []
        for state, x, y in zip(points["state"], points["x"], points["y"], strict=True):
            met = {a: nearest_line(self.tables["lines"], (x, y), a) for a in keys}
            ways = "; ".join(_way(keys[a], *found) for a, found in met.items())
            said.append(f"* **{state}**, `{keys['x']}` = {x:.4g}, `{keys['y']}` = {y:.4g}: {ways}.")
        others = [state for state in self.states if state not in points["state"]]
        if others:
            said.append(f"* Not in this plane, or there by default: {', '.join(others)}.")
        return Text("\n".join(said))

    @property
    def _lines(self) -> LinesParams | None:
        """The window in which lines were followed."""
        return next((case.study.lines for case in self.cases.values()), None)

    def _points(self, lines: LinesParams) -> Table:
        """Return state, x, y and whether a mode grows of the states that lie in the plane."""
        keys = (lines.x.key, lines.y.key)
        anywhere = dict.fromkeys(keys, 0.0)
        plane = lay_over(part_of(self.block, None, ("states",)), anywhere)
        found = []
        for state in self.cases:
            own = part_of(self.block, state, ())
            at = [value_of(own, key) for key in keys]
            if all(map(is_number, at)) and lay_over(own, anywhere) == plane:
                found.append((state, *map(float, at), state in self.unstable))
        columns = zip(*found, strict=True) if found else ((), (), (), ())
        kinds = {"state": object, "x": float, "y": float, "grows": bool}
        return {n: np.array(c, kinds[n]) for n, c in zip(kinds, columns, strict=True)}


def _way(key: str, kind: str, place: float, frequency: float) -> str:
    """Return what is met first when a key changes, in words."""
    if not kind:
        return f"along `{key}` no line is met in the window"
    what = "a fold of states" if kind == "fold" else f"the onset of a mode at {frequency:.3g} Hz"
    return f"along `{key}` the nearest line is {what}, at {place:.4g}"
