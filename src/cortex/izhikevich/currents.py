"""Synaptic currents behind recorded potentials and conductances."""

import numpy as np

from cortex.errors import ParameterError
from cortex.izhikevich.packing import Scheme
from cortex.izhikevich.simulation import Traces
from cortex.params.izhikevich import RECEPTORS, ReceptorParams
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
    traces: Traces, receptors: ReceptorParams, scheme: Scheme = "standard"
) -> dict[str, FloatArray]:
    """Return the current through each receptor, I = g (v - E), for NMDA times its gate.

    Parameters
    ----------
    traces : Traces
        Recorded potentials and conductances of all four receptors.
    receptors : ReceptorParams
        Reversal potentials.
    scheme : {"standard", "reference"}
        The scheme that made the traces, see `nmda_gate`.

    Returns
    -------
    dict of str to ndarray, shape (n_samples, n_recorded)
        Current by receptor, A, outward positive.

    Raises
    ------
    ParameterError
        The potential or a conductance was not recorded.

    References
    ----------
    Izhikevich & Edelman (2008), Proc. Natl. Acad. Sci. 105:3593.

    Examples
    --------
    >>> values = {name: np.full((1, 1), 1e-9) for name in RECEPTORS}
    >>> values["v"] = np.full((1, 1), -0.06)
    >>> traces = Traces(times=np.zeros(1), neurons=np.zeros(1, int), values=values)
    >>> currents = receptor_currents(traces, ReceptorParams())
    >>> {name: round(1e12 * float(each[0, 0]), 3) for name, each in currents.items()}
    {'ampa': -60.0, 'nmda': -6.0, 'gaba_a': 10.0, 'gaba_b': 30.0}
    """
    missing = [name for name in ("v", *RECEPTORS) if name not in traces.values]
    if missing:
        msg = f"receptor currents need traces of {missing}; record v and all four receptors"
        raise ParameterError(msg)
    v = traces.values["v"]
    currents = {
        name: traces.values[name] * (v - E) for name, E in zip(RECEPTORS, receptors.E, strict=True)
    }
    return currents | {"nmda": currents["nmda"] * nmda_gate(v, scheme)}
