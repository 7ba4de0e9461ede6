"""A circuit of E, PV and SST cells."""

import numpy as np

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


def described():
    """Return a smaller circuit of the same cells as the keys of a network file."""
    cell = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
    made = {"delay_ms": 1.0, "receptor": "psc"}
    return {
        "populations": {
            "E": {"size": 800, **cell},
            "PV": {"size": 100, **cell, "tau_m_ms": 10.0},
            "SST": {"size": 100, **cell},
        },
        "receptors": {"psc": {"tau_s_ms": 0.5}},
        "projections": {
            "from_E": {
                "source": "E", "target": "all", "probability": 0.1, "J_mV": 0.15, **made,
                "delay_ms": 1.5,
            },
            "from_PV": {
                "source": "PV", "target": "all", "probability": 0.3, "J_mV": -0.6, **made,
            },
            "from_SST": {
                "source": "SST", "target": ["E", "PV"], "probability": 0.3, "J_mV": -0.5, **made,
            },
        },
        "drive": {
            f"to_{name}": {"target": name, "rate_Hz": rate, "J_mV": 0.2, "receptor": "psc"}
            for name, rate in (("E", 4600.0), ("PV", 9000.0), ("SST", 3800.0))
        },
    }  # fmt: skip
