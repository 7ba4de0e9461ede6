"""The LFP of networks with conductances, from the currents that the simulation records."""

import numpy as np
import pytest

import cortex
from cortex.errors import ParameterError
from cortex.lfp import population_rws, traced_rws
from cortex.networks.case import read_case
from cortex.params.lfp import RWS
from cortex.spiking import Recorder
from cortex.steps.lfp import currents_of, synthesise_lfp
from cortex.steps.simulate import simulate

CELL = {"model": "lif", "C_pF": 200.0, "g_L_nS": 10.0, "E_L_mV": -70.0, "V_th_mV": -50.0,
        "V_reset_mV": -60.0, "tau_ref_ms": 2.0}  # fmt: skip
SHARED = {
    "drive": {"out": {"target": "all", "mu_mV": 21.0}},
    "lfp": {"targets": ["E"], "synapses": {
        "capacitance_pF": 200.0,
        "ampa": {"tau_decay_ms": 2.0, "tau_rise_ms": 0.0},
        "gaba": {"tau_decay_ms": 5.0, "tau_rise_ms": 0.0}}},
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 0.4, "precision": "float64"},
    "analysis": {"rate_bin_ms": 1.0, "segment_ms": 64.0, "max_frequency_Hz": 300.0},
    "excerpt": {"start_s": 0.1, "duration_s": 0.2},
    "populations": {"E": {"size": 80, "neuron": CELL}, "I": {"size": 20, "neuron": CELL}},
}  # fmt: skip


def case(exc=None, inh=None):
    """Return a network of currents, or of conductances that pull `exc`, `inh` (mV) from rest."""
    of_E, of_I = ({"w_pA": 100.0}, {"w_pA": -200.0})
    ampa, gaba = {"tau_s_ms": 2.0}, {"tau_s_ms": 5.0}
    if exc is not None:
        of_E, of_I = {"g_nS": 100.0 / exc}, {"g_nS": -200.0 / inh}
        ampa, gaba = ampa | {"E_rev_mV": exc - 70.0}, gaba | {"E_rev_mV": inh - 70.0}
    joined = {"target": "all", "delay_ms": 1.5}
    projections = {
        "from_E": {"source": "E", "in_degree": 20, "receptor": "ampa", **joined, **of_E},
        "from_I": {"source": "I", "in_degree": 5, "receptor": "gaba", **joined, **of_I},
    }
    receptors = {"ampa": ampa, "gaba": gaba}
    return read_case(
        "mine", SHARED | {"receptors": receptors, "projections": projections}, "default"
    )


@pytest.mark.filterwarnings("ignore:0.51 presynaptic")  # of the small network
def test_far_reversal_potentials_leave_the_currents_that_spikes_tell():
    """Where V is small beside the reversal potential a conductance is a current: w = g E."""
    mine = case(exc=280.0, inh=-220.0)
    run = simulate(mine, seed=1)
    assert len(run.spikes) > 200
    trace = synthesise_lfp(mine, [run.spikes], [currents_of(mine, run)])["traces"]["lfp"]
    block = case().study.lfp
    told = population_rws(
        run.spikes, case().network, targets=("E",), synapses=block.synapses
    )[1000:3000]  # fmt: skip
    # V is 0 to 20 mV above rest: up to 7 % less excitation, up to 9 % more inhibition
    assert np.corrcoef(trace, told)[0, 1] > 0.99
    assert trace.std() == pytest.approx(told.std(), rel=0.1)


def test_near_reversal_potentials_weaken_the_currents_as_the_potential_says():
    """The mean inhibitory current is that of mean conductance and potential, if V varies little."""
    mine = case(exc=70.0, inh=-10.0)
    run = simulate(mine, seed=1)
    traces = {name: values[1000:, 0] for name, values in run.traces.items()}
    told = traces["g_inh"] * (-0.01 - traces["mean_V"])
    assert traces["inh"].mean() == pytest.approx(told.mean(), rel=0.1)
    assert traces["inh"].mean() < -0.01 * traces["g_inh"].mean()  # not that of V at rest


def test_the_weighted_sum_delays_and_weighs_what_was_recorded():
    exc, inh = np.arange(100.0), -(np.arange(100.0) ** 2)
    found = traced_rws(exc, inh, 1e-3)
    late = round(RWS.delay_ampa / 1e-3)
    assert late == 6
    assert RWS.delay_gaba == 0.0
    np.testing.assert_allclose(found[late:], exc[:-late] - RWS.alpha * inh[late:])


def test_runs_in_python_carry_what_the_lfp_of_conductances_is_made_of():
    mine = case(exc=70.0, inh=-10.0)
    spikes = cortex.simulate(mine, seed=1)
    run = simulate(mine, seed=1)
    told = synthesise_lfp(mine, [run.spikes], [currents_of(mine, run)])
    found = cortex.synthesise_lfp(mine, spikes)
    np.testing.assert_array_equal(found["traces"]["lfp"], told["traces"]["lfp"])
    assert found["traces"]["lfp"].std() > 0.0
    with pytest.raises(ParameterError, match="pass the runs of"):
        cortex.synthesise_lfp(mine, [spikes, spikes.between(0.0, 0.2)])


def test_spikes_alone_are_refused_for_conductances_and_runs_without_currents_too():
    mine = case(exc=70.0, inh=-10.0)
    run = simulate(mine, seed=1, record=Recorder())
    with pytest.raises(ParameterError, match="spikes do not tell"):
        synthesise_lfp(mine, [run.spikes])
    with pytest.raises(ParameterError, match="holds no currents"):
        currents_of(mine, run)
