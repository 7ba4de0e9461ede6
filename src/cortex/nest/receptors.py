"""Which of NEST's LIF models a population is, and how its receptors are numbered."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cortex.errors import SimulationError
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray, IntArray

C_M: Final = 250.0  # pF; any will do, weights follow it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Receptors:
    """Time constants of the synapses onto each population, as NEST's models hold them.

    Parameters
    ----------
    tau : tuple of tuple of float
        Time constants of each population, s; (0.0,) for delta synapses.
    excitatory, inhibitory : ndarray, shape (n_pops,)
        Time constant of the weights of one sign, s; the first where there are several.
    port : ndarray of int, shape (n_pops, n_pops)
        Port of the target that a projection acts on, from 1; 0 where the sign decides.
    input_port : ndarray of int, shape (n_pops, n_inputs)
        The same of the Poisson inputs.
    per_jump, per_input_jump : ndarray, of the same shapes
        Weight (mV or pA) per jump (V) of the membrane.
    has_ports : bool
        Whether some population has more time constants than signs.
    """

    tau: tuple[tuple[float, ...], ...]
    excitatory: FloatArray
    inhibitory: FloatArray
    port: IntArray
    input_port: IntArray
    per_jump: FloatArray
    per_input_jump: FloatArray
    has_ports: bool

    def model(self, population: int) -> str:
        """Return the name of NEST's model of a population."""
        if self.tau[population] == (0.0,):
            return "iaf_psc_delta"
        return "iaf_psc_exp_multisynapse" if self.has_ports else "iaf_psc_exp"

    def parameters(self, population: int) -> dict[str, Any]:
        """Return the time constants (ms) of a population by NEST's names."""
        if self.tau[population] == (0.0,):
            return {}
        if self.has_ports:
            return {"tau_syn": [1e3 * tau for tau in self.tau[population]]}
        own = {"tau_syn_ex": self.excitatory, "tau_syn_in": self.inhibitory}
        return {name: float(1e3 * tau[population]) for name, tau in own.items()}

    @staticmethod
    def synapse(port: int) -> dict[str, int]:
        """Return the receptor of a connection, nothing where its sign decides."""
        return {"receptor_type": int(port)} if port else {}

    @staticmethod
    def of_tau(tau: FloatArray) -> FloatArray:
        """Return the weight per jump (V): mV, or pA of a current, w = J C / tau_s."""
        weight: FloatArray = np.full(np.shape(tau), 1e3)
        np.divide(C_M, tau, out=weight, where=tau > 0.0)
        return weight


def receptors_of(network: PopulationNetwork) -> Receptors:
    """Return the receptors of a network.

    Raises
    ------
    ParameterError
        Neurons of another model than the LIF, conductances, plasticity.
    SimulationError
        Delta synapses beside currents on one population, which no LIF model of NEST takes.
    """
    network.lif  # noqa: B018  refuses what is no plain LIF
    synapses, drive = network.synapses, network.drive
    used = np.hstack([synapses.exist & (synapses.J != 0.0), drive.J != 0.0])
    J, tau_s = (np.hstack([getattr(e, n) for e in (synapses, drive)]) for n in ("J", "tau_s"))
    tau = tuple(
        tuple(np.unique(row[on]).tolist()) or (0.0,) for row, on in zip(tau_s, used, strict=True)
    )
    for name, own in zip(network.names, tau, strict=True):
        if 0.0 in own and len(own) > 1:
            msg = f"NEST has no LIF neuron with delta synapses beside currents, as {name} has"
            raise SimulationError(msg)
    rows = list(zip(tau_s, used, J, strict=True))
    of_sign = [[np.unique(t[on & (sign * j > 0.0)]) for t, on, j in rows] for sign in (1, -1)]
    has_ports = any(len(own) > 1 for row in of_sign for own in row)
    first = [
        np.array([own[0] if len(own) else other[0] for own, other in zip(row, tau, strict=True)])
        for row in of_sign
    ]
    ports = np.zeros(tau_s.shape, dtype=np.int64)
    for port, own, row in zip(ports, tau if has_ports else (), tau_s, strict=has_ports):
        port[:] = np.searchsorted(own, row) + 1 if own != (0.0,) else 0
    n = network.n_pops
    per_jump = Receptors.of_tau(tau_s)
    return Receptors(
        tau=tau,
        excitatory=first[0],
        inhibitory=first[1],
        port=ports[:, :n],
        input_port=ports[:, n:],
        per_jump=per_jump[:, :n],
        per_input_jump=per_jump[:, n:],
        has_ports=has_ports,
    )
