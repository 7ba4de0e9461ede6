"""Figures of a recording beside a network, drawn on tiny tables."""

import numpy as np

from cortex.plots.recorded_field import MOST_CHANNELS, draw_field
from cortex.plots.recordings import (
    NAMES,
    draw_distances,
    draw_distributions,
    draw_measured_spectra,
)
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


def test_spectra_without_a_network_have_no_panel_of_a_ratio():
    names = ["all", "E", "I", "PV", "SST"]
    spectra = transposed(
        {"population": name, "seed": 0, "frequency": f, "power": 1.0 + f}
        for name in names
        for f in (0.0, 1.0, 2.0)
    )
    figure = draw_measured_spectra(spectra, label="population")
    shown = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_title(loc="left") for ax in shown] == names
    assert all(len(ax.lines) == 1 and ax.get_xlabel() for ax in shown)


def test_every_statistic_has_a_panel_that_names_it():
    empty = {name: values[:0] for name, values in comparison(0.2).items()}
    figure = draw_distributions(distributions([("recording", 0)]), empty)
    assert [ax.get_xlabel() for ax in figure.axes[-len(NAMES) :]] == list(NAMES.values())
    assert all(len(ax.lines) <= 2 for ax in figure.axes)
    figure.canvas.draw()
    told = [label.get_text() for ax in figure.axes for label in ax.get_xticklabels()]
    assert not [text for text in told if "." in text and text.endswith("0")]  # 1.00 touches 1.25


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


def field(n_channels):
    """Return the tables of a field of some channels, each with one peak."""
    channels = [str(1 + k) for k in range(n_channels)]
    pairs = [{"channel": c, "population": p} for c in channels for p in "EI"]
    lines = [{"channel": c, "frequency": f} for c in channels for f in (5.0, 10.0, 20.0)]
    return (
        transposed({**line, "power": 1e-12, "law": 1e-13} for line in lines),
        transposed(
            {"channel": c, "frequency": 10.0, "height": 1.0, "width": 2.0} for c in channels
        ),
        transposed(
            {**pair, "frequency": f, "coherence": 0.5, "chance": 0.1}
            for pair in pairs
            for f in (5.0, 10.0)
        ),
        transposed(
            {**pair, "lag": lag, "field": 2e-6, "chance": 1e-6, "n_spikes": 9}
            for pair in pairs
            for lag in (-0.01, 0.01)
        ),
        transposed({**pair, "band": "alpha", "consistency": 0.2} for pair in pairs),
    )


def test_a_field_has_a_row_of_panels_for_some_channels_in_microvolts():
    axes = np.array(draw_field(*field(9)).axes).reshape(MOST_CHANNELS, 4)
    assert [ax.get_ylabel().splitlines()[0] for ax in axes[:, 0]] == [
        f"channel {k}" for k in (1, 3, 6, 9)
    ]
    peak = next(line for line in axes[1, 0].lines if line.get_marker() == "v")
    assert peak.get_xdata().tolist() == [10.0]
    assert {2.0} <= {y for line in axes[0, 2].lines for y in line.get_ydata()}
    assert {0.2} <= {y for line in axes[0, 3].lines for y in line.get_ydata()}
