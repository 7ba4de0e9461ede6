"""Population currents and the weighted sum against explicit sums over kernels."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.errors import ParameterError, RegimeWarning
from cortex.lfp import population_currents, population_rws, z_score
from cortex.lfp.delays import delay_shares
from cortex.lfp.regime import warn_activity
from cortex.meanfield.response.delays import delay_factor
from cortex.params.brunel import BrunelParams
from cortex.params.lfp import RWS, SYNAPSES
from cortex.spikes import Spikes

DT = 1e-4
NETWORK = BrunelParams(
    n_exc=80,
    n_inh=20,
    in_degree_exc=8,
    in_degree_inh=4,
    g=5.0,
    nu_ext_ratio=2.0,
    multapses=True,
).network()


def explicit_current(steps, t, tau_decay, tau_rise, delay):
    """Sum the unit-area biexponential of every spike; the slow independent oracle."""
    spikes = DT * (np.asarray(steps) + 1)  # at the ends of their steps
    age = np.maximum(t[:, None] - spikes[None, :] - delay, 0.0)
    k = np.exp(-age / tau_decay) - np.exp(-age / tau_rise)
    return k.sum(axis=1) / (tau_decay - tau_rise)


def on_grid(steps, neurons, n_steps=2000, dt=DT):
    return Spikes(
        steps=np.asarray(steps),
        neurons=np.asarray(neurons),
        dt=dt,
        n_steps=n_steps,
        names=("E", "I"),
        sizes=np.array([80, 20]),
    )


def spikes(seed=0, n=1500, n_steps=2000):
    rng = np.random.default_rng(seed)
    steps = np.sort(rng.integers(0, n_steps, n)).astype(np.int32)
    return steps, rng.integers(0, 100, n).astype(np.int32)


def test_currents_equal_the_explicit_sum_over_all_spikes():
    steps, neurons = spikes()
    found = population_currents(on_grid(steps, neurons), NETWORK)
    exc, inh = steps[neurons < 80], steps[neurons >= 80]
    charge = SYNAPSES.capacitance * 1e-4
    ampa = 8 / 80 * charge * explicit_current(exc, found.time, 2e-3, 4e-4, 1.5e-3)
    gaba = 4 / 20 * -5 * charge * explicit_current(inh, found.time, 5e-3, 2.5e-4, 1.5e-3)
    # two sums of a few hundred terms in another order: rounding only
    np.testing.assert_allclose(found.ampa, ampa, rtol=0, atol=1e-13 * np.abs(ampa).max())
    np.testing.assert_allclose(found.gaba, gaba, rtol=0, atol=1e-13 * np.abs(gaba).max())


def test_weighted_sum_is_ampa_six_ms_ago_minus_alpha_gaba_now():
    steps, neurons = spikes()
    currents = population_currents(on_grid(steps, neurons), NETWORK)
    rws = population_rws(on_grid(steps, neurons), NETWORK)
    late = np.concatenate([np.zeros(60), currents.ampa[:-60]])
    np.testing.assert_allclose(rws, late - 1.65 * currents.gaba, rtol=1e-12, atol=1e-26)
    assert RWS.alpha == 1.65


def test_an_inhibitory_spike_makes_a_positive_weighted_sum():
    with pytest.warns(RegimeWarning, match="activity is too low"):
        rws = population_rws(on_grid([10], [90], 500), NETWORK)
    assert rws.min() >= 0.0
    assert rws.max() > 0.0


def test_one_presynaptic_spike_within_one_decay_is_enough():
    warn_activity(10.0, 20.0, 5e-3)  # a warning is an error
    with pytest.warns(RegimeWarning, match="activity is too low"):
        warn_activity(9.9, 20.0, 5e-3)


def test_delays_between_grid_points_are_exact():
    steps = np.array([3, 3, 40])
    found = population_currents(
        on_grid(steps, np.zeros(3, int), 400), NETWORK, shift=(0.234e-3, 0.0)
    )
    expected = explicit_current(steps, found.time, 2e-3, 4e-4, 1.5e-3 + 0.234e-3)
    scale = 8 / 80 * SYNAPSES.capacitance * 1e-4
    np.testing.assert_allclose(found.ampa, scale * expected, rtol=1e-10, atol=1e-24)


def test_charge_of_a_spike_is_capacitance_times_jump_times_synapses():
    found = population_currents(on_grid([0], [0], 4000), NETWORK)
    # the mean over 80 targets of the 8 synapses made by one of 80 sources
    expected = SYNAPSES.capacitance * 1e-4 * 8 / 80
    # the sum over the grid is the integral up to the Euler-Maclaurin term dt^2/12 k'
    assert found.ampa.sum() * DT == pytest.approx(expected, rel=2e-3)


@given(delay=st.floats(-2e-3, 9e-3), step=st.integers(0, 50))
def test_a_later_kernel_never_speaks_before_its_arrival(delay, step):
    steps, neurons = np.array([step]), np.array([0])
    found = population_currents(on_grid(steps, neurons, 300), NETWORK, shift=(delay, 0.0))
    arrival = (step + 1) * DT + 1.5e-3 + delay
    assert np.all(found.ampa[found.time < arrival - 1e-12] == 0.0)
    assert np.all(found.ampa >= -1e-30)


def test_spikes_of_another_network_and_off_a_grid_are_refused():
    few = on_grid([0, 5], [0, 81]).of("I")
    with pytest.raises(ParameterError, match="spikes of 20 neurons, the network has 100"):
        population_currents(few, NETWORK)
    off = Spikes.at(np.array([1e-3]), np.array([0]), populations={"E": 80, "I": 20})
    with pytest.raises(ParameterError, match=r"lie on no grid.*on_grid"):
        population_currents(off, NETWORK)


def test_steps_in_ms_are_refused():
    with pytest.raises(ParameterError, match=r"dt = 0\.1 s is outside .*in ms"):
        population_currents(on_grid([0], [0], 10, dt=0.1), NETWORK)


def test_unknown_targets_are_refused_with_the_known_ones():
    with pytest.raises(ParameterError, match="choose from the populations E, I"):
        population_rws(on_grid([0], [0], 10), NETWORK, targets=("X",))


def test_z_score_keeps_constant_and_nearly_constant_signals_finite():
    assert np.all(z_score(np.full((5, 2), 3.3e8)) == 0.0)
    moving = np.column_stack([np.arange(5.0), np.full(5, 2.0)])
    result = z_score(moving)
    assert result[:, 0].std() == pytest.approx(1.0)
    assert np.all(result[:, 1] == 0.0)
    with pytest.raises(ParameterError, match=r"signal\[1\] = nan must be finite"):
        z_score(np.array([0.0, np.nan]))


def test_z_score_takes_whole_numbers_and_refuses_a_reference_that_is_none():
    counts = np.array([0, 1, 2, 5])
    np.testing.assert_allclose(z_score(counts, mean=1, std=2), [-0.5, 0.0, 0.5, 2.0])
    wrongs = ({"std": np.nan}, {"std": -1.0}, {"mean": np.inf}, {"std": np.array([1.0, np.nan])})
    for wrong in wrongs:
        with pytest.raises(ParameterError, match=r"must (be finite|not be negative)"):
            z_score(np.ones((4, 2)), **wrong)


def test_z_score_against_a_reference_is_causal():
    signal = np.linspace(0.0, 1.0, 11)
    whole = z_score(signal, mean=0.2, std=0.1)
    assert np.array_equal(whole[:4], z_score(signal[:4], mean=0.2, std=0.1))


@pytest.mark.parametrize("law", ["gaussian", "truncated_gaussian", "lognormal"])
def test_delays_on_the_grid_have_the_characteristic_function_of_their_law(law):
    mean, sd, f = 1.5e-3, 0.75e-3, 60.0
    found = delay_shares(mean, sd, law, DT)
    delays = found.first + DT * np.arange(len(found.shares))
    sampled = np.sum(found.shares * np.exp(-2j * np.pi * f * delays))
    exact = delay_factor([f], np.array(mean), np.array(sd), law)[0]
    # rounding to a grid multiplies by sinc(f dt); at the cut at zero half a step is left out
    assert abs(sampled - exact) < (1e-2 if law == "truncated_gaussian" else 1e-4)


def test_spread_delays_keep_the_charge_and_mean_delay():
    law = replace(NETWORK.synapses, delay_sd=0.5e-3, delay_distribution="gaussian")
    spread = replace(NETWORK, synapses=law)
    steps, neurons = np.array([100]), np.array([0])
    sharp = population_currents(on_grid(steps, neurons), NETWORK)
    broad = population_currents(on_grid(steps, neurons), spread)
    assert broad.ampa.sum() == pytest.approx(sharp.ampa.sum(), rel=1e-4)
    assert broad.time @ broad.ampa == pytest.approx(sharp.time @ sharp.ampa, rel=1e-4)
    assert broad.ampa.max() < sharp.ampa.max()


def test_an_unknown_law_of_delays_is_refused():
    with pytest.raises(ParameterError, match="none of none, gaussian"):
        delay_shares(1e-3, 1e-4, "uniform", DT)
