"""Figures of the learning ring draw on tiny tables and keep theory and measurement apart."""

import numpy as np
import pytest

from cortex.io.schemas import learning as schemas
from cortex.io.stack import stack_columns
from cortex.learning_ring.examples import standard_params
from cortex.learning_ring.experiments import learning_observables, train
from cortex.learning_ring.histories import pair_histories, rule_columns
from cortex.learning_ring.records import (
    kernel_rows,
    learning_lock_row,
    replay_picture,
    replay_row,
    tongue_edge,
    tongue_row,
)
from cortex.learning_ring.rules import covariance, differential_hebbian
from cortex.learning_ring.theory import learned_wave
from cortex.params.learning import RingKernelParams
from cortex.plots.learning import (
    HELD,
    draw_kernels,
    draw_learning_rate,
    draw_locking,
    draw_replay,
)
from cortex.plots.learning_pairs import draw_pairs
from cortex.plots.style import SERIES
from cortex.steps.select import rows

TINY = standard_params(n_neurons=40, tau_d=1e-3, periods=6, beta=1.0)


PAIRS = ("weights", "activity", "history", "changes", "rules")
FUNCTIONS = {"differential Hebbian": differential_hebbian, "covariance": covariance}


@pytest.fixture(scope="module")
def tables():
    """Return tables of a ring of 40 neurons."""
    cases = RingKernelParams(tau_d=(1e-3, 2e-3), tau_d_sd=3e-4, noise_sd=0.05).cases(TINY)
    found = learning_observables(TINY, 1)
    course = found.pop("residual_course")
    base = {
        "beta": 1.0,
        "decay": TINY.plasticity.decay,
        "n_neurons": 40,
        "varied": "",
        "replicate": 0,
    }
    kernel = learned_wave(TINY).kernel
    varied = ("tau_d", "tau_x", "period", "control")
    pieces = {
        "kernels": [kernel_rows(name, train(p, 1)) for name, p in cases.items()],
        "replay": [replay_row(name, TINY) for name in varied],
        "picture": [replay_picture(TINY, 2, 30)],
        "locking": [learning_lock_row(TINY, x, 1) for x in (0.8, 1.5)],
        "tongue": [tongue_row(TINY, kernel, 1.0, x) for x in (0.5, 1.5)],
        "edge": [tongue_edge(TINY, kernel, np.array([1.0, 2.0]))],
    }
    known = {
        name: stack_columns(each, getattr(schemas, name.upper())) for name, each in pieces.items()
    }
    n = course["time"].size
    params = TINY.at(rule="pairwise")
    rules = [rule_columns(name, params, rule, 1) for name, rule in FUNCTIONS.items()]
    return {
        **known,
        **pair_histories(TINY, 1, n_times=5, n_shown=40),
        "rules": stack_columns(rules, schemas.RULES),
        "sweep": {name: np.array([value]) for name, value in {**base, **found}.items()},
        "residuals": {**{name: np.full(n, value) for name, value in base.items()}, **course},
    }


@pytest.fixture
def figures(tables):
    return {
        "kernels": draw_kernels(tables["kernels"]),
        "rate": draw_learning_rate(tables["sweep"], tables["residuals"]),
        "pairs": draw_pairs(*(tables[name] for name in PAIRS)),
        "replay": draw_replay(tables["replay"], tables["picture"]),
        "locking": draw_locking(tables["locking"], tables["tongue"], tables["edge"]),
    }


def test_every_panel_names_its_axes(figures, scales):
    for name, figure in figures.items():
        assert all(scales(figure)), name
        assert all(ax.get_ylabel() for ax in figure.axes), name


def right_title(ax):
    return ax.get_title(loc="right")


def test_every_figure_says_how_far_simulation_and_theory_are_apart(tables, figures):
    _, collapsed, variants, spread = figures["kernels"].axes
    for ax in (collapsed, variants, spread):
        assert right_title(ax).startswith("largest relative difference ")
    replay = tables["replay"]
    apart = np.max(np.abs(replay["frequency"] / replay["switch"] - 1.0))
    assert right_title(figures["replay"].axes[1]) == f"largest relative difference {apart:.1g}"
    held, edge, lead = figures["locking"].axes
    ratio = tables["locking"]["frequency_ratio"][1]
    assert right_title(held) == f"grey: largest relative difference {abs(ratio - 1.0):.1g}"
    assert right_title(edge) == "0 of 2 on the wrong side"
    assert right_title(lead).endswith("°")


def test_waves_that_die_do_not_hide_the_difference_of_the_others(tables):
    one, dead = tables["replay"], {name: column.copy() for name, column in tables["replay"].items()}
    dead["frequency"][:] = np.nan
    both = {name: np.concatenate([one[name], dead[name]]) for name in one}
    figures = [draw_replay(table, tables["picture"]) for table in (one, both, dead)]
    alone, with_dead, without_waves = (right_title(figure.axes[1]) for figure in figures)
    assert alone == with_dead != ""
    assert without_waves == ""


def test_no_delay_rate_decay_or_variant_is_left_out_when_there_are_more_than_colours(tables):
    n = len(SERIES) + 1
    delay = rows(tables["kernels"], case="delay 1 ms")
    kernels = [tables["kernels"]] + [
        {**delay, "case": np.full(40, case, dtype=object)}
        for case in [f"delay {j + 3} ms" for j in range(n)] + [f"variant {j}" for j in range(n)]
    ]
    figure = draw_kernels({key: np.concatenate([t[key] for t in kernels]) for key in delay})
    assert len(legend_of(figure.axes[0])) == 2 + n
    assert len(legend_of(figure.axes[2])) == 3 + n
    assert len(drawn_colours(figure.axes[0])) == len(SERIES)

    residuals, locking = tables["residuals"], tables["locking"]
    factor = np.arange(1.0, n + 1.0)
    betas = {key: np.tile(column, n) for key, column in residuals.items()}
    betas["beta"] = np.repeat(factor, residuals["beta"].size)
    betas["varied"] = np.where(betas["beta"] == 1.0, "", "beta")
    assert len(legend_of(draw_learning_rate(tables["sweep"], betas).axes[0])) == n
    decays = {key: np.tile(column, n) for key, column in locking.items()}
    decays["decay"] = np.repeat(factor, locking["decay"].size)
    figure = draw_locking(decays, tables["tongue"], tables["edge"])
    assert len(legend_of(figure.axes[0])) == n


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def drawn_colours(ax):
    return {line.get_color() for line in ax.lines}


def test_marks_are_learned_weights_and_lines_their_prediction(tables, figures):
    ax = figures["kernels"].axes[1]
    line = next(x for x in ax.lines if x.get_linestyle() == "-")
    marks = next(x for x in ax.lines if x.get_marker() == "o")
    first = tables["kernels"]["case"] == "delay 1 ms"
    assert set(line.get_ydata()) == set(tables["kernels"]["predicted"][first])
    assert set(marks.get_ydata()) <= set(tables["kernels"]["weight"][first])


def test_edge_of_the_tongue_is_one_at_the_trained_speed(tables):
    assert tables["edge"]["limit"][0] == pytest.approx(1.0, rel=1e-14)
    np.testing.assert_allclose(tables["tongue"]["limit"], 1.0, rtol=1e-14)


def test_the_full_matrix_is_drawn_target_over_source_with_zero_in_the_middle(tables, figures):
    ax = figures["pairs"].axes[0]
    drawn = ax.collections[0]
    assert drawn.get_clim()[0] == -drawn.get_clim()[1]
    weights = tables["weights"]
    at = (weights["target"] == 7) & (weights["source"] == 3)
    assert drawn.get_array()[7, 3] == weights["weight"][at][0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("source neuron", "target neuron")


def test_a_learning_wave_that_slips_below_the_limit_has_an_open_mark(tables, figures):
    ax, locking = figures["locking"].axes[0], tables["locking"]
    off = np.abs(locking["frequency_ratio"] - 1.0)
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    faces = {
        float(x): line.get_markerfacecolor() for line in marks for x in line.get_xdata(orig=True)
    }
    assert ax.get_yscale() == "log"
    for strength, distance in zip(locking["strength"], off, strict=True):
        assert (faces[strength] == "white") == (distance >= HELD)
