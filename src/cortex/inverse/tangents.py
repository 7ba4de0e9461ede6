"""Directions in the space of all numbers of a network, one per parameter.

A network is the arrays of its normal form. A parameter theta moves all of them along a straight
line, d array / d ln theta: an element of an array moves itself, a key of a network file whatever
is made of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError
from cortex.networks.case import NetworkCase
from cortex.params.description.overrides import lay_over
from cortex.params.description.study import DescribedNetwork, split
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray, IntArray

STEP: Final = 1e-5
"""Relative step of central differences of what is smooth and cheap; their error is about 1e-9."""
NEURONS: Final = ("tau_m", "tau_ref", "V_th", "V_reset")
SYNAPSES: Final = ("in_degrees", "J", "J_cv", "tau_s", "delay", "delay_sd")
SPACE: Final = ("width", "slowness")
DRIVE: Final = {"rate_ext": "rate", "J_ext": "J", "tau_s_ext": "tau_s", "mu_dc": "mu_dc"}

Arrays = Mapping[str, FloatArray]


def arrays_of(network: PopulationNetwork) -> dict[str, FloatArray]:
    """Return every array of a normal form of LIF neurons by name; the drive's end in ``_ext``."""
    if network.space is not None and network.space.weights:
        msg = "elasticities of weights that follow a kernel (weight_kernel) are not known"
        raise ParameterError(msg)
    found = {name: getattr(network.lif, name) for name in NEURONS}
    found |= {name: getattr(network.synapses, name) for name in SYNAPSES}
    found |= {name: getattr(network.drive, own) for name, own in DRIVE.items()}
    found["size"] = network.sizes.astype(np.float64)
    if network.space is not None:
        found["width"], found["extent"] = network.space.width, network.space.extent[:1]
        found["slowness"] = 1.0 / network.space.speed  # zero where delays do not grow
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tangents:
    """What one per cent more of each parameter adds to every number of a network, times 100.

    Attributes
    ----------
    names : tuple of str, length n_params
        Parameters: ``J(E<-PV)`` for an element, dotted keys of the file.
    values : ndarray of shape (n_params,)
        What they are, in SI for elements and in the unit of the key for keys.
    arrays : dict of str to ndarray of shape (n_params, ...)
        d array / d ln parameter, SI, by the names of `arrays_of`.
    """

    names: tuple[str, ...]
    values: FloatArray
    arrays: dict[str, FloatArray]

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, rows: IntArray | slice) -> "Tangents":
        """Return some of the parameters."""
        return Tangents(
            names=tuple(np.array(self.names, dtype=object)[rows]),
            values=self.values[rows],
            arrays={name: array[rows] for name, array in self.arrays.items()},
        )


def elements(network: PopulationNetwork) -> Tangents:
    """Return a direction for each element of the normal form that is not zero.

    Names read ``tau_m(PV)``, ``J(E<-PV)``, ``rate_ext(E, 0)`` for the first Poisson input of E.
    Projections without synapses and inputs without spikes have none. In-degrees and sizes count
    as real numbers. A synaptic time constant moves its own filter and the noise of its target;
    the jump J, the charge, stays.
    """
    own = arrays_of(network)
    exist = network.synapses.exist & (network.synapses.J != 0.0)
    spikes = network.drive.rate * network.drive.J != 0.0
    spread = network.synapses.delay_distribution != "none"
    counted = dict.fromkeys(SYNAPSES, exist) | dict.fromkeys(DRIVE, spikes)
    counted |= dict.fromkeys(SPACE, exist) | {
        "mu_dc": network.drive.mu_dc != 0.0,
        "delay_sd": exist & spread,
    }
    places = [
        (name, at)
        for name, array in own.items()
        for at in zip(*np.nonzero((array != 0.0) & counted.get(name, True)), strict=True)
    ]
    arrays = {name: np.zeros((len(places), *array.shape)) for name, array in own.items()}
    for row, (name, at) in enumerate(places):
        arrays[name][row][at] = own[name][at]
    return Tangents(
        names=tuple(_element(network.names, name, at) for name, at in places),
        values=np.array([own[name][at] for name, at in places]),
        arrays=arrays,
    )


def _element(names: Sequence[str], array: str, at: tuple[Any, ...]) -> str:
    if array in SYNAPSES or array in SPACE:
        return f"{array}({names[at[0]]}<-{names[at[1]]})"
    if array == "extent":
        return array
    inner = names[at[0]] if len(at) == 1 else f"{names[at[0]]}, {at[1]}"
    return f"{array}({inner})"


def keys(case: NetworkCase, wanted: Sequence[str] | None = None) -> Tangents:
    """Return a direction for each key of a network file that holds a number other than zero.

    Parameters
    ----------
    case : NetworkCase
        The network at one state.
    wanted : sequence of str, optional
        Dotted keys, or names of factors; by default all that hold a quantity and move the network.

    Raises
    ------
    ParameterError
        A wanted key holds no number, or zero, of which no share can be taken.

    Notes
    -----
    Drives that the file leaves to theory (`wanted_rate_Hz`) are held at the rates found. Whole
    numbers (sizes, totals) are left out, since no share of them can be taken. Keys are laid over
    the file, so that one of a population moves those that are like it. Directions are central
    differences of the normal form, which is algebra of the keys.
    """
    block = _whole(case)
    values = {key: value for key, value in _flat(block).items() if value != 0.0}
    chosen = list(values) if wanted is None else [_known(key, values) for key in wanted]
    rows, kept = [], []
    for key in chosen:
        row = _direction(case, block, key, values[key])
        if wanted is not None or any(np.any(array) for array in row.values()):
            rows.append(row)
            kept.append(key)
    own = arrays_of(case.network)
    return Tangents(
        names=tuple(kept),
        values=np.array([values[key] for key in kept]),
        arrays={
            name: np.array([row[name] for row in rows]).reshape(-1, *array.shape)
            for name, array in own.items()
        },
    )


def _whole(case: NetworkCase) -> dict[str, Any]:
    """Return the keys of the network itself, blocks that the file leaves to defaults among them."""
    model: dict[str, Any] = DescribedNetwork.from_config(case.block).model.to_config()
    own = split(case.block)[1]
    return {"model": case.block.get("model", "populations"), **model, **own}


def _flat(block: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for key, value in block.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, float):
            found[f"{prefix}{key}"] = value
    return found


def _known(key: str, values: Mapping[str, float]) -> str:
    path = f"factors.{key}" if f"factors.{key}" in values else key
    if path not in values:
        near = [name for name in values if name.endswith(key.rpartition(".")[2])][:4]
        msg = (
            f"{key} holds no real number other than zero, of which a share could be taken; "
            f"those that do: {', '.join(near or list(values)[:8])}"
        )
        raise ParameterError(msg)
    return path


def _direction(
    case: NetworkCase, block: Mapping[str, Any], key: str, value: float
) -> dict[str, FloatArray]:
    """Return d array / d ln key; probabilities of pairs by their formula, free of its rounding."""
    if key.endswith("pair_probability"):
        return _of_pair_probability(case, block, key, value)
    above, below = (
        arrays_of(_held(case, lay_over(block, {key: value * (1.0 + sign * STEP)})))
        for sign in (1.0, -1.0)
    )
    return {name: (above[name] - below[name]) / (2.0 * STEP) for name in above}


def _of_pair_probability(
    case: NetworkCase, block: Mapping[str, Any], key: str, p: float
) -> dict[str, FloatArray]:
    """K = log(1 - p) / log(1 - 1/(N_a N_b)) / N_a, not rounded."""
    own = arrays_of(case.network)
    lost = arrays_of(_held(case, lay_over(block, {key: 0.0})))["in_degrees"]
    slope = p / ((1.0 - p) * -np.log1p(-p))
    moved = {name: np.zeros_like(array) for name, array in own.items()}
    moved["in_degrees"] = slope * (own["in_degrees"] - lost)
    return moved


def _held(case: NetworkCase, block: Mapping[str, Any]) -> PopulationNetwork:
    """Return the network of changed keys, the drives that theory found for the case held."""
    network: PopulationNetwork = DescribedNetwork.from_config(block).model.network()
    if not case.wanted:
        return network
    rate = network.drive.rate.copy()
    for name, slot in case.wanted:
        row = network.names.index(name)
        rate[row, slot] = case.network.drive.rate[row, slot]
    return replace(network, drive=replace(network.drive, rate=rate))


def joined(first: Tangents, second: Tangents) -> Tangents:
    """Return the parameters of both, one after the other."""
    return Tangents(
        names=first.names + second.names,
        values=np.concatenate([first.values, second.values]),
        arrays={
            name: np.concatenate([array, second.arrays[name]])
            for name, array in first.arrays.items()
        },
    )


def along(network: PopulationNetwork, tangents: Tangents, row: int, h: float) -> PopulationNetwork:
    """Return the network with the logarithm of one parameter larger by h, to first order.

    Sizes are whole and stay.
    """
    a = {name: x + h * tangents.arrays[name][row] for name, x in arrays_of(network).items()}
    space = network.space
    if space is not None:
        extent = np.append(a["extent"], space.extent[1:])
        with np.errstate(divide="ignore"):  # delays that do not grow
            speed = 1.0 / a["slowness"]
        space = replace(space, extent=extent, width=a["width"], speed=speed)
    return replace(
        network,
        neurons=replace(network.lif, **{name: a[name] for name in NEURONS}),
        synapses=replace(network.synapses, **{name: a[name] for name in SYNAPSES}),
        drive=replace(network.drive, **{own: a[name] for name, own in DRIVE.items()}),
        space=space,
    )
