"""What is known of one network: its tables, its states, and how a picture of it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from cortex.networks.case import NetworkCase
from cortex.params.description.states import ALONE
from cortex.plots.populations import growing_states
from cortex.plots.style import house_style, same_colours
from cortex.report.cells import HtmlTable
from cortex.report.show import DrawnFigure, keep_figure
from cortex.steps.select import Table, rows
from cortex.typing import AnyArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkTables:
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
    block : mapping
        Keys of the network, states among them; empty where `cases` is.
    """

    name: str
    results: Path
    code: str
    tables: dict[str, dict[str, AnyArray]]
    cases: dict[str, NetworkCase]
    block: Mapping[str, Any] = field(default_factory=dict)

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states."""
        return tuple(dict.fromkeys(self.tables["network_points"]["state"]))

    @property
    def unstable(self) -> frozenset[str]:
        """Names of the states at whose working point a mode grows."""
        return growing_states(self.tables["predicted_modes"])

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

    @property
    def populations(self) -> tuple[str, ...]:
        """Names of the populations, whether they fire or not."""
        tables = (self.tables[name] for name in ("predicted_rates", "observed_populations"))
        return tuple(dict.fromkeys(name for table in tables for name in table["population"]))

    def _table(self, head: Sequence[str], body: Sequence[Sequence[str]]) -> HtmlTable:
        """Return a table by state; a network with one state, never named, needs no such column."""
        if self.states == (ALONE,) and not self.unstable:
            return HtmlTable(head[1:], [row[1:] for row in body])
        return HtmlTable(head, body)

    def _draw(self, part: str, draw: Any, *tables: Table, **how: Any) -> DrawnFigure:
        with house_style(), same_colours(self.populations):
            figure: Figure = draw(*tables, **how)
        return self._save(part, figure)

    def _save(self, part: str, figure: Figure) -> DrawnFigure:
        name, title = f"network_{self.name}_{part}", f"{self.name}: {part}"
        return keep_figure(figure, self.results, name, title, self.code)
