"""LFP proxies of a population: one function for all, with units, signs and shifts stated.

==========  ==================================================  =====  ======================
proxy       definition (AMPA > 0, GABA < 0, sums over units)    unit   source
==========  ==================================================  =====  ======================
FR          mean firing rate                                    Hz     Mazzoni et al. 2015
AMPA        sum I_A                                             A      Mazzoni et al. 2015
GABA        -sum I_G                                            A      Mazzoni et al. 2015
Vm          sum V                                               V      Mazzoni et al. 2015
I           sum (I_A + I_G)                                     A      Mazzoni et al. 2015
abs_I       sum (abs I_A + abs I_G)                             A      Mazzoni et al. 2015
RWS         sum I_A(t - 6 ms) - 1.65 I_G(t)                     A      Mazzoni et al. 2015
ERWS1       sum I_A(t + 0.9 ms) - 0.3 I_G(t - 2.3 ms)           A      Martinez-Canada 2021
ERWS2       delays and weight follow the external rate          A      Martinez-Canada 2021
==========  ==================================================  =====  ======================

ERWS1 and ERWS2 read the future of the AMPA current; their causal variants do not. WS is
`weighted_sum` with fitted parameters (`cortex.lfp.fit_weighted_sum`).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.lfp.grid import checked_step
from cortex.lfp.samples import Boundary
from cortex.params.arrays import finite, instance
from cortex.params.lfp import RWS, WeightedSumParams
from cortex.typing import FloatArray

ProxyName = Literal["FR", "AMPA", "GABA", "Vm", "I", "abs_I", "RWS", "ERWS1", "ERWS2"]
PROXY_NAMES: tuple[ProxyName, ...] = (
    "FR",
    "AMPA",
    "GABA",
    "Vm",
    "I",
    "abs_I",
    "RWS",
    "ERWS1",
    "ERWS2",
)

ERWS1 = WeightedSumParams(alpha=0.3, delay_ampa=-0.9e-3, delay_gaba=2.3e-3)
ERWS1_CAUSAL = WeightedSumParams(alpha=0.1, delay_ampa=0.0, delay_gaba=3.1e-3)


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkSignals:
    """What a simulation recorded of the units of one population.

    Parameters
    ----------
    dt : float
        Sampling step, s.
    ampa, gaba : ndarray of shape (n_steps, n_units), optional
        Signed synaptic currents of the same units, A; one unit may be a whole population.
    voltage : ndarray of shape (n_steps, n_cells), optional
        Membrane potentials, V.
    rate : ndarray of shape (n_steps, n_rates), optional
        Firing rates, Hz, of cells or of whole populations.

    Raises
    ------
    ParameterError
        A step in ms; signals that are not 2-D and finite, differ in length, currents of
        different units or of the other sign.
    """

    dt: float
    ampa: FloatArray | None = None
    gaba: FloatArray | None = None
    voltage: FloatArray | None = None
    rate: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse steps, shapes and signs that mean another convention."""
        checked_step(self.dt)
        given = {f.name: getattr(self, f.name) for f in fields(self)[1:]}
        shapes = {name: np.shape(values) for name, values in given.items() if values is not None}
        for name, shape in shapes.items():
            if len(shape) != 2 or not np.all(np.isfinite(given[name])):
                msg = f"{name} has shape {shape}, needs (n_steps, n_units), finite"
                raise ParameterError(msg)
        if len({shape[0] for shape in shapes.values()}) > 1:
            msg = f"signals have shapes {shapes}; all need the same n_steps, the leading axis"
            raise ParameterError(msg)
        if len({shapes[name] for name in ("ampa", "gaba") if name in shapes}) > 1:
            msg = f"ampa {shapes['ampa']} and gaba {shapes['gaba']} must be of the same units"
            raise ParameterError(msg)
        for name, sign, kind in (("ampa", 1.0, "excitatory"), ("gaba", -1.0, "inhibitory")):
            if name in shapes and sign * np.sum(given[name]) < 0.0:
                expected = "positive" if sign > 0.0 else "negative"
                msg = f"{name} has the wrong sign on average; {kind} currents are {expected} here"
                raise ParameterError(msg)


def proxy(
    name: ProxyName,
    signals: NetworkSignals,
    *,
    boundary: Boundary,
    nu_ext: float | None = None,
    causal: bool = False,
) -> FloatArray:
    """Return one proxy of the LFP.

    Parameters
    ----------
    name : {"FR", "AMPA", "GABA", "Vm", "I", "abs_I", "RWS", "ERWS1", "ERWS2"}
        The proxy, see the table of this module.
    signals : NetworkSignals
        Recorded signals; those the proxy needs must be there.
    boundary : {"error", "zero", "hold"}
        What stands for samples before the first and after the last one when a current is
        shifted: nothing (refuse), zero, or the sample at the edge.
    nu_ext : float, optional
        External rate per neuron, Hz; needed by ERWS2.
    causal : bool
        Whether no sample may depend on a later one: the causal variants of ERWS1 and ERWS2.
        All other proxies are causal as they stand.

    Returns
    -------
    ndarray of shape (n_steps,)
        The proxy in the unit of the table of this module, not normalised. Delays are rounded
        to the nearest step.

    Raises
    ------
    ParameterError
        An unknown name or boundary, a signal or rate that is missing, or a shift with the
        boundary "error".

    References
    ----------
    Table of this module: Mazzoni et al. (2015) and Martínez-Cañada et al. (2021).

    Examples
    --------
    >>> s = NetworkSignals(dt=1e-3, ampa=np.ones((8, 2)), gaba=-2 * np.ones((8, 2)))
    >>> float(proxy("I", s, boundary="error")[0])
    -2.0
    """
    if name in UNSHIFTED:
        return UNSHIFTED[name](signals)
    match name:
        case "RWS":
            weighting = RWS
        case "ERWS1":
            weighting = ERWS1_CAUSAL if causal else ERWS1
        case "ERWS2":
            weighting = erws2(nu_ext, causal=causal)
        case _:
            msg = f"no proxy {name!r}; there are {', '.join(PROXY_NAMES)}"
            raise ParameterError(msg)
    return weighted_sum(signals, weighting, boundary=boundary)


def weighted_sum(
    signals: NetworkSignals, weighting: WeightedSumParams, *, boundary: Boundary
) -> FloatArray:
    """Return sum over units of I_A(t - delay_ampa) - alpha I_G(t - delay_gaba).

    Parameters
    ----------
    signals : NetworkSignals
        Currents of the units.
    weighting : WeightedSumParams
        Delays (rounded to the nearest step) and relative weight.
    boundary : {"error", "zero", "hold"}
        See `proxy`.

    Returns
    -------
    ndarray of shape (n_steps,)
        Weighted sum, A.

    Raises
    ------
    ParameterError
        A current that is missing, an unknown boundary, or a shift with the boundary "error".

    References
    ----------
    Mazzoni, Linden et al. (2015), PLoS Comput. Biol. 11:e1004584.

    Examples
    --------
    >>> s = NetworkSignals(dt=1e-3, ampa=np.ones((8, 2)), gaba=-2 * np.ones((8, 2)))
    >>> float(weighted_sum(s, WeightedSumParams(), boundary="hold")[0])
    8.6
    """
    instance("weighting", weighting, WeightedSumParams)
    ampa = _need(signals, "ampa", "a weighted sum").sum(axis=1)
    gaba = _need(signals, "gaba", "a weighted sum").sum(axis=1)
    late = delayed(ampa, weighting.delay_ampa, signals.dt, boundary)
    return late - weighting.alpha * delayed(gaba, weighting.delay_gaba, signals.dt, boundary)


def erws2(nu_ext: float | None, *, causal: bool = False) -> WeightedSumParams:
    """Return the weighting of ERWS2 at an external rate.

    With v in spikes/ms: delay_ampa = -0.6 v^-0.1 - 0.4, delay_gaba = -1.9 v^-0.6 + 3.0 (ms),
    alpha = 1.4 v^-1.7 + 0.2; causal: 0, 4 - 1.5 v^-0.2 (ms), 0.5 v^-0.5.
    Martinez-Canada et al. (2021), PLoS Comput. Biol. 17:e1008893.

    Parameters
    ----------
    nu_ext : float
        External rate per neuron (all sources together), Hz.
    causal : bool
        Which set of coefficients.

    Returns
    -------
    WeightedSumParams
        Delays in s and relative weight.

    Raises
    ------
    ParameterError
        A rate that is missing or not positive, or so low that delays or weight leave the
        bounds of `WeightedSumParams`.

    Examples
    --------
    >>> round(erws2(1500.0).alpha, 3)
    0.903
    """
    if nu_ext is None or not nu_ext > 0.0:
        msg = f"ERWS2 needs the external rate nu_ext in Hz, positive, got {nu_ext}"
        raise ParameterError(msg)
    v = nu_ext / 1000.0
    if causal:
        return WeightedSumParams(
            alpha=0.5 * v**-0.5, delay_ampa=0.0, delay_gaba=1e-3 * (4.0 - 1.5 * v**-0.2)
        )
    return WeightedSumParams(
        alpha=1.4 * v**-1.7 + 0.2,
        delay_ampa=1e-3 * (-0.6 * v**-0.1 - 0.4),
        delay_gaba=1e-3 * (-1.9 * v**-0.6 + 3.0),
    )


def delayed(values: FloatArray, delay: float, dt: float, boundary: Boundary) -> FloatArray:
    """Return values(t - delay) on the same grid, the delay rounded to the nearest step.

    Parameters
    ----------
    values : ndarray of shape (n_steps, ...)
        Samples.
    delay, dt : float
        Delay (negative: read the future) and step, s.
    boundary : {"error", "zero", "hold"}
        Samples beyond the record: refuse any shift, zero, or the sample at the edge.

    Examples
    --------
    >>> delayed(np.array([1.0, 2.0, 3.0]), 1e-3, 1e-3, "hold")
    array([1., 1., 2.])
    """
    late = int(np.rint(float(finite("delay", delay, 0)) / dt))
    if boundary not in {"error", "zero", "hold"} or (boundary == "error" and late != 0):
        msg = (
            f"boundary = {boundary!r}: a shift of {late} steps needs samples beyond the record; "
            "choose 'zero' or 'hold' and discard the edge"
        )
        raise ParameterError(msg)
    index = np.arange(len(values)) - late
    read = values[np.clip(index, 0, len(values) - 1)]
    if boundary == "zero":
        read[(index < 0) | (index >= len(values))] = 0.0
    return read


def _need(signals: NetworkSignals, field: str, name: str) -> FloatArray:
    instance("signals", signals, NetworkSignals)
    values: FloatArray | None = getattr(signals, field)
    if values is None:
        msg = f"{name} needs the signal {field!r}, which was not recorded"
        raise ParameterError(msg)
    return values


UNSHIFTED: Final[dict[str, Callable[[NetworkSignals], FloatArray]]] = {
    "FR": lambda s: np.asarray(_need(s, "rate", "FR").mean(axis=1)),
    "AMPA": lambda s: np.asarray(_need(s, "ampa", "AMPA").sum(axis=1)),
    "GABA": lambda s: np.asarray(-_need(s, "gaba", "GABA").sum(axis=1)),
    "Vm": lambda s: np.asarray(_need(s, "voltage", "Vm").sum(axis=1)),
    "I": lambda s: np.asarray((_need(s, "ampa", "I") + _need(s, "gaba", "I")).sum(axis=1)),
    "abs_I": lambda s: np.asarray(
        (np.abs(_need(s, "ampa", "abs_I")) + np.abs(_need(s, "gaba", "abs_I"))).sum(axis=1)
    ),
}
