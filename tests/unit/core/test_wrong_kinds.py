"""Text, gaps, odd shapes and foreign objects are named by what lies between spikes and an LFP.

Each call passed silently, or ended in an AttributeError, TypeError or IndexError, before.
"""

from typing import Any

import numpy as np
import pytest

from cortex.connectivity.space import ring
from cortex.errors import ParameterError
from cortex.lfp.amplitude import amplitude_matrix, aussel, mazzoni_neuron, mazzoni_population
from cortex.lfp.cable import cable_lfp, cable_transfer
from cortex.lfp.currents import lfp_from_classes, lfp_from_currents
from cortex.lfp.geometry import cylindrical, population_source
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.normalise import z_score
from cortex.lfp.proxies import delayed, proxy
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.regime import inverting_electrodes
from cortex.lfp.spikes import lfp_from_spikes
from cortex.lfp.synapses import SynapseClass, weighted_sum_classes
from cortex.lfp.validation import explained_variance, fit_weighted_sum
from cortex.lfp.wiring import wiring_charges
from cortex.meanfield import effective_connectivity, solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.params.lfp import AMPA, BallAndStickParams
from cortex.params.simulation import SimulationParams
from cortex.spikes import Spikes
from cortex.spiking import draw_source_lists, simulate

SMALL = BrunelParams(
    n_exc=80, n_inh=20, in_degree_exc=8, in_degree_inh=2, J=1e-3, g=5.0, nu_ext_ratio=2.0
).network()
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.05, precision="float64")
TIME = np.arange(0.0, 0.02, 1e-3)
WAVE = np.sin(300.0 * TIME)
CURRENTS = SynapticCurrents(ampa=WAVE, gaba=-WAVE, time=TIME)
TRUTH = np.stack([WAVE, 2.0 * WAVE], axis=1)
GAP = np.where(np.arange(TIME.size) == 3, np.nan, WAVE)
KERNEL = SynapticKernel.of(AMPA)
CLASS = SynapseClass(weights=np.array([[1e-12, 1e-12]]), kernel=KERNEL)
SPIKES = Spikes.at(np.array([0.01, 0.02]), np.array([0, 1]), stop=0.1)
THREE: Any = 3
CELL = BallAndStickParams()
SOURCE = population_source([[0.0, 0.0, 0.0]])


def fit(**changes):
    known = {"delays_ampa": [0.0], "delays_gaba": [0.0], "alphas": [1.0], "discard": 0.0}
    return fit_weighted_sum(CURRENTS, TRUTH, **known | changes)


def wired(**changes):
    lists = draw_source_lists(SMALL, seed=1, dt=1e-4)
    return wiring_charges(lists, SMALL, **{"capacitance": 1e-10} | changes)


def summed(ampa=KERNEL, delay=0.0):
    return weighted_sum_classes(np.ones((1, 2)), ampa=ampa, gaba=KERNEL, delay=delay)


WRONG = {
    "neurons as text": (lambda: ring("20", 1e-3), "n = '20' must be a real number"),
    "half a neuron": (lambda: ring(20.5, 1e-3), r"n = 20\.5 must be whole, from 1"),
    "ring of none": (lambda: ring(20, None), "circumference = None must be a real number"),
    "rings": (lambda: ring(20, [1e-3, 2e-3]), r"circumference has shape \(2,\), needs 0"),
    "electrodes as text": (
        lambda: amplitude_matrix(np.array([["1e-4", "0", "0"]]), SOURCE, "aussel"),
        "electrodes = .* must be a real number in m",
    ),
    "no sources": (lambda: cylindrical([[1e-4, 0.0, 0.0]], None), "sources = None must be of Sou"),
    "no place": (lambda: mazzoni_population(None), "at = None must be of Coordinates"),
    "place as text": (lambda: mazzoni_neuron("x"), "at = 'x' must be of Coordinates"),
    "places": (lambda: aussel([1e-4]), r"at = \[0\.0001\] must be of Coordinates"),
    "depth": (lambda: cable_transfer(CELL, [0.0, np.nan]), r"depths\[1\] = nan must be finite"),
    "one depth": (lambda: cable_transfer(CELL, 1e-4), r"depths has shape \(\), needs 1 dim"),
    "no cell": (lambda: cable_transfer(None, [0.0]), "cell = None must be of BallAndStick"),
    "no currents": (
        lambda: cable_lfp(cable_transfer(CELL, [0.0]), None),
        "currents = None must be of SynapticCurrents",
    ),
    "amplitude as text": (
        lambda: lfp_from_currents([["1e6"]], CURRENTS, boundary="hold"),
        "amplitude = .* must be a real number in Ohm",
    ),
    "times as text": (
        lambda: lfp_from_classes([[1e6]], CURRENTS.classes(), at=["0.01"], boundary="hold"),
        "at = .* must be a real number in s",
    ),
    "no class": (
        lambda: lfp_from_classes([[1e6]], [THREE], at=TIME, boundary="hold"),
        "classes = 3 must be of CurrentClass",
    ),
    "no current": (
        lambda: lfp_from_currents([[1e6]], None, boundary="hold"),
        "currents = None must be of SynapticCurrents",
    ),
    "no spikes": (lambda: lfp_from_spikes([[1e6]], None, [CLASS], at=TIME), "spikes = None must"),
    "no synapses": (
        lambda: lfp_from_spikes([[1e6]], SPIKES, [THREE], at=TIME),
        "classes = 3 must be",
    ),
    "no kernel": (lambda: summed(ampa=None), "ampa = None must be of SynapticKernel"),
    "delay as text": (lambda: summed(delay="0.001"), r"delay = '0\.001' must be a real number"),
    "delay of a class": (
        lambda: SynapseClass(weights=np.ones((1, 2)), kernel=KERNEL, delay="0.001"),
        r"delay = '0\.001' must be a real number",
    ),
    "score of text": (lambda: z_score(["1", "2"]), "signal = .* must be a real number"),
    "score of a number": (lambda: z_score(1.0), r"signal = 1\.0 must hold samples"),
    "reference": (lambda: z_score(WAVE, mean="0"), "mean = '0' must be a real number"),
    "endless delay": (lambda: delayed(WAVE, np.inf, 1e-3, "hold"), "delay = inf must be finite"),
    "no signals": (lambda: proxy("FR", None, boundary="hold"), "signals = None must be of Network"),
    "amplitudes": (lambda: inverting_electrodes([[1.0, np.nan]]), r"amplitude\[0, 1\] = nan"),
    "amplitudes in a row": (lambda: inverting_electrodes([1.0]), r"amplitude has shape \(1,\), "),
    "gap in a proxy": (lambda: explained_variance(GAP, TRUTH), r"signal\[3\] = nan must be"),
    "gap in the truth": (lambda: explained_variance(WAVE, GAP[:, None]), r"truth\[3, 0\] = nan"),
    "unequal lengths": (lambda: explained_variance(WAVE[1:], TRUTH), "must share their times"),
    "delays of a fit": (lambda: fit(delays_ampa=[np.nan]), r"delays_ampa\[0\] = nan must be"),
    "weight of a fit": (lambda: fit(alphas=1.0), r"alphas has shape \(\), needs 1 dimensions"),
    "edge of a fit": (lambda: fit(discard="0"), "discard = '0' must be a real number"),
    "capacitance": (lambda: wired(capacitance=np.nan), "capacitance = nan must be finite"),
    "no network to wire": (
        lambda: draw_source_lists(None, seed=1, dt=1e-4),
        "network = None must be of PopulationNetwork",
    ),
    "no network to run": (lambda: simulate(None, SETTINGS, seed=1), "network = None must be of"),
    "no settings": (lambda: simulate(SMALL, None, seed=1), "settings = None must be of Simulation"),
    "no network to solve": (lambda: solve_working_point("x"), "network = 'x' must be of Populati"),
    "a file to respond": (
        lambda: effective_connectivity("x", solve_working_point(SMALL), [1.0]),
        "network = 'x' must be of Populati",
    ),
}


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG)
def test_what_is_of_a_wrong_kind_is_named_where_it_enters(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_lists_stand_for_arrays_between_spikes_and_an_lfp():
    np.testing.assert_array_equal(
        explained_variance(WAVE.tolist(), TRUTH.tolist()), explained_variance(WAVE, TRUTH)
    )
    with pytest.warns(match="inversion depth"):
        assert inverting_electrodes([[1.0, -1.0]]).tolist() == [0]
    assert fit(alphas=[1.0]).weighting == fit(alphas=np.ones(1)).weighting
