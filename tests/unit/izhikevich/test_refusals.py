"""Bad input is refused with what, which value and the fix; blow-up is reported, never clipped."""

import numpy as np
import pytest
from scipy import sparse

from cortex.errors import ParameterError, SimulationError
from cortex.izhikevich import (
    CurrentDrive,
    IzhikevichNetwork,
    Pathway,
    PoissonDrive,
    Population,
    Recorder,
    bump_network,
    simulate_network,
    step_response,
)
from cortex.izhikevich.published import published_case
from cortex.params.izhikevich import (
    FAST_SPIKING,
    REGULAR_SPIKING,
    BumpParams,
    IzhikevichCell,
    ReceptorParams,
    mean_gaussian,
)
from cortex.rng import stream

POPULATIONS = (
    Population(name="E", size=3, cell=REGULAR_SPIKING),
    Population(name="I", size=2, cell=FAST_SPIKING),
)


def onto_inhibition(weights, receptors=None, delay=0.0):
    """Return a network with one pathway from E to I."""
    pathway = Pathway(
        source="E", target="I", weights=weights, receptors=receptors or {"ampa": 1.0}, delay=delay
    )
    return IzhikevichNetwork(populations=POPULATIONS, pathways=(pathway,))


def test_weights_of_the_wrong_shape_are_refused_with_the_right_one():
    with pytest.raises(ParameterError, match=r"shape \(3, 2\).*\(2, 3\)"):
        onto_inhibition(np.zeros((3, 2)))
    with pytest.raises(ParameterError, match=r"\(2, 3\)"):
        onto_inhibition(sparse.csr_array((3, 2)))


def test_negative_nan_and_implausible_weights_are_refused():
    with pytest.raises(ParameterError, match="inhibition is a receptor"):
        onto_inhibition(np.full((2, 3), -1e-9))
    with pytest.raises(ParameterError, match="finite"):
        onto_inhibition(np.full((2, 3), np.nan))
    with pytest.raises(ParameterError, match="is it in nS"):
        onto_inhibition(np.full((2, 3), 5.0))


def test_an_unknown_receptor_is_refused_with_the_known_ones():
    with pytest.raises(ParameterError, match=r"'gaba'.*gaba_a, gaba_b"):
        onto_inhibition(np.zeros((2, 3)), receptors={"gaba": 1.0})
    with pytest.raises(ParameterError, match="kainate"):
        PoissonDrive(target="E", rate=1.0, weight=1e-9, receptor="kainate")


@pytest.mark.parametrize("factor", [-0.5, np.nan, np.inf])
def test_factors_of_receptors_that_are_no_shares_are_refused(factor):
    with pytest.raises(ParameterError, match="receptor factors must be finite and >= 0"):
        onto_inhibition(np.zeros((2, 3)), receptors={"ampa": 1.0, "nmda": factor})


def test_currents_that_are_not_finite_implausible_or_of_the_wrong_shape_are_refused():
    with pytest.raises(ParameterError, match="not finite at index"):
        CurrentDrive(target="E", amplitude=np.array([0.0, np.nan, 0.0]))
    with pytest.raises(ParameterError, match="is it in pA"):
        CurrentDrive(target="E", amplitude=125.0)
    net = onto_inhibition(np.zeros((2, 3)))
    with pytest.raises(SimulationError, match=r"shape \(2,\)"):
        simulate_network(net, 0.1, drives=[CurrentDrive(target="E", amplitude=np.zeros(2))])


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_a_step_too_long_for_a_time_constant_is_refused(scheme):
    net = onto_inhibition(np.zeros((2, 3)))
    with pytest.raises(SimulationError, match=r"tau_ampa = 0\.005 s.*at most 0\.00125 s"):
        simulate_network(net, 0.1, dt=2e-3, scheme=scheme)
    with pytest.raises(SimulationError, match="1/a"):
        step_response(FAST_SPIKING, np.array([0.0]), 0.1, dt=2e-3, scheme=scheme)


def test_times_that_are_no_multiple_of_the_step_are_refused():
    net = onto_inhibition(np.zeros((2, 3)), delay=1.05e-3)
    with pytest.raises(SimulationError, match="delay of pathway E -> I"):
        simulate_network(net, 0.1)
    with pytest.raises(SimulationError, match="duration"):
        simulate_network(onto_inhibition(np.zeros((2, 3))), 0.10005)


def test_the_reference_scheme_refuses_delays_and_noise():
    net = onto_inhibition(np.zeros((2, 3)), delay=1e-3)
    with pytest.raises(SimulationError, match="no delays"):
        simulate_network(net, 0.1, scheme="reference")
    noise = [PoissonDrive(target="E", rate=1.0, weight=1e-9)]
    with pytest.raises(SimulationError, match="no Poisson"):
        simulate_network(onto_inhibition(np.zeros((2, 3))), 0.1, drives=noise, scheme="reference")
    with pytest.raises(SimulationError, match="need rng"):
        simulate_network(onto_inhibition(np.zeros((2, 3))), 0.1, drives=noise)


def test_unknown_populations_variables_and_neurons_are_refused():
    net = onto_inhibition(np.zeros((2, 3)))
    with pytest.raises(ParameterError, match="no population 'X'"):
        simulate_network(net, 0.1, drives=[CurrentDrive(target="X", amplitude=0.0)])
    with pytest.raises(SimulationError, match="cannot record"):
        simulate_network(net, 0.1, recording=Recorder(variables=("w",)))
    with pytest.raises(SimulationError, match="leave the network of 5"):
        simulate_network(net, 0.1, recording=Recorder(neurons=(5,)))
    with pytest.raises(ParameterError, match="unique"):
        IzhikevichNetwork(populations=(POPULATIONS[0], POPULATIONS[0]))


@pytest.mark.parametrize("every", [0.0, 1e-12, -1e-3, np.nan])
def test_a_sampling_interval_below_one_step_is_refused(every):
    net = onto_inhibition(np.zeros((2, 3)))
    with pytest.raises(SimulationError, match=r"Recorder\.every"):
        simulate_network(net, 0.1, recording=Recorder(every=every))


def test_a_structure_that_needs_negative_weights_is_refused_with_the_largest_allowed():
    """J_minus = (1 - J_plus m)/(1 - m) vanishes at J_plus = 1/m, m = 0.139 for 20 degrees."""
    with pytest.raises(ParameterError, match=r"J_plus = 7\.2 .* at most 7\.18"):
        BumpParams(J_plus=7.2)
    steepest = bump_network(BumpParams(J_plus=1.0 / mean_gaussian(np.deg2rad(20.0))))
    assert 0.0 < np.min(steepest.pathways[0].weights[0, 1:]) < 1e-16


def test_a_cell_with_exchanged_potentials_or_wrong_units_is_refused():
    values = {name: getattr(REGULAR_SPIKING, name) for name in ("C", "k", "a", "b", "c", "d")}
    with pytest.raises(ParameterError, match="exchanged"):
        IzhikevichCell(v_r=-50e-3, v_t=-60e-3, v_peak=50e-3, **values)
    with pytest.raises(ParameterError, match="is it in m"):
        IzhikevichCell(v_r=-60.0, v_t=-50e-3, v_peak=50e-3, **values)


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_blow_up_is_reported_with_time_and_neuron(scheme):
    """A current of 0.9 µA moves 20 pF by 4.5 V in a step."""
    net = onto_inhibition(np.zeros((2, 3)))
    drive = CurrentDrive(target="I", amplitude=np.array([0.0, 0.9e-6]), start=0.02)
    with pytest.raises(SimulationError, match=r"blew up at t = 0\.02 s in neuron 4 of .* 'I'"):
        simulate_network(net, 0.1, drives=[drive], scheme=scheme)


def test_a_conductance_too_large_for_the_step_is_reported_with_time_and_neuron():
    net = onto_inhibition(np.full((2, 3), 4e-6))
    drive = CurrentDrive(target="E", amplitude=1e-9)
    with pytest.raises(SimulationError, match=r"conductance .* at t = .* 'I'.*shorten dt"):
        simulate_network(net, 0.1, drives=[drive])


def test_large_conductances_below_that_stay_stable_where_an_explicit_step_would_not():
    """The 100+20 ring puts over 500 nS on cells of 20 pF: 2.5 C/dt."""
    recording = Recorder(variables=("v", "ampa", "nmda", "gaba_a", "gaba_b"))
    values = published_case("ring_100_20").run(scheme="standard", recording=recording).traces.values
    total = sum(values[name][:, 100:] for name in values if name != "v")
    assert total.max() > 2.0 * FAST_SPIKING.C / 1e-4
    assert np.all(np.abs(values["v"]) < 0.15)


def test_a_state_of_the_wrong_shape_and_an_empty_population_are_refused():
    net = onto_inhibition(np.zeros((2, 3)))
    with pytest.raises(SimulationError, match=r"\(6, 5\)"):
        simulate_network(net, 0.1, initial_state=np.zeros((2, 5)))
    with pytest.raises(ParameterError, match="at least 1"):
        Population(name="E", size=0, cell=REGULAR_SPIKING)


def test_receptor_times_in_the_wrong_unit_are_refused():
    with pytest.raises(ParameterError, match=r"tau_nmda = 100\.0 s"):
        ReceptorParams(tau_nmda=100.0)


def test_runs_are_the_same_for_the_same_seed_and_differ_for_another():
    net = onto_inhibition(np.zeros((2, 3)))
    noise = [PoissonDrive(target="E", rate=3000.0, weight=1e-9)]
    a, b, c = (
        simulate_network(net, 0.2, drives=noise, rng=stream(seed, "x")).state for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(a, b)
    assert np.any(a != c)
