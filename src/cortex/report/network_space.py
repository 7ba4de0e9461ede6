"""The part of the page of a network on space and the LFP."""

from dataclasses import dataclass

import numpy as np

from cortex.plots import overview
from cortex.plots.sheet_lfp import draw_sheet_lfp
from cortex.plots.sheets import animate_sheet, draw_places, draw_sheet
from cortex.report.cells import Animation, Text
from cortex.report.network_tables import NetworkTables
from cortex.report.show import DrawnFigure
from cortex.steps.select import is_empty


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkSpace(NetworkTables):
    """Waves and patterns, sheets, and the LFP."""

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
