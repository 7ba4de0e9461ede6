"""Bad input is refused with what, which value and the fix; blow-up is reported, never clipped."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from cortex.errors import CortexError, ParameterError, SimulationError
from cortex.izhikevich import bump_network, published_network, published_run, step_response
from cortex.params.izhikevich import (
    FAST_SPIKING,
    RECEPTORS,
    REGULAR_SPIKING,
    BumpParams,
    IzhikevichCell,
    ReceptorParams,
    mean_gaussian,
)
from cortex.params.simulation import SimulationParams
from cortex.spiking import (
    CurrentDrive,
    Inputs,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    PoissonDrive,
    Recorder,
    simulate,
)

POPULATIONS = (
    IzhikevichPopulation(name="E", size=3, cell=REGULAR_SPIKING),
    IzhikevichPopulation(name="I", size=2, cell=FAST_SPIKING),
)


def onto_inhibition(weights=None, receptors=None, delay=0.0, **others):
    """Return a network with one pathway from E to I."""
    pathway = Pathway(
        source="E",
        target="I",
        weights=np.zeros((2, 3)) if weights is None else weights,
        receptors=receptors or {"ampa": 1.0},
        delay=delay,
    )
    return IzhikevichNetwork(populations=POPULATIONS, pathways=(pathway,), **others)


def run(network, dt=1e-4, seed=1, **others):
    """Simulate a tenth of a second."""
    settings = {"warm_up": 0.0, "duration": 0.1, "precision": "float64", "dt": dt}
    own = {name: others.pop(name) for name in settings | {"integration": ""} if name in others}
    return simulate(network, SimulationParams(**settings | own), seed=seed, **others)


def test_weights_of_the_wrong_shape_are_refused_with_the_right_one():
    with pytest.raises(ParameterError, match=r"shape \(3, 2\).*\(2, 3\)"):
        onto_inhibition(np.zeros((3, 2)))
    with pytest.raises(ParameterError, match=r"\(2, 3\)"):
        onto_inhibition(sparse.csr_array((3, 2)))


def test_negative_nan_and_implausible_weights_are_refused():
    with pytest.raises(ParameterError, match="inhibition is a receptor"):
        onto_inhibition(np.full((2, 3), -1e-9))
    with pytest.raises(ParameterError, match=r"E -> I: weight = nan S is outside \[0, 1e-05\] S"):
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
    with pytest.raises(ParameterError, match=r"factor of nmda = .* is outside"):
        onto_inhibition(np.zeros((2, 3)), receptors={"ampa": 1.0, "nmda": factor})


def test_currents_that_are_not_finite_implausible_or_of_the_wrong_shape_are_refused():
    with pytest.raises(ParameterError, match="not finite at index"):
        CurrentDrive(target="E", amplitude=np.array([0.0, np.nan, 0.0]))
    with pytest.raises(ParameterError, match="is it in pA"):
        CurrentDrive(target="E", amplitude=125.0)
    for shape in ((2,), (999, 3)):
        net = onto_inhibition(drives=(CurrentDrive(target="E", amplitude=np.zeros(shape)),))
        with pytest.raises(SimulationError, match=rf"shape \({shape[0]},.*\(1000, 3\)"):
            run(net)


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_a_step_too_long_for_a_time_constant_is_refused(scheme):
    net = onto_inhibition(receptors={"gaba_a": 1.0}, scheme=scheme)
    net = replace(net, receptors=ReceptorParams(tau_gaba_a=2e-3))
    with pytest.raises(SimulationError, match=r"tau_gaba_a = 0\.002 s.*at most 0\.0005 s"):
        run(net, dt=1e-3)
    fast = replace(FAST_SPIKING, a=500.0)
    with pytest.raises(SimulationError, match="1/a"):
        step_response(fast, np.array([0.0]), 0.1, dt=1e-3, scheme=scheme)


def test_times_that_are_no_multiple_of_the_step_are_refused():
    with pytest.raises(SimulationError, match="delay of pathway E -> I"):
        run(onto_inhibition(delay=1.05e-3))
    drive = CurrentDrive(target="E", amplitude=0.0, start=1.05e-3)
    with pytest.raises(SimulationError, match="start of a drive"):
        run(onto_inhibition(drives=(drive,)))


def test_the_reference_scheme_refuses_delays_and_noise():
    with pytest.raises(ParameterError, match="no delays"):
        onto_inhibition(delay=1e-3, scheme="reference")
    noise = PoissonDrive(target="E", rate=1.0, weight=1e-9)
    with pytest.raises(ParameterError, match="no Poisson"):
        onto_inhibition(drives=(noise,), scheme="reference")


def test_settings_and_inputs_of_other_networks_are_refused_by_name():
    net = onto_inhibition()
    with pytest.raises(SimulationError, match="'float32' with integration 'fixed'"):
        run(net, precision="float32")
    with pytest.raises(SimulationError, match="integration 'accurate'"):
        run(net, integration="accurate")
    with pytest.raises(SimulationError, match=r"Inputs\.mu_dc is not for .* drives"):
        run(net, inputs=Inputs(mu_dc=np.zeros((1, 2)), mu_dc_interval=0.1))
    with pytest.raises(SimulationError, match="their pathways hold it"):
        run(net, wiring={})
    state = run(net).state
    with pytest.raises(SimulationError, match="state of kernel 'lists' is none"):
        run(net, state=replace(state, kernel="lists"))
    with pytest.raises(SimulationError, match=r"arriving of the state is .* this run needs"):
        run(onto_inhibition(delay=2e-3), state=state)


def test_unknown_populations_receptors_and_neurons_are_refused():
    net = onto_inhibition()
    with pytest.raises(ParameterError, match="no population 'X'"):
        onto_inhibition(drives=(CurrentDrive(target="X", amplitude=0.0),))
    with pytest.raises(SimulationError, match="no receptor 'E'"):
        run(net, inputs=Inputs(open0={"E": np.zeros(5)}))
    with pytest.raises(ParameterError, match="leaves the 5 neurons"):
        run(net, record=Recorder(voltages=(5,)))
    with pytest.raises(ParameterError, match="needs current_neurons"):
        run(net, record=Recorder(currents="neuron"))
    with pytest.raises(ParameterError, match="unique"):
        IzhikevichNetwork(populations=(POPULATIONS[0], POPULATIONS[0]))


@pytest.mark.parametrize("every", [1e-12, -1e-3, np.nan])
def test_a_sampling_interval_below_one_step_is_refused(every):
    with pytest.raises(CortexError, match=r"Recorder\.trace_dt|trace_dt"):
        run(onto_inhibition(), record=Recorder(voltages=[0], trace_dt=every))


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
    drive = CurrentDrive(target="I", amplitude=np.array([0.0, 0.9e-6]), start=0.02)
    with pytest.raises(SimulationError, match=r"blew up at t = 0\.02 s in neuron 4 of .* 'I'"):
        run(onto_inhibition(drives=(drive,), scheme=scheme))


def test_a_conductance_too_large_for_the_step_is_reported_with_time_and_neuron():
    drive = CurrentDrive(target="E", amplitude=1e-9)
    with pytest.raises(SimulationError, match=r"conductance .* at t = .* 'I'.*shorten dt"):
        run(onto_inhibition(np.full((2, 3), 4e-6), drives=(drive,)))


def test_large_conductances_below_that_stay_stable_where_an_explicit_step_would_not():
    """The 100+20 ring puts over 500 nS on cells of 20 pF: 2.5 C/dt."""
    everyone = list(range(published_network("ring_100_20").n_neurons))
    record = Recorder(voltages=everyone, currents="neuron", current_neurons=everyone, trace_dt=1e-3)
    traces = published_run("ring_100_20", "standard", record=record).traces
    total = sum(traces[f"g_{name}"][:, 100:] for name in RECEPTORS)
    assert total.max() > 2.0 * FAST_SPIKING.C / 1e-4
    assert np.all(np.abs(traces["V"]) < 0.15)


def test_a_start_of_the_wrong_shape_and_an_empty_population_are_refused():
    for start in (
        Inputs(V0=np.zeros(2)),
        Inputs(w0=np.zeros(2)),
        Inputs(open0={"ampa": np.zeros(2)}),
    ):
        with pytest.raises(ParameterError, match=r"shape \(.,\), needs \(5,\)"):
            run(onto_inhibition(), inputs=start)
    with pytest.raises(ParameterError, match=r"V0.*is it in mV|V0.*outside"):
        run(onto_inhibition(), inputs=Inputs(V0=np.full(5, -60.0)))
    with pytest.raises(ParameterError, match="at least 1"):
        IzhikevichPopulation(name="E", size=0, cell=REGULAR_SPIKING)


def test_receptor_times_in_the_wrong_unit_are_refused():
    with pytest.raises(ParameterError, match=r"tau_nmda = 100\.0 s"):
        ReceptorParams(tau_nmda=100.0)


def test_runs_are_the_same_for_the_same_seed_and_differ_for_another():
    net = onto_inhibition(drives=(PoissonDrive(target="E", rate=3000.0, weight=1e-9),))
    a, b, c = (run(net, seed=seed).state.arrays["cells"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(a, b)
    assert np.any(a != c)
