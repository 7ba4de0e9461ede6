"""Two unlike populations with nonlinear response, after Sanzeni, Histed & Brunel (2020)."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError
from cortex.params.base import Block
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.spec import block, quantity, vector
from cortex.params.synapses import Synapses

NEURON: Final = LIFParams(tau_m=20e-3, tau_ref=2e-3, V_th=20e-3, V_reset=10e-3)

WEIGHT: Final = quantity("mV", -20.0, 20.0, "jump of the membrane potential")
IN_DEGREE: Final = quantity("1", 0.0, 1e6, "synapses per neuron")


@dataclass(frozen=True, slots=True, kw_only=True)
class SanzeniParams(Block):
    """E-I network of delta synapses whose weights and in-degrees differ by target.

    Sanzeni, Histed & Brunel (2020), PLoS Comput. Biol. 16:e1008165. ``case(name)`` gives the
    five kinds of nonlinearity that the paper tells apart.
    """

    neuron: LIFParams = block(LIFParams, "neuron shared by both populations", NEURON)
    J: tuple[tuple[float, ...], ...] = vector(
        vector(WEIGHT, "from E and I", 2), "recurrent weights, [target][source]", 2
    )
    in_degrees: tuple[tuple[float, ...], ...] = vector(
        vector(IN_DEGREE, "from E and I", 2),
        "recurrent in-degrees, [target][source]",
        2,
        ((400.0, 100.0), (400.0, 100.0)),
    )
    J_ext: float = quantity("mV", 0.0, 20.0, "external weight")
    in_degree_ext: tuple[float, ...] = vector(IN_DEGREE, "external in-degree of E and I", 2)
    rate_ext: float = quantity("Hz", 0.0, 1e4, "rate of one external source")
    delay: float = quantity("ms", 0.01, 100.0, "transmission delay", 1.5e-3)

    @classmethod
    def case(cls, name: str) -> "SanzeniParams":
        """Return one of the five cases, at an external rate where it shows."""
        if name not in CASES:
            msg = f"no case {name!r} of Sanzeni et al. (2020); cases: {', '.join(CASES)}"
            raise ParameterError(msg)
        return cls(**CASES[name])

    def at(self, rate_ext: float) -> "SanzeniParams":
        """Return the same network at another external rate, Hz."""
        return replace(self, rate_ext=float(rate_ext))

    def network(self) -> PopulationNetwork:
        """Return the normal form read by theory and simulation."""
        return PopulationNetwork(
            names=("E", "I"),
            sizes=np.array([8000, 2000]),
            neurons=LIFNeurons.of(self.neuron),
            synapses=Synapses(in_degrees=self.in_degrees, J=self.J, tau_s=0.0, delay=self.delay),
            drive=Drive(
                rate=self.rate_ext * np.array(self.in_degree_ext)[:, None], J=self.J_ext, tau_s=0.0
            ),
        )


CASES: Final[dict[str, dict[str, Any]]] = {
    # weights and in-degrees of the paper's figures
    "saturation_driven_nonlinearity": {
        "J": ((0.2e-3, -1.6e-3), (0.2e-3, -1.4e-3)),
        "J_ext": 0.2e-3,
        "in_degree_ext": (1600.0, 800.0),
        "rate_ext": 40.0,
    },
    "response_onset_supersaturation": {
        "J": ((0.2e-3, -0.9e-3), (0.2e-3, -0.58e-3)),
        "J_ext": 0.2e-3,
        "in_degree_ext": (400.0, 400.0),
        "rate_ext": 12.0,
    },
    "noise_driven_multisolution": {
        "J": ((0.5e-3, -3.5e-3), (0.5e-3, -3.0e-3)),
        "J_ext": 0.5e-3,
        "in_degree_ext": (400.0, 280.0),
        "rate_ext": 2.0,
    },
    # our own numbers for the two other kinds: saturated state next to a balanced one, and
    # multiple states that persist without noise
    "saturation_driven_multisolution": {
        "J": ((0.2e-3, -0.4e-3), (0.2e-3, -0.2e-3)),
        "J_ext": 0.2e-3,
        "in_degree_ext": (400.0, 400.0),
        "rate_ext": 11.0,
    },
    "mean_driven_multisolution": {
        "J": ((0.05e-3, -0.4e-3), (0.05e-3, -0.35e-3)),
        "in_degrees": ((1600.0, 400.0), (1600.0, 400.0)),
        "J_ext": 0.05e-3,
        "in_degree_ext": (6400.0, 3200.0),
        "rate_ext": 2.0,
    },
}
