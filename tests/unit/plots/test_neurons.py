"""Rates of single neurons: theory is a line over the histogram, and loses no neuron."""

import numpy as np

from cortex.plots.neurons import BARS, draw_neuron_rates
from cortex.plots.overview import draw_neurons
from cortex.steps.columns import labelled, stacked

RATE = np.arange(100) / 2.0
PREDICTED = labelled({"rate": RATE, "share": np.full(100, 0.01)}, state="C", population="E")
OBSERVED = stacked(
    labelled({"rate": RATE[:n], "share": np.full(n, 1.0 / n)}, state="C", seed=seed, population="E")
    for seed, n in enumerate((40, 80))
)
NOTHING = {name: values[:0] for name, values in OBSERVED.items()}


def test_bars_and_line_hold_every_neuron_once_in_bins_of_whole_spikes():
    ax = draw_neuron_rates(PREDICTED, OBSERVED, population="E")
    bars, line = (patch.get_data() for patch in ax.patches)  # type: ignore[attr-defined]
    np.testing.assert_allclose(bars.values.sum(), 1.0)
    assert len(bars.values) <= BARS
    np.testing.assert_allclose(np.diff(bars.edges) * 2.0, 3.0)  # 81 rates in 40 bars
    np.testing.assert_allclose(bars.edges[0], -0.25)
    # both networks have their first 40 rates in common
    np.testing.assert_allclose(bars.values[0], 0.5 * (3 / 40 + 3 / 80))
    # theory reaches beyond the histogram, and what lies there is left out
    np.testing.assert_allclose(line.values, 0.03)


def test_nothing_is_said_and_theory_stands_alone():
    assert len(draw_neuron_rates(PREDICTED, NOTHING, population="E").patches) == 1
    empty = draw_neuron_rates(NOTHING, NOTHING, population="E", reason="no seeds")
    assert "no seeds" in empty.texts[0].get_text().replace("\n", " ")


def test_every_population_of_every_state_has_a_panel():
    other = PREDICTED | {"state": np.full(100, "D", dtype=object)}
    figure = draw_neurons(stacked([PREDICTED, other]), NOTHING)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["E, state C", "E, state D"]
    assert len(draw_neurons(NOTHING, NOTHING).axes) == 1
