"""Every simulation of cortex goes through one public call, checked against the explicit sum."""

import numpy as np
import pytest
from scipy.sparse import block_array, csc_array

from cortex.lfp import (
    SynapticKernel,
    amplitude_matrix,
    cell_sources,
    lfp_from_spikes,
    weighted_sum_classes,
    wiring_charges,
)
from cortex.params.brunel import BrunelParams
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING
from cortex.params.lfp import AMPA, GABA
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.rng import stream
from cortex.spiking import (
    CurrentDrive,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    draw_source_lists,
    simulate,
)

DT = 1e-4
AT = np.arange(0.0, 0.15, 1e-3)
SETTINGS = SimulationParams(dt=DT, warm_up=0.0, duration=0.15, precision="float64")
ELECTRODES = 1e-6 * np.array([[0.0, 0.0, -200.0], [50.0, 0.0, 150.0], [300.0, 20.0, 400.0]])


def of_network(network):
    """Return spikes and charges (target x source, A s) of a LIF network with its own wiring."""
    wiring = draw_source_lists(network, seed=5, dt=DT)
    run = simulate(network, SETTINGS, seed=5, wiring=wiring)
    return run.spikes, wiring_charges(wiring, network, capacitance=2.5e-10)


def brunel():
    sizes = {"n_exc": 200, "n_inh": 50, "in_degree_exc": 20, "in_degree_inh": 5}
    model = BrunelParams(**sizes, J=5e-4, g=5.0, nu_ext_ratio=2.0)
    return of_network(model.network())


def ring():
    """Return the ring of Senk et al. (2020) with a tenth of its neurons and synapses."""
    model = SenkParams(n_exc=400, n_inh=100, in_degree_exc=40, in_degree_inh=10)
    return of_network(model.network())


def izhikevich():
    """Return spikes of conductance synapses; charges at the driving forces of rest."""
    rng = stream(5, "weights")
    weights = {
        "E": csc_array(1e-9 * (rng.random((50, 40)) < 0.2)),
        "I": csc_array(3e-9 * (rng.random((50, 10)) < 0.2)),
    }
    rows = {"E": slice(0, 40), "I": slice(40, 50)}
    receptor = {"E": {"ampa": 1.0}, "I": {"gaba_a": 1.0}}
    network = IzhikevichNetwork(
        populations=(
            IzhikevichPopulation(name="E", size=40, cell=REGULAR_SPIKING),
            IzhikevichPopulation(name="I", size=10, cell=FAST_SPIKING),
        ),
        pathways=tuple(
            Pathway(
                source=a, target=b, weights=weights[a][rows[b]], receptors=receptor[a], delay=1.5e-3
            )
            for a in "EI"
            for b in "EI"
        ),
        drives=(
            CurrentDrive(target="E", amplitude=np.linspace(2e-10, 5e-10, 40)),
            CurrentDrive(target="I", amplitude=np.linspace(2e-10, 4e-10, 10)),
        ),
    )
    run = simulate(network, SETTINGS, seed=5)
    forces = {"E": 60e-3 * 5e-3, "I": -10e-3 * 6e-3}  # V times decay time of the receptor, s
    charges = block_array([[forces[a] * weights[a][rows["E"]] for a in "EI"]], format="csc")
    return run.spikes, charges


@pytest.mark.parametrize("simulation", [brunel, ring, izhikevich])
def test_spikes_of_any_simulation_give_the_explicit_sum(simulation):
    spikes, charges = simulation()
    assert len(spikes) > 100
    assert len(np.unique(spikes.neurons)) > 20
    somata = stream(1, "somata").uniform(-1e-4, 1e-4, (charges.shape[0], 3))
    amplitude = amplitude_matrix(ELECTRODES, cell_sources(somata))
    kernels = {"ampa": SynapticKernel.of(AMPA), "gaba": SynapticKernel.of(GABA)}
    classes = weighted_sum_classes(charges, **kernels, delay=1.5e-3)
    found = lfp_from_spikes(amplitude, spikes, classes, at=AT)

    dense, expected = charges.toarray(), np.zeros_like(found)
    for time, source in zip(spikes.times, spikes.neurons, strict=True):
        column = dense[:, source]
        age = AT - time - 1.5e-3
        ampa, gaba = kernels["ampa"](age - 6e-3), -1.65 * kernels["gaba"](age)
        expected += np.outer(ampa, amplitude @ np.maximum(column, 0.0))
        expected += np.outer(gaba, amplitude @ np.minimum(column, 0.0))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * np.abs(expected).max())
