"""A circuit of E, PV and SST cells, and any network moved along a direction."""

from dataclasses import replace

import numpy as np

from cortex.inverse.tangents import DRIVE, NEURONS, SYNAPSES, arrays_of
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import Synapses

TAU_S = 0.5e-3
SIZES = np.array([4000, 500, 400])
PER_PA = TAU_S / 250e-12 * 1e-12  # V per pA


def circuit(**synapses):
    """Return the network of the pins (specification, section 5), synapses changed."""
    probability = np.array([[0.1, 0.2, 0.2], [0.1, 0.2, 0.1], [0.1, 0.05, 0.02]])
    given = {
        "in_degrees": probability * SIZES,
        "J": PER_PA * np.array([60.0, -240.0, -180.0]),
        "tau_s": TAU_S,
        "delay": np.array([1.5e-3, 0.8e-3, 0.8e-3]),
    }
    return PopulationNetwork(
        names=("E", "PV", "SST"),
        sizes=SIZES,
        neurons=LIFNeurons(
            tau_m=np.array([20e-3, 10e-3, 20e-3]), tau_ref=2e-3, V_th=15e-3, V_reset=0.0
        ),
        synapses=Synapses(**given | synapses),
        drive=Drive(
            rate=np.array([[8796.09], [14151.14], [5480.83]]), J=60.0 * PER_PA, tau_s=TAU_S
        ),
    )


def moved(network, tangents, row, h):
    """Return the network with the logarithm of one parameter larger by h."""
    a = {name: x + h * tangents.arrays[name][row] for name, x in arrays_of(network).items()}
    space = network.space
    if space is not None:
        extent = np.append(a["extent"], space.extent[1:])
        with np.errstate(divide="ignore"):  # delays that do not grow
            speed = 1.0 / a["slowness"]
        space = replace(space, extent=extent, width=a["width"], speed=speed)
    return replace(
        network,
        neurons=replace(network.neurons, **{name: a[name] for name in NEURONS}),
        synapses=replace(network.synapses, **{name: a[name] for name in SYNAPSES}),
        drive=replace(network.drive, **{own: a[name] for name, own in DRIVE.items()}),
        space=space,
    )
