"""Synaptic currents behind potentials and conductances."""

from collections.abc import Mapping

import numpy as np

from cortex.errors import ParameterError
from cortex.params.izhikevich import RECEPTORS, ReceptorParams
from cortex.spiking.izhikevich.network import Scheme
from cortex.typing import FloatArray


def nmda_gate(v: FloatArray, scheme: Scheme = "standard") -> FloatArray:
    """Return q/(1 + q), q = ((v + 80 mV)/60 mV)^2, by which the NMDA conductance is open.

    Parameters
    ----------
    v : ndarray, any shape
        Potential, V.
    scheme : {"standard", "reference"}
        Below -80 mV the gate is closed in the standard scheme; in the reference scheme it
        opens again, for q is even.

    Returns
    -------
    ndarray, shape of `v`
        Dimensionless, in [0, 1).

    Notes
    -----
    Izhikevich & Edelman (2008), Proc. Natl. Acad. Sci. 105:3593.

    Examples
    --------
    >>> v = np.array([-0.14, -0.08, -0.02])
    >>> nmda_gate(v).tolist(), nmda_gate(v, "reference").round(3).tolist()
    ([0.0, 0.0, 0.5], [0.5, 0.0, 0.5])
    """
    above = v + 80e-3
    q = np.square((np.maximum(above, 0.0) if scheme == "standard" else above) / 60e-3)
    return np.asarray(q / (1.0 + q))


def receptor_currents(
    v: FloatArray,
    conductances: Mapping[str, FloatArray],
    receptors: ReceptorParams,
    scheme: Scheme = "standard",
) -> dict[str, FloatArray]:
    """Return the current through each receptor, I = g (v - E), for NMDA times its gate.

    Parameters
    ----------
    v : ndarray, any shape
        Potential, V.
    conductances : mapping of str to ndarray, shape of `v`
        Conductance of each of the four receptors, S, NMDA without its gate.
    receptors : ReceptorParams
        Reversal potentials.
    scheme : {"standard", "reference"}
        The scheme of the network, see `nmda_gate`.

    Returns
    -------
    dict of str to ndarray, shape of `v`
        Current by receptor, A, outward positive.

    Raises
    ------
    ParameterError
        A conductance is missing.

    References
    ----------
    Izhikevich & Edelman (2008), Proc. Natl. Acad. Sci. 105:3593.

    Examples
    --------
    >>> g = {name: np.array([1e-9]) for name in RECEPTORS}
    >>> currents = receptor_currents(np.array([-0.06]), g, ReceptorParams())
    >>> {name: round(1e12 * float(each[0]), 3) for name, each in currents.items()}
    {'ampa': -60.0, 'nmda': -6.0, 'gaba_a': 10.0, 'gaba_b': 30.0}
    """
    missing = [name for name in RECEPTORS if name not in conductances]
    if missing:
        msg = f"receptor currents need the conductances of all four receptors; no {missing}"
        raise ParameterError(msg)
    currents = {
        name: np.asarray(conductances[name] * (v - E))
        for name, E in zip(RECEPTORS, receptors.E, strict=True)
    }
    return currents | {"nmda": currents["nmda"] * nmda_gate(v, scheme)}
