"""Figures of a recording beside a network, drawn on tiny tables."""

import numpy as np

from cortex.plots.recordings import NAMES, draw_distances, draw_distributions
from cortex.steps.columns import transposed


def distributions(sources):
    return transposed(
        {
            "population": name, "statistic": statistic, "source": source, "seed": seed,
            "share": share, "value": 1.0 + share + seed,
        }
        for name in ("E", "I")
        for statistic in NAMES
        for source, seed in sources
        for share in np.linspace(0.0, 1.0, 5)
    )  # fmt: skip


def comparison(band):
    return transposed(
        {
            "population": name, "statistic": statistic, "theory": np.nan, "distance": 0.3,
            "band": band, "outside": band < 0.3,
        }
        for name in ("E", "I")
        for statistic in NAMES
    )  # fmt: skip


def test_every_statistic_has_a_panel_that_names_it():
    empty = {name: values[:0] for name, values in comparison(0.2).items()}
    figure = draw_distributions(distributions([("recording", 0)]), empty)
    assert [ax.get_xlabel() for ax in figure.axes[-len(NAMES) :]] == list(NAMES.values())
    assert all(len(ax.lines) <= 2 for ax in figure.axes)


def test_runs_are_lines_behind_the_recording():
    sources = [("recording", 0), ("simulation", 0), ("simulation", 1)]
    figure = draw_distributions(distributions(sources), comparison(0.2))
    assert len(figure.axes[1].lines) == 3


def test_distances_outside_of_their_band_are_hollow():
    for band, fill in ((0.2, "white"), (0.4, "#0072B2")):
        marks = draw_distances(comparison(band)).axes[0].lines
        filled = [
            line.get_color() for line in marks if line.get_marker() == "o" and len(line.get_xdata())
        ]
        assert filled == [fill]
