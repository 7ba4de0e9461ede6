"""Figures of single cells draw on tiny tables, and their text says what the tables hold."""

import numpy as np

from cortex.claims.cells import patterns, rates
from cortex.plots.cells import PATTERN_COLOURS, draw_patterns, draw_rates


def tables(off=0.0):
    """Return curves and responses of two cells, simulated rates off by a share."""
    mu = np.array([0.01, 0.02])
    nu = np.array([10.0, 30.0])
    curve = {"mu": mu, "nu": nu, "cv": np.array([0.7, 0.4]), "nu_seen": nu * (1.0 + off),
             "cv_seen": np.array([0.69, 0.41]), "se": np.array([0.1, 0.2])}  # fmt: skip
    f = np.array([1.0, 10.0, 100.0])
    gain, phase = np.array([2e3, 1e3, 1e2]), np.array([-0.1, -0.7, -1.4])
    response = {"frequency": f, "gain": gain, "phase": phase, "gain_seen": gain,
                "phase_seen": phase, "se": np.full(3, 60.0)}  # fmt: skip
    names = np.array(["eif", "adex"], dtype=object)
    return [
        {"cell": np.repeat(names, len(next(iter(part.values()))))}
        | {name: np.tile(values, 2) for name, values in part.items()}
        for part in (curve, response)
    ]


def plane():
    reset, b = np.array([-0.06, -0.045]), np.array([0.0, 1e-10])
    names = np.array(["tonic", "bursting", "adapting", "irregular"], dtype=object)
    field = {"reset": np.tile(reset, 2), "b": np.repeat(b, 2), "pattern": names,
             "rate": np.ones(4)}  # fmt: skip
    t = np.linspace(0.0, 0.1, 5)
    traces = {"pattern": np.repeat(names, 5), "reset": np.repeat(field["reset"], 5),
              "b": np.repeat(field["b"], 5), "time": np.tile(t, 4),
              "v": np.full(20, -0.05)}  # fmt: skip
    return field, traces


def test_every_cell_is_a_line_with_its_marks_in_four_panels():
    figure = draw_rates(*tables())
    assert [ax.get_title(loc="left") for ax in figure.axes] == list("ABCD")
    for ax in figure.axes:
        assert sum(line.get_linestyle() == "-" for line in ax.lines) == 2
        assert sum(line.get_marker() == "o" for line in ax.lines) == 2
    # the gain at 100 Hz is known to less than two standard errors: no phase there
    assert len(figure.axes[3].lines[1].get_xdata()) == 2


def test_every_pattern_of_the_plane_has_a_trace_of_its_colour():
    field, traces = plane()
    figure = draw_patterns(field, traces)
    assert len(figure.axes) == 5
    shown = [ax.get_title(loc="right") for ax in figure.axes[1:]]
    assert shown == [name for name in PATTERN_COLOURS if name in set(field["pattern"])]


def test_claims_turn_with_the_tables():
    good, bad = rates(*tables()), rates(*tables(off=0.2))
    assert good["rates_agree"]
    assert good["responses_agree"]
    assert not bad["rates_agree"]
    assert str(bad["rate"]) == "16.7 %"  # 1 - 1/1.2
    said = patterns(*plane())
    assert said["bursts_with_high_reset"]
    assert said["irregular_somewhere"]
    assert not said["adaptation_ends_bursts"]  # one bursts without any
    assert str(said["first_burst"]) == "\N{MINUS SIGN}45.0 mV"
    exchanged = dict(plane()[0], pattern=plane()[0]["pattern"][[1, 0, 3, 2]])
    assert not patterns(exchanged, plane()[1])["bursts_with_high_reset"]
