"""Figures of the learning ring draw on tiny tables and keep theory and measurement apart."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from cortex.params.learning import RingKernelParams
from cortex.plots.learning import draw_kernels, draw_learning_rate, draw_locking, draw_replay
from cortex.ring.examples import standard_params
from cortex.ring.experiments import residual_steps, train
from cortex.ring.records import (
    kernel_rows,
    learning_lock_row,
    replay_picture,
    replay_row,
    residual_rows,
    stacked,
    sweep_row,
    tongue_edge,
    tongue_row,
)
from cortex.ring.theory import learned_wave

mpl.use("Agg")
TINY = standard_params(n_neurons=40, tau_d=1e-3, periods=6, beta=1.0)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def tables():
    """Return tables of a ring of 40 neurons."""
    cases = RingKernelParams(tau_d=(1e-3, 2e-3), tau_d_sd=3e-4, noise_sd=0.05).cases(TINY)
    training = train(TINY, 1, weight_steps=residual_steps(TINY, 3))
    kernel = learned_wave(TINY).kernel
    varied = ("tau_d", "tau_x", "period", "control")
    return {
        "kernels": stacked([kernel_rows(name, train(p, 1)) for name, p in cases.items()]),
        "sweep": stacked([sweep_row(name, 0, training) for name in ("decay", "n_neurons")]),
        "residuals": residual_rows(0, training),
        "replay": stacked([replay_row(name, TINY) for name in varied]),
        "picture": replay_picture(TINY, 2, 30),
        "locking": stacked([learning_lock_row(TINY, x, 1) for x in (0.8, 1.5)]),
        "tongue": stacked([tongue_row(TINY, kernel, 1.0, x) for x in (0.5, 1.5)]),
        "edge": tongue_edge(TINY, kernel, np.array([1.0, 2.0])),
    }


@pytest.fixture
def figures(tables):
    return {
        "kernels": draw_kernels(tables["kernels"]),
        "rate": draw_learning_rate(tables["sweep"], tables["residuals"]),
        "replay": draw_replay(tables["replay"], tables["picture"]),
        "locking": draw_locking(tables["locking"], tables["tongue"], tables["edge"]),
    }


def test_every_panel_names_its_axes(figures):
    for name, figure in figures.items():
        for ax in figure.axes:
            assert ax.get_ylabel(), name


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
