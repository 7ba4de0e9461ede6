"""Kernels of single spikes beside the weighted sum of every cell, on tiny networks."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.lfp import (
    SynapseClass,
    SynapticKernel,
    amplitude_matrix,
    cell_sources,
    lfp_from_spikes,
    two_monopole,
    unitary_lfp,
)
from cortex.lfp.kernel_methods import compare_kernels
from cortex.lfp.validation import best_shift
from cortex.params.brunel import BrunelParams
from cortex.rng import stream
from cortex.spikes import Spikes

DT, N_STEPS = 1e-4, 2000
NETWORK = BrunelParams(
    n_exc=6,
    n_inh=3,
    in_degree_exc=2,
    in_degree_inh=1,
    g=5.0,
    nu_ext_ratio=2.0,
    multapses=True,
).network()
ELECTRODES = 1e-6 * np.array([[0.0, 0.0, -300.0], [50.0, 0.0, 400.0]])
LAGS = DT * np.arange(600)


@pytest.fixture(scope="module")
def scene():
    """Return cells, spikes and charges of a network whose neurons differ in their synapses."""
    rng = stream(4, "scene")
    cells = tuple(
        cell_sources(rng.uniform(-1e-4, 1e-4, (n, 3)), soma_radius=0.0) for n in NETWORK.sizes
    )
    steps, neurons = np.nonzero(rng.random((N_STEPS, 9)) < 0.02)
    spikes = Spikes(
        steps=steps, neurons=neurons, dt=DT, n_steps=N_STEPS, names=("E", "I"), sizes=NETWORK.sizes
    )
    return cells, spikes, 1e-14 * rng.random((6, 9))


def synapses(charges):
    kernel = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
    return [SynapseClass(weights=charges, kernel=kernel, delay=1.5e-3)]


def test_the_two_references_are_the_sums_over_spikes(scene):
    cells, spikes, charges = scene
    found = compare_kernels(
        ELECTRODES, cells, spikes, NETWORK, synapses(charges), lags=LAGS, discard=0.05
    )
    at = DT * np.arange(1, N_STEPS + 1)
    amplitude = amplitude_matrix(ELECTRODES, cells[0], two_monopole)
    expected = lfp_from_spikes(amplitude, spikes, synapses(charges), at=at)[500:]
    np.testing.assert_array_equal(found.cells, expected - expected.mean(axis=0))
    everyone = cell_sources(np.vstack([kind.soma for kind in cells]), soma_radius=0.0)
    unitary = unitary_lfp(ELECTRODES, everyone, np.arange(9) < 6, spikes, at=at)[500:]
    np.testing.assert_allclose(found.unitary, unitary - unitary.mean(axis=0), rtol=1e-12)
    # all six cells fire once at lag 0: six times the mean kernel
    once = Spikes.at(np.zeros(6), np.arange(6))
    single = unitary_lfp(ELECTRODES, everyone, np.arange(9) < 6, once, at=LAGS) / 6
    np.testing.assert_allclose(found.unitary_kernels[:, :, 0], single, rtol=1e-12)


@pytest.mark.parametrize("kind", ["equal", "different"])
def test_a_convolution_leaves_out_only_the_differences_between_neurons(scene, kind):
    cells, spikes, different = scene
    equal = np.repeat([[2e-15, 5e-15]], [6, 3], axis=1) * np.ones((6, 1))
    charges = {"equal": equal, "different": different}[kind]
    found = compare_kernels(
        ELECTRODES, cells, spikes, NETWORK, synapses(charges), lags=LAGS, discard=0.05
    )
    scores = found.scores(np.zeros(1), dt=DT)
    off = np.abs(found.convolved - found.cells).max() / np.abs(found.cells).max()
    # the kernels are cut off at exp(-58.5/2) of their peak
    assert off < 1e-11 if kind == "equal" else off > 1e-3
    least = 1.0 - 1e-12 if kind == "equal" else 0.5
    assert scores["convolved"].min() > least
    np.testing.assert_array_equal(scores["unitary"], scores["unitary_shifted"])


def test_the_best_shift_of_a_late_copy_is_its_delay():
    truth = stream(0, "shift").normal(size=400)
    for delay in (25, -25):
        late = -2.0 * np.roll(truth, delay) + 1.0
        shift, r_squared = best_shift(late, truth, 5e-4 * np.arange(-8, 9), dt=1e-4)
        assert shift == pytest.approx(1e-4 * delay)
        assert r_squared == pytest.approx(1.0, abs=1e-12)
    with pytest.raises(ParameterError, match="leave nothing"):
        best_shift(late, truth, np.array([0.03]), dt=1e-4)


def test_a_network_of_other_cells_is_refused(scene):
    cells, spikes, charges = scene
    with pytest.raises(ParameterError, match="targets"):
        compare_kernels(
            ELECTRODES, cells[::-1], spikes, NETWORK, synapses(charges), lags=LAGS, discard=0.05
        )
    grid = {"steps": spikes.steps, "dt": spikes.dt, "n_steps": spikes.n_steps}
    other = Spikes(neurons=spikes.neurons + 5, names=spikes.names, sizes=spikes.sizes + 5, **grid)
    with pytest.raises(ParameterError, match="spikes of 19 neurons, the network has 9"):
        compare_kernels(
            ELECTRODES, cells, other, NETWORK, synapses(charges), lags=LAGS, discard=0.05
        )
