"""Synapses that are cut: the strongest is named by what it does at held rates."""

import matplotlib.pyplot as plt
import numpy as np

from cortex.claims.rhythm import cuts
from cortex.plots.elasticities import draw_cuts

STATES = ("intact", "cut")


def tables(left):
    """Return tables of one rhythm at 63 Hz, of which a share is left where a synapse is cut."""
    parameters = ["J(23E<-4E)", "J(4I<-4I)", "J(4I<-23E)", "tau_m(4E)"]
    modes = {
        "state": np.full(8, "intact", dtype=object),
        "parameter": np.array(parameters * 2, dtype=object),
        "rank": np.repeat([0, 1], 4),
        "frequency": np.repeat([284.0, 63.0], 4),
        "growth": np.repeat([30.0, -38.0], 4),
        # at rank 0 another one is strongest, and the time constant is no weight
        "growth_held": np.array([1.0, 900.0, 2.0, 3.0, 140.0, -110.0, 80.0, 1e3]),
    }
    f = np.arange(10.0, 131.0, 4.0)
    powers = {"intact": 1.0 + 9.0 * np.exp(-(((f - 63.0) / 6.0) ** 2)), "cut": None}
    powers["cut"] = left * powers["intact"]
    pairs = [(state, name) for state in STATES for name in ("23E", "4E")]
    spectra = {
        "state": np.repeat(np.array([s for s, _ in pairs], dtype=object), f.size),
        "population": np.repeat(np.array([p for _, p in pairs], dtype=object), f.size),
        "frequency": np.tile(f, len(pairs)),
        "power": np.concatenate([powers[state] for state, _ in pairs]),
    }
    return modes, spectra


def test_the_rhythm_is_gone_where_theory_and_simulation_say_so():
    modes, spectra = tables(0.2)
    said = cuts(modes, spectra, spectra)
    assert said["gone"] is True
    assert (said["strongest"], said["next"]) == ("J(23E<-4E)", "J(4I<-23E)")
    assert str(said["rhythm"]) == "63 Hz"
    assert str(said["seen"]) == "20 %"
    other = tables(0.8)[1]
    assert cuts(modes, spectra, other)["gone"] is False
    assert said["silent"] is False
    lost = (spectra["state"] == "cut") & (spectra["population"] == "23E")
    silenced = {**spectra, "power": np.where(lost, 0.0, spectra["power"])}
    assert cuts(modes, spectra, silenced)["silent"] is True


def test_weights_stand_in_the_order_of_what_they_do():
    modes, spectra = tables(0.2)
    figure = draw_cuts(modes, spectra, spectra)
    labels = [each.get_text() for each in figure.axes[0].get_yticklabels()]
    assert labels == ["J(23E<-4E)", "J(4I<-4I)", "J(4I<-23E)"]
    plt.close(figure)
