"""Streams equal the batch computation, step for step."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from cortex.errors import ParameterError
from cortex.lfp import (
    CurrentStream,
    SpikeStream,
    SynapticCurrents,
    SynapticKernel,
    lfp_from_currents,
    lfp_from_spikes,
    weighted_sum_classes,
)
from cortex.params.lfp import WeightedSumParams
from cortex.spikes import Spikes

DT = 1e-4
AMPA = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
GABA = SynapticKernel(tau_decay=5e-3, tau_rise=0.0)


@settings(deadline=None)  # the first example compiles the loops
@given(seed=st.integers(0, 1000), own_delays=st.booleans())
def test_a_stream_of_spikes_equals_the_batch(seed, own_delays):
    rng = np.random.default_rng(seed)
    weights = csr_array(rng.normal(size=(4, 6)) * (rng.random((4, 6)) < 0.7))
    delay: Any = 1.234e-3
    if own_delays:
        delay = weights.copy()
        delay.data = rng.uniform(0.1e-3, 3e-3, delay.nnz)
    classes = weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=delay)
    amplitude = rng.normal(size=(3, 4))
    spiking = rng.random((300, 6)) < 0.02
    steps, neurons = np.nonzero(spiking)
    batch = lfp_from_spikes(
        amplitude, Spikes.at(DT * (steps + 1.0), neurons), classes, at=DT * np.arange(1, 301)
    )
    stream = SpikeStream(amplitude, classes, dt=DT)
    found = np.array([stream.step(np.flatnonzero(row)) for row in spiking])
    np.testing.assert_allclose(found, batch, rtol=0, atol=1e-10 * (np.abs(batch).max() + 1))


def test_a_stream_of_currents_equals_the_batch():
    rng = np.random.default_rng(0)
    currents = SynapticCurrents(
        time=DT * np.arange(400), ampa=rng.random((400, 5)), gaba=-rng.random((400, 5))
    )
    amplitude = rng.normal(size=(2, 5))
    batch = lfp_from_currents(amplitude, currents, boundary="zero")
    stream = CurrentStream(amplitude, dt=DT)
    found = [stream.step(a, g) for a, g in zip(currents.ampa, currents.gaba, strict=True)]
    np.testing.assert_allclose(found, batch, rtol=0, atol=1e-13)


def test_streams_refuse_the_future_and_foreign_input():
    future = WeightedSumParams(delay_ampa=-1e-3)
    with pytest.raises(ParameterError, match="cannot read 10 steps of the future"):
        CurrentStream(np.ones((1, 1)), dt=DT, weighting=future)
    with pytest.raises(ParameterError, match="of shape"):
        CurrentStream(np.ones((1, 2)), dt=DT).step(np.ones(3), np.ones(3))
    classes = weighted_sum_classes(
        np.ones((1, 2)), ampa=AMPA, gaba=GABA, delay=0.0, weighting=future
    )
    with pytest.raises(ParameterError, match="stream of spikes cannot read"):
        SpikeStream(np.ones((1, 1)), classes, dt=DT)
    classes = weighted_sum_classes(np.ones((1, 2)), ampa=AMPA, gaba=GABA, delay=0.0)
    with pytest.raises(ParameterError, match="there are 2 sources"):
        SpikeStream(np.ones((1, 1)), classes, dt=DT).step([2])


@pytest.mark.parametrize(
    "sources", [np.array([True, False]), np.array([False, False]), [0.0], 1, [[0], [1]]]
)
def test_a_stream_takes_neuron_numbers_only(sources):
    # as numbers the mask [True, False] would be spikes of neurons 1 and 0
    classes = weighted_sum_classes(np.ones((1, 2)), ampa=AMPA, gaba=GABA, delay=0.0)
    with pytest.raises(ParameterError, match=r"of a mask pass np\.flatnonzero\(mask\)"):
        SpikeStream(np.ones((1, 1)), classes, dt=DT).step(sources)


@pytest.mark.parametrize("dt", [0.1, 0.0, -1e-4, np.nan])
def test_steps_of_a_stream_that_are_no_seconds_are_refused(dt):
    classes = weighted_sum_classes(np.ones((1, 2)), ampa=AMPA, gaba=GABA, delay=0.0)
    with pytest.raises(ParameterError, match=r"is outside \(0, 0\.05\] s; is it in ms"):
        SpikeStream(np.ones((1, 1)), classes, dt=dt)
    with pytest.raises(ParameterError, match=r"is outside \(0, 0\.05\] s; is it in ms"):
        CurrentStream(np.ones((1, 2)), dt=dt)


def test_a_stream_of_currents_refuses_what_would_stay_in_its_state():
    stream = CurrentStream(np.ones((1, 2)), dt=DT)
    with pytest.raises(ParameterError, match=r"gaba of shape \(2,\) .* all finite"):
        stream.step(np.ones(2), np.array([-1.0, np.nan]))
    found = [stream.step(np.zeros(2), -np.ones(2))[0] for _ in range(3)]
    np.testing.assert_allclose(found, 2 * 1.65)
