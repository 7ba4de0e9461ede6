"""The LFP of a sheet: delays that grow with distance arrive when those of its synapses do.

Oracles: the synapses of a drawn sheet, counted; the transform that theory takes.
"""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.lfp.delays import pair_shares
from cortex.lfp.wiring import one_delay
from cortex.meanfield.response.spatial_profiles import space_factor
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.params.synapses import Synapses
from cortex.spiking import draw_source_lists

DT = 1e-4
NETWORK = PopulationNetwork(
    names=("E", "I"),
    sizes=[3600, 400],
    neurons=LIFNeurons(tau_m=0.01, tau_ref=2e-3, V_th=0.015, V_reset=0.0),
    synapses=Synapses(in_degrees=[50, 10], J=[2e-4, -1e-3], tau_s=5e-4, delay=5e-4),
    drive=Drive(rate=8e3, J=2e-4, tau_s=5e-4),
    space=NetworkSpace(
        extent=[2e-3, 2e-3], profile=["gaussian", "boxcar"], width=[2e-4, 4e-4], speed=[0.2, np.inf]
    ),
)


def test_shares_are_those_of_the_delays_of_a_drawn_sheet():
    lists = draw_source_lists(NETWORK, seed=1, dt=DT)
    source = np.repeat(np.arange(4000), np.diff(lists.start))
    onto_I = lists.targets >= 3600  # no autapse is left out there
    counted = pair_shares(NETWORK, (1, 0), DT)
    drawn = np.bincount(lists.delays[onto_I & (source < 3600)], minlength=5 + len(counted.shares))
    assert counted.first == 5 * DT
    below = np.cumsum(drawn[5:]) / drawn.sum()
    # Kolmogorov's 1.6/sqrt(20,000) at the level of one per cent, and places on a grid: distances
    # come in rings 33 um or 1.7 steps apart, each with up to 4 % of all
    np.testing.assert_allclose(below, np.cumsum(counted.shares), atol=0.011 + 0.02)
    assert pair_shares(NETWORK, (1, 1), DT).shares.tolist() == [1.0]


def test_shares_and_theory_delay_an_oscillation_alike():
    """Oracle: the factor S(0, i omega) of theory, delays of the shares rounded to 0.1 ms."""
    shares = pair_shares(NETWORK, (0, 0), DT)
    for f in (10.0, 80.0, 200.0):
        omega = 2j * np.pi * f
        late = shares.first + DT * np.arange(len(shares.shares))
        ours = np.sum(shares.shares * np.exp(-omega * late))
        S = space_factor(NETWORK.space, 0.0)(np.array([omega]))[0][0, 0, 0]
        # rounding to steps of dt acts like sinc(f dt): 7e-4 at 200 Hz
        assert ours == pytest.approx(S * np.exp(-omega * 5e-4), abs=1e-3)


def test_a_proxy_that_needs_one_delay_refuses_delays_that_grow():
    with pytest.raises(ParameterError, match="one delay is needed"):
        one_delay(NETWORK)
