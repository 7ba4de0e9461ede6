"""The LFP over a sheet from maps of rates.

Oracles: sums over lattices of dipoles; every synapse and every cell through `lfp_from_spikes`.
"""

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csc_array

from cortex.connectivity.space import displacements
from cortex.errors import ParameterError
from cortex.lfp import SynapticKernel, amplitude_matrix, cell_sources, lfp_from_spikes, two_monopole
from cortex.lfp.sheet import current_source_density, dipole_maps, dipole_transform
from cortex.lfp.synapses import weighted_sum_classes
from cortex.params.description.lfp import LayerParams, LfpParams, SheetElectrodes
from cortex.params.drive import Drive
from cortex.params.lfp import KernelParams, SynapseParams, WeightedSumParams
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.params.synapses import Synapses
from cortex.rng import stream
from cortex.spikes import Spikes

N, SIDE, SPEED, DELAY, DT, STEPS = 12, 1.2e-3, 0.1, 1e-3, 5e-4, 160
K, J = np.array([40.0, 20.0]), np.array([1e-4, -3e-4])
WIDTH = np.array([1.8e-4, 2.2e-4])
SLOW = SynapseParams(
    ampa=KernelParams(tau_decay=8e-3, tau_rise=4e-3),
    gaba=KernelParams(tau_decay=1e-2, tau_rise=5e-3),
)
WEIGHTING = WeightedSumParams(delay_ampa=2e-3)
ELECTRODES = SheetElectrodes(height=4e-4, length=2.5e-4)


def network(speed=SPEED):
    """One population of E and one of I, a neuron of each in every cell of the maps."""
    space = NetworkSpace(extent=[SIDE, SIDE], profile="gaussian", width=[WIDTH], speed=speed)
    return PopulationNetwork(
        names=("E", "I"),
        sizes=[N * N, N * N],
        neurons=LIFNeurons(tau_m=0.01, tau_ref=1e-3, V_th=0.015, V_reset=0.0),
        synapses=Synapses(in_degrees=[K] * 2, J=[J] * 2, tau_s=5e-4, delay=DELAY),
        drive=Drive(rate=np.zeros((2, 1)), J=1e-4, tau_s=5e-4),
        space=space,
    )


def lattice():
    axis = (np.arange(N) + 0.5) * SIDE / N
    return np.stack([grid.ravel() for grid in np.meshgrid(axis, axis)], axis=1)


@pytest.mark.parametrize("height", [2e-4, -1e-4, 6e-4])
def test_a_wave_of_dipoles_has_the_potential_of_their_sum(height):
    """Oracle: two monopoles at each of 1,601 x 1,601 places, a taper where the sum ends."""
    k, pitch, length = 5e3, 2.5e-5, 2.5e-4
    x = np.arange(-800, 801) * pitch
    r = np.hypot(*np.meshgrid(x, x))
    one = 1.0 / np.hypot(r, height) - 1.0 / np.hypot(r, height - length)
    expected = np.sum(one * np.cos(k * x)) * pitch**2 / (4.0 * np.pi * 0.3)
    found = dipole_transform(np.array([k]), height, length=length, conductivity=0.3)
    # the lattice adds exp(-(2 pi/pitch - k) z): 1e-10 here; what lies beyond 20 mm falls as r^-3
    assert found[0] == pytest.approx(expected, rel=2e-3)


def every_synapse(spikes, at):
    """Return the LFP with a synapse of the mean weight between every two neurons."""
    places = lattice()
    d = displacements(places[np.newaxis], places[:, np.newaxis], np.array([SIDE, SIDE]))
    r = np.linalg.norm(d, axis=2)
    charge, delay = [], []
    for b in range(2):
        share = np.exp(-(r**2) / (2.0 * WIDTH[b] ** 2))
        charge.append(SLOW.capacitance * J[b] * K[b] * share / share.sum(axis=1, keepdims=True))
        delay.append(DELAY + r / SPEED)
    sources = cell_sources(np.column_stack([places, np.zeros(len(places))]), length=2.5e-4)
    amplitude = sum(
        amplitude_matrix(
            np.column_stack([places + np.array(shift) * SIDE, np.full(len(places), 4e-4)]),
            sources,
            two_monopole,
        )
        for shift in product(range(-8, 9), repeat=2)
    )
    classes = weighted_sum_classes(
        csc_array(np.hstack(charge)),
        ampa=SynapticKernel.of(SLOW.ampa),
        gaba=SynapticKernel.of(SLOW.gaba),
        delay=csc_array(np.hstack(delay)),
        weighting=WEIGHTING,
    )
    return lfp_from_spikes(amplitude, spikes, classes, at=at)


def test_maps_of_rates_give_the_lfp_of_every_synapse_of_the_mean_network():
    """Delays of single synapses, currents of single cells, images of the period one by one."""
    rng = stream(4, "spikes")
    step, neuron = rng.integers(0, 60, 40), rng.integers(0, 2 * N * N, 40)
    order = np.argsort(step, kind="stable")
    step, neuron = step[order], neuron[order]
    counts = np.zeros((2, STEPS, N * N))
    np.add.at(counts, (neuron // (N * N), step, neuron % (N * N)), 1.0)
    lfp = LfpParams(targets=("E",), synapses=SLOW, weighting=WEIGHTING, electrodes=ELECTRODES)
    maps = dipole_maps(counts.reshape(2, STEPS, N, N) / DT, network(), lfp, dt=DT)
    found = maps.potential(4e-4).reshape(STEPS, -1)
    times = np.arange(STEPS) * DT
    expected = every_synapse(Spikes.at(step * DT, neuron), times)
    # images beyond eight periods: a hundredth of the mean; steps of half a millisecond of delays
    # that grow by a lattice of 0.1 mm
    assert np.abs(found - expected).max() < 0.03 * np.abs(expected).max()
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.999


def test_the_density_of_sources_balances_and_layers_shift_with_their_somata():
    rng = stream(5, "rates")
    rates = rng.random((2, 80, N, N)) * 10.0
    heights = np.arange(-20, 31) * 5e-5
    plain, raised = (
        dipole_maps(
            rates,
            network(),
            LfpParams(
                targets=("E",),
                electrodes=SheetElectrodes(height=0.0, length=2.5e-4, layers=layers),
            ),
            dt=DT,
        )
        for layers in ({}, {"E": LayerParams(soma=3e-4)})
    )
    np.testing.assert_allclose(plain.potential(1e-4), raised.potential(4e-4), rtol=1e-12)
    shaft = np.stack([plain.potential(h)[:, 3, 4] for h in heights], axis=1)
    csd = current_source_density(shaft, 5e-5, 0.3)
    # a layer of sources at the somata (0), one of sinks at the apices, or the other way round
    strongest = np.sort(np.argsort(np.abs(csd).mean(axis=0))[-2:])
    np.testing.assert_allclose(heights[1:-1][strongest], [0.0, 2.5e-4], atol=1e-9)
    low, high = (int(np.argmin(np.abs(heights[1:-1] - z))) for z in (0.0, 2.5e-4))
    assert np.all(csd[20:, low] * csd[20:, high] < 0.0)


def test_a_network_without_periodic_sheet_or_electrodes_is_refused():
    lfp = LfpParams(targets=("E",))
    with pytest.raises(ParameterError, match=r"needs a network on a periodic sheet, and `lfp\."):
        dipole_maps(np.zeros((2, 10, N, N)), network(), lfp, dt=DT)
    with pytest.raises(ParameterError, match="at least three heights, ascending and evenly"):
        SheetElectrodes(height=0.0, shaft=(0.0, 1e-4, 3e-4))
    with pytest.raises(ParameterError, match=r"electrodes\.layers names I; targets are E"):
        LfpParams(
            targets=("E",),
            electrodes=SheetElectrodes(height=0.0, layers={"I": LayerParams(soma=0.0)}),
        )
