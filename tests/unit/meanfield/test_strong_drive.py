"""Cells that conductances drive far above their onset fire as their drift alone makes them."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from cortex.config.presets import read_preset
from cortex.meanfield.density.driven import DrivenNeuron, SpikeSources
from cortex.meanfield.density.neurons import ExponentialNeuron
from cortex.meanfield.stationary.cell_inputs import CellInputs, relax_cells
from cortex.networks.case import read_case

EIF = ExponentialNeuron(
    tau_m=0.02, tau_ref=0.002, V_th=0.015, Delta_T=0.0015, V_peak=0.045, V_reset=0.005
)


def conductance(rate, tau_s):
    """Return one source of excitatory conductances, SI."""
    known = {"mean": rate, "square": rate, "J": 0.0, "g": 0.01, "E_rev": 0.06, "spread": 1.0}
    known |= {"tau_s": tau_s, "tau_rise": 0.0}
    return SpikeSources(**{name: np.array([value]) for name, value in known.items()})


def without_noise(driven, w=0.0):
    """Return the rate of a cell driven above its onset, from the time that its drift takes, Hz.

    Conductance and potential fluctuate together, which takes from the drift in the mean.
    """
    cell, own = driven.effective, driven.sources
    mu, tau = driven.mu - w * cell.tau_m / driven.neuron.tau_m, cell.tau_m
    together = 0.5 * tau * own.mean * own.g**2 * tau / (tau + own.tau_s)

    def slowness(V):
        pull = float(np.sum(together * (own.E_rev - V)))
        return tau / (mu - V - pull + cell.upswing(V))

    ends = (cell.V_reset, cell.V_th, cell.V_peak)
    return 1.0 / (cell.tau_ref + sum(quad(slowness, *part)[0] for part in pairwise(ends)))


@pytest.mark.parametrize("tau_s", [0.0, 0.005, 0.01])
@pytest.mark.parametrize("rate", [1e4, 2e4, 5e4, 3e5])
def test_conductances_that_drive_a_cell_far_above_its_onset_give_the_rate_of_its_drift(rate, tau_s):
    """Conductances shorten the membrane and move the onset; noise moves these rates by 0.2 %."""
    driven = DrivenNeuron.of(EIF, None, 0.0, conductance(rate, tau_s))
    assert driven.settled().nu == pytest.approx(without_noise(driven), rel=3e-3)


def test_a_network_that_excites_itself_to_its_highest_rates_is_solved():
    """All receptors excite: steps are short where the flow grows, and long again beyond."""
    block = read_preset("adex")
    block["receptors"]["gaba"]["E_rev_mV"] = 0.3
    inputs = CellInputs.of(read_case("mine", block, "default").network)
    state = relax_cells(inputs, np.zeros(2))
    assert state.converged
    assert state.n_steps <= 20  # of 80
    for each in state.neurons:
        assert each.nu == pytest.approx(without_noise(each.driven, each.w), rel=3e-3)
