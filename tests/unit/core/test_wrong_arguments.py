"""A wrong unit, a gap or a wrong kind of value is named where it enters, by every free function.

Each call passed silently or failed with a raw traceback before there was one checker for all.
"""

import numpy as np
import pytest

from cortex.connectivity.kernels import Boxcar, Custom, Gabor, Gaussian, VonMises
from cortex.connectivity.projection import Projection
from cortex.connectivity.rules import (
    fixed_in_degree,
    fixed_out_degree,
    fixed_total_number,
    pairwise_bernoulli,
)
from cortex.connectivity.space import Lattice
from cortex.connectivity.spatial import (
    distance_delays,
    kernel_probability,
    kernel_weights,
    ring_weights,
)
from cortex.errors import ParameterError
from cortex.lfp.amplitude import aussel, aussel_modified, two_monopole
from cortex.lfp.geometry import Coordinates
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.spikes import currents_from_spikes, lfp_from_spikes
from cortex.lfp.synapses import SynapseClass, weighted_sum_classes
from cortex.meanfield import (
    all_fixed_points,
    binned_rate_variance,
    cross_spectra,
    delay_factor,
    delay_transform,
    effective_connectivity,
    firing_rate,
    hold_input,
    input_rate_slope,
    isi_cv,
    leading_eigenvalues,
    linear_response,
    log_firing_rate,
    mean_input,
    population_cv,
    population_response,
    population_spectra,
    rate_eigenvalues,
    rate_hopf,
    rate_slopes,
    solve_working_point,
    transfer_function,
)
from cortex.params.brunel import BrunelParams
from cortex.params.drive import Drive
from cortex.params.lfp import AMPA
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.space import NetworkSpace
from cortex.params.synapses import Synapses
from cortex.rng import stream
from cortex.spikes import Spikes
from cortex.spiking import Inputs, PerNeuron, SpikeInputs, simulate

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
SMALL = BrunelParams(
    n_exc=80,
    n_inh=20,
    in_degree_exc=8,
    in_degree_inh=2,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
).network()
ONE = PopulationNetwork(
    names=("A",),
    sizes=[100],
    neurons=LIFNeurons.of(LIF),
    synapses=Synapses(in_degrees=10.0, J=1e-4, tau_s=0.0, delay=1e-3),
    drive=Drive(rate=1e4, J=1e-4, tau_s=0.0),
)
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.05, precision="float64")
FREQUENCIES = np.array([1.0, 10.0])
LINE = Lattice(shape=(20,), pitch=(1e-4,), periodic=False)
SHEET = Lattice(shape=(10, 10), pitch=(1e-4, 1e-4), periodic=True)
AT = Coordinates(r=np.array([[1e-4]]), d=np.array([[1e-4]]), length=np.array([2.5e-4]))
TIMES = np.arange(0.0, 0.1, 1e-3)
SPIKES = Spikes.at(np.array([0.01, 0.02]), np.array([0, 1]), stop=0.1)
IN_MS = Spikes.at(np.array([10.0, 20.0]), np.array([0, 1]), stop=100.0)
AMPLITUDE = np.array([[1e6]])
PAIR = Projection.from_pairs([0], [0], n_sources=1, n_targets=1)
RNG = stream(1, "wrong arguments")
OLD = np.random.RandomState(1)  # what is refused


def synapses(weights=(1e-12, 1e-12), **changes):
    return SynapseClass(weights=np.array([weights]), kernel=SynapticKernel.of(AMPA), **changes)


def connected(**changes):
    arguments = {"in_degrees": 10.0, "J": 1e-4, "tau_s": 0.0, "delay": 1e-3, **changes}
    return Synapses(**arguments)


def run(seed=1, **inputs):
    return simulate(SMALL, SETTINGS, seed=seed, inputs=Inputs(**inputs))


def on_sheet(kernel, **changes):
    return kernel_weights(SHEET, SHEET, kernel, **{"autapses": True, **changes})


def degrees(rule=fixed_in_degree, number=2, n=100, rng=RNG):
    return rule(n, 10, number, rng=rng, multapses=False, autapses=True)


def no_number(displacement):
    return np.full(displacement.shape[:-1], np.nan)


WRONG_UNITS = {
    "mean in mV": (lambda: firing_rate(20.0, 5e-3, LIF), r"mu = 20\.0 V .* write 0\.02"),
    "noise in mV": (lambda: firing_rate(0.02, 5.0, LIF), r"sigma = 5\.0 V .* write 0\.005"),
    "synapses in ms": (lambda: isi_cv(0.02, 5e-3, LIF, tau_s=5.0), r"tau_s = 5\.0 s .* in ms"),
    "log rate": (lambda: log_firing_rate(20.0, 5e-3, LIF), r"mu = 20\.0 V .* in mV"),
    "slopes": (lambda: rate_slopes(20.0, 5e-3, LIF), r"mu = 20\.0 V .* in mV"),
    "response": (lambda: transfer_function(9.0, 20.0, 5e-3, LIF), r"mu = 20\.0 V .* in mV"),
    "held input": (lambda: hold_input(ONE, 15.0, 3e-3), r"mu = 15\.0 V .* in mV"),
    "weight in mV": (lambda: input_rate_slope(0.1, 0.02, 5e-3, LIF), r"J = 0\.1 V .* 0\.0001"),
    "jump": (lambda: connected(J=0.18), r"J = 0\.18 V .* in mV\? Then write 0\.00018"),
    "jump of drive": (lambda: Drive(rate=1e4, J=0.1, tau_s=0.0), r"Drive\.J = 0\.1 V .* in mV"),
    "delay": (lambda: delay_factor(9.0, [1.5], [0.0]), r"delay = 1\.5 s .* write 0\.0015"),
    "transform": (lambda: delay_transform(9j, [1.5], [0.0]), r"delay = 1\.5 s .* in ms"),
    "delay sd": (lambda: delay_factor(9.0, [1e-3], [0.5]), r"delay_sd = 0\.5 s .* in ms"),
    "ring": (
        lambda: NetworkSpace(extent=1.0, profile="boxcar", width=[1e-4]),
        r"extent = 1\.0 m .* in mm\? Then write 0\.001",
    ),
    "kernel in µm": (lambda: on_sheet(Gaussian(100.0)), "reaches 300, .* another unit"),
    "kernel in mm": (lambda: on_sheet(Gaussian(0.1)), r"reaches 0\.3, .* another unit"),
    "kernel on a line": (
        lambda: kernel_weights(LINE, LINE, Boxcar(100.0), autapses=True),
        r"Boxcar\(half_width=100\.0\) reaches 100, .* further apart than 0\.0019",
    ),
    "probabilities": (
        lambda: kernel_probability(SHEET, SHEET, Gaussian(100.0), rng=RNG, autapses=True),
        "reaches 300, .* another unit",
    ),
    "ring in degrees": (
        lambda: ring_weights(100, 100, Gaussian(20.0), amplitude=1.0, autapses=True),
        r"reaches 60, .* apart than 3\.14.* degrees and rad",
    ),
    "angles on a sheet": (
        lambda: kernel_weights(LINE, LINE, VonMises(1.0), autapses=True),
        r"VonMises\(kappa=1\.0\) reaches 3\.14",
    ),
    "angles": (lambda: VonMises(1.0)(np.array([[180.0]])), r"= 180\.0 rad .* write 3\.14159"),
    "Gabor": (lambda: Gabor(1e-4, 1e4, theta=45.0), r"theta = 45\.0 rad .* in °\? .* 0\.785"),
    "phase": (lambda: Gabor(1e-4, 1e4, theta=0.5, phase=90.0), r"phase = 90\.0 rad .* in °"),
    "axonal delay": (
        lambda: distance_delays(
            kernel_weights(LINE, LINE, Gaussian(1e-4), autapses=True),
            LINE,
            LINE,
            offset=1.0,
            speed=0.3,
        ),
        r"offset = 1\.0 s .* in ms",
    ),
    "start": (lambda: run(V0=np.full(100, 10.0)), r"Inputs\.V0 = 10\.0 V .* write 0\.01"),
    "kicks": (
        lambda: run(events=SpikeInputs(steps=[1], targets=[0], weights=[1.0])),
        r"SpikeInputs\.weights = 1\.0 V .* in mV",
    ),
    "single neurons": (
        lambda: run(neurons=PerNeuron(V_th=np.full(100, 20.0))),
        r"PerNeuron\.V_th = 20\.0 V .* write 0\.02",
    ),
    "spikes in ms": (
        lambda: lfp_from_spikes(AMPLITUDE, IN_MS, [synapses()], at=TIMES),
        r"at lies between 0 and 0\.099 s, the spikes between 10 and 20 s: .* in ms",
    ),
    "times in ms": (
        lambda: lfp_from_spikes(AMPLITUDE, SPIKES, [synapses()], at=10.0 + 1e3 * TIMES),
        "at lies between 10 and 109 s, .* forgotten .* in ms",
    ),
    "currents": (lambda: currents_from_spikes(IN_MS, synapses(), at=TIMES), "spikes .* in ms"),
    "no conductor": (lambda: aussel(AT, conductivity=0.0), r"conductivity = 0\.0 S/m is outside"),
    "negative": (lambda: two_monopole(AT, conductivity=-0.3), r"conductivity = -0\.3 S/m"),
    "unknown": (lambda: aussel_modified(AT, conductivity=np.nan), "conductivity = nan S/m"),
}


GAPS = {
    "kernel": (lambda: on_sheet(Custom(no_number, 3e-4)), "is nan at the displacement"),
    "kernel on a ring": (
        lambda: ring_weights(9, 9, Custom(no_number, 1.0), amplitude=1.0, autapses=True),
        "is nan at the displacement",
    ),
    "kernel of lines": (
        lambda: on_sheet(Custom(lambda d: d, 3e-4)),
        r"returned float64 of shape \(29, 2\) .* needs one real number of each: \(29,\)",
    ),
    "kernel of two": (
        lambda: Custom(lambda x, y: x + y, 3e-4),  # type: ignore[misc]
        "must take one argument, the displacements",
    ),
    "complex kernel": (
        lambda: on_sheet(Custom(lambda d: 1j * d[..., 0], 3e-4)),  # type: ignore[return-value]
        "returned complex128",
    ),
    "factor": (lambda: on_sheet(Gaussian(1e-4), weight=np.nan), "weight = nan must be a finite"),
    "factor as text": (lambda: on_sheet(Gaussian(1e-4), weight="1"), "weight = '1' must be"),
    "amplitude": (
        lambda: ring_weights(9, 9, Gaussian(1.0), amplitude=np.nan, autapses=True),
        "amplitude = nan must be a finite",
    ),
    "width": (lambda: Gaussian("1"), r"Gaussian\.sigma = \('1',\) must be positive"),
    "part of a neuron": (
        lambda: Lattice(shape=(2.5,), pitch=(1e-4,), periodic=False),
        r"shape = \(2\.5,\) must hold positive whole numbers",
    ),
    "synapses": (
        lambda: weighted_sum_classes(
            np.array([[1e-12, np.nan]]),
            ampa=SynapticKernel.of(AMPA),
            gaba=SynapticKernel.of(AMPA),
            delay=1e-3,
        ),
        "1 values that are not finite, the first from source 1 to target 0",
    ),
    "factor of a class": (lambda: synapses(factor=np.nan), "factor = nan must be finite"),
    "no seed": (lambda: run(seed=None), "seed = None must be a whole number from 0"),
    "negative seed": (lambda: run(seed=-1), "seed = -1 must be"),
    "part of a seed": (lambda: run(seed=1.5), r"seed = 1\.5 must be"),
    "seed as text": (lambda: run(seed="1"), "seed = '1' must be"),
    "seed of truth": (lambda: run(seed=True), "seed = True must be"),
    "stream": (lambda: stream(None, "a"), "seed = None must be"),
    "in-degree": (lambda: degrees(number=2.5), r"degree = 2\.5 must be whole"),
    "no in-degree": (lambda: degrees(number=np.nan), "degree = nan must be whole"),
    "in-degrees": (lambda: degrees(number=[1, 2]), r"degree has shape \(2,\), needs .* \(10,\)"),
    "in-degree as text": (lambda: degrees(number="3"), "degree = '3' must be a real number"),
    "out-degree": (lambda: degrees(fixed_out_degree, 2.5), r"degree = 2\.5 must be whole"),
    "number": (lambda: degrees(fixed_total_number, 20.5), r"n_connections = 20\.5 must be whole"),
    "sources": (lambda: degrees(n=100.5), r"n_sources = 100\.5 must be whole"),
    "probability": (
        lambda: pairwise_bernoulli(100, 10, "0.1", rng=RNG, autapses=True),
        r"p = '0\.1' is no probability",
    ),
    "seed for a stream": (lambda: degrees(rng=42), "rng = 42 must be a numpy Generator"),
    "stream of old": (lambda: degrees(rng=OLD), "rng = RandomState.* must be a numpy Generator"),
    "no stream": (lambda: degrees(rng=None), "rng = None must be"),
    "delays": (lambda: delay_factor(1.0, [np.nan], [0.0]), "delay = nan s is outside"),
    "delays of pairs": (lambda: PAIR.with_values(delays=np.array([np.nan])), "delays = nan"),
    "early": (lambda: PAIR.with_values(delays=np.array([-1.0])), r"delays = -1\.0.* at least 0 s"),
    "weights of pairs": (lambda: PAIR.with_values(weights=np.array([np.nan])), "weights = nan"),
    "W": (lambda: rate_eigenvalues([[np.nan]], 1.0, 1.0, [0]), r"connectivity\[0, 0\] = nan"),
    "branch": (lambda: rate_eigenvalues([[-1.0]], 1.0, 1.0, [0.5]), r"branches = .*0\.5.* whole"),
    "time constant": (lambda: rate_eigenvalues([[-1.0]], np.nan, 1.0, [0]), "tau = nan s must"),
    "endless": (lambda: rate_hopf(np.inf, 1.0), "tau = inf s must be positive and finite"),
    "order": (lambda: rate_hopf(1.0, 1.0, 0.5), r"order = 0\.5 must be whole"),
    "M": (lambda: cross_spectra(np.full((1, 1, 1), np.nan), [1.0], [1]), r"M\[0, 0, 0\] = nan"),
    "rates": (lambda: cross_spectra(np.zeros((1, 1, 1)), [np.nan], [1]), r"nu\[0\] = nan must"),
    "spectrum": (
        lambda: binned_rate_variance([0.0, 1.0], [np.nan, 1.0], 0.1, 1e-3),
        r"spectrum\[0\] = nan must be finite",
    ),
    "bin": (
        lambda: binned_rate_variance([0.0, 1.0], [1.0, 1.0], 0.1, np.nan),
        "bin_size = nan s must be positive",
    ),
    "mean as text": (lambda: firing_rate("0.02", 5e-3, LIF), r"mu = '0\.02' must be a real .* V"),
    "no mean": (lambda: firing_rate(None, 5e-3, LIF), "mu = None must be a real number in V"),
    "complex mean": (lambda: firing_rate(0.02 + 1j, 5e-3, LIF), "mu = .* must be a real number"),
    "endless mean": (lambda: firing_rate(np.inf, 5e-3, LIF), "mu = inf V is outside"),
    "neuron": (lambda: firing_rate(0.02, 5e-3, {"tau_m": 0.02}), "neuron = .* must be LIFParams"),
    "endless neuron": (lambda: LIFNeurons(**NEURON | {"tau_m": np.inf}), "tau_m = inf s"),  # type: ignore[has-type]
    "neuron as text": (lambda: LIFNeurons(**NEURON | {"tau_m": "0.02"}), r"tau_m = '0\.02' must"),  # type: ignore[has-type]
    "ragged": (lambda: connected(J=[[1e-4], [1e-4, 2e-4]]), "J = .* must be a real number in V"),
    "frequency": (lambda: transfer_function("9", 0.02, 5e-3, LIF), "frequencies = '9' must be"),
    "exponent": (lambda: linear_response("9", 0.02, 5e-3, LIF), "lam of type <U1 must be complex"),
    "rate as text": (lambda: isi_cv(0.02, 5e-3, LIF, nu="a"), "nu = 'a' must be a real .* in Hz"),
    "start as text": (lambda: solve_working_point(SMALL, nu_start="a"), "nu_start = 'a' must be"),
    "starts": (lambda: all_fixed_points(SMALL, n_starts=-1), "n_starts = -1 must be whole"),
    "rates of others": (lambda: mean_input(SMALL, np.ones(3)), r"nu has shape \(3,\), needs one"),
    "late inputs": (
        lambda: run(events=SpikeInputs(steps=[10_000], targets=[0], weights=[1e-3])),
        "steps begin with 10000, the run ends with step 500",
    ),
    "neurons": (lambda: run(neurons=PerNeuron(tau_m=np.full(9, 0.02))), r"needs \(100,\)"),
}
NEURON = {"tau_m": 0.02, "tau_ref": 0.002, "V_th": 0.02, "V_reset": 0.01}


@pytest.mark.parametrize(("call", "message"), WRONG_UNITS.values(), ids=WRONG_UNITS)
def test_a_wrong_unit_is_caught_with_what_is_allowed_and_the_likely_slip(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


@pytest.mark.parametrize(("call", "message"), GAPS.values(), ids=GAPS)
def test_gaps_and_wrong_kinds_are_named_where_they_enter(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


@pytest.mark.parametrize(
    "ask",
    [
        lambda network, point: effective_connectivity(network, point, FREQUENCIES),
        lambda network, point: population_spectra(network, point, FREQUENCIES, check=False),
        lambda network, point: population_response(network, point, 1j * FREQUENCIES),
        population_cv,
        leading_eigenvalues,
    ],
)
def test_the_working_point_of_another_network_is_refused(ask):
    with pytest.raises(ParameterError, match=r"has 2 populations, the network 1|needs one rate"):
        ask(ONE, solve_working_point(SMALL))


@pytest.mark.parametrize("ask", [effective_connectivity, population_spectra])
def test_the_working_point_of_other_weights_is_refused(ask):
    stronger = PopulationNetwork(
        names=SMALL.names,
        sizes=SMALL.sizes,
        neurons=SMALL.neurons,
        synapses=connected(J=[1e-3, -6e-3], in_degrees=[8, 2]),
        drive=SMALL.drive,
    )
    with pytest.raises(ParameterError, match="that of another network; solve this one"):
        ask(stronger, solve_working_point(SMALL), FREQUENCIES)


def test_lists_stand_for_arrays():
    """The same numbers as arrays, to the last bit."""
    point = solve_working_point(SMALL)
    M = effective_connectivity(SMALL, point, FREQUENCIES)
    pairs = (
        (effective_connectivity(SMALL, point, [1.0, 10.0]), M),
        (cross_spectra(M.tolist(), [8.0, 5.0], [80, 20]), cross_spectra(M, [8.0, 5.0], [80, 20])),
        (mean_input(SMALL, [1.0, 2.0]), mean_input(SMALL, np.array([1.0, 2.0]))),
        (PAIR.with_values(weights=[1.0]).weights, np.ones(1)),
        (delay_factor([1.0], [1e-3], [0.0]), delay_factor(np.ones(1), np.full(1, 1e-3), 0.0)),
    )
    for listed, array in pairs:
        np.testing.assert_array_equal(listed, array)


def test_a_step_that_is_merely_too_long_is_not_said_to_be_in_ms():
    with pytest.raises(ParameterError) as caught:
        SimulationParams(dt=2e-3, warm_up=0.0, duration=0.05, precision="float64")
    assert "write" not in str(caught.value)
    with pytest.raises(ParameterError, match=r"in ms\? Then write 0\.0001"):
        SimulationParams(dt=0.1, warm_up=0.0, duration=0.05, precision="float64")


def test_a_threshold_that_is_no_number_is_not_called_exchanged():
    with pytest.raises(ParameterError) as caught:
        LIFNeurons(**NEURON | {"V_th": np.nan})
    assert "V_th = nan V" in str(caught.value)
    assert "exchanged" not in str(caught.value)
