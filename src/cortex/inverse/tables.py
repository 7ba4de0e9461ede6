"""Elasticities of a network at one state as the columns of its tables."""

from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.inverse.elasticities import Elasticities, ModeSlopes
from cortex.inverse.tangents import elements, joined, keys
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.working_point import EffectiveEquation, WorkingPoint
from cortex.networks.case import NetworkCase
from cortex.typing import AnyArray, FloatArray

Columns = dict[str, AnyArray]

KINDS: Final = ("key", "element")
"""Where a parameter stands: in the network file, or in an array of the normal form."""


def elasticities_of(case: NetworkCase, point: WorkingPoint) -> Elasticities:
    """Return the elasticities of a case by the keys of its file, then by all elements.

    On nodes, where populations have receptors of unlike time constants, they are those of the
    closed form with one effective time constant per population, at its own working point.

    Raises
    ------
    ParameterError
        The network is scaled down, where keys are not those of what is simulated; or as in
        `Elasticities`.
    """
    if case.study.scale < 1.0:
        msg = f"elasticities need the whole network, scale = {case.study.scale:g}; take scale 1"
        raise ParameterError(msg)
    if point.method == "nodes":
        closed = EffectiveEquation(ReceptorInputs.of(case.network), quiet=True)
        point = closed.polish(point.nu, 0)
    return Elasticities(case.network, point, joined(keys(case), elements(case.network)))


def rate_columns(case: NetworkCase, moved: Elasticities) -> Columns:
    """Return a row per parameter and population: derivatives of rate and CV by its logarithm."""
    n, names = case.network.n_pops, np.array(case.network.names, dtype=object)
    return {
        **_labels(case, moved, n),
        "population": np.tile(names, len(moved.tangents)),
        "rate": moved.rates.ravel(),
        "cv": moved.cv.ravel(),
    }


def mode_columns(
    case: NetworkCase,
    moved: Elasticities,
    wave_number: AnyArray,
    growth: FloatArray,
    frequency: FloatArray,
) -> Columns:
    """Return a row per mode and parameter: derivatives of growth rate and frequency.

    Parameters
    ----------
    case : NetworkCase
        The network.
    moved : Elasticities
        Its derivatives.
    wave_number, growth, frequency : ndarray of shape (n_modes,)
        Modes as in its table: cycles per ring, 1/s and Hz; nan where none was found. The
        `theory.modes` of them closest to growing are taken.
    """
    order = np.argsort(-growth)[: case.study.theory.modes]
    parts: list[Columns] = []
    for rank, at in enumerate(order[np.isfinite(growth[order])]):
        k = None
        if case.network.space is not None:
            k = 2.0 * np.pi * float(wave_number[at]) / case.network.space.extent[0]
        mode = moved.mode(complex(growth[at], 2.0 * np.pi * frequency[at]), wave_number=k)
        n = len(moved.tangents)
        held = _at_held_rates(case, moved, mode)
        parts.append(
            {
                **_labels(case, moved, 1),
                "rank": np.full(n, rank),
                "wave_number": np.full(n, wave_number[at]),
                "growth": np.full(n, mode.lam.real),
                "frequency": np.full(n, abs(mode.lam.imag) / (2.0 * np.pi)),
                "growth_change": mode.growth,
                "frequency_change": mode.frequency,
                "growth_held": held.growth,
                "frequency_held": held.frequency,
            }
        )
    if not parts:
        msg = "no mode is known, so that none can move"
        raise ParameterError(msg)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _at_held_rates(case: NetworkCase, moved: Elasticities, mode: ModeSlopes) -> ModeSlopes:
    """Return the derivatives of a mode where the first Poisson input of all follows the parameters.

    They are nan where a population has none, or where the inputs cannot hold all rates.
    """
    names, own = list(moved.tangents.names), case.network.names
    wanted = [f"rate_ext({name}, 0)" for name in own]
    lost = ModeSlopes(lam=mode.lam, by=np.full_like(mode.by, complex(np.nan, np.nan)))
    if not set(wanted) <= set(names):
        return lost
    drives = np.array([names.index(name) for name in wanted])
    try:
        follow = moved.following(drives, np.arange(len(own)))
    except np.linalg.LinAlgError:
        return lost
    return ModeSlopes(lam=mode.lam, by=mode.by + follow @ mode.by[drives])


def _labels(case: NetworkCase, moved: Elasticities, n: int) -> Columns:
    """Return state, parameter, its kind and the theory, each n times."""
    names = np.repeat(np.array(moved.tangents.names, dtype=object), n)
    kinds = [KINDS[int("(" in name or name == "extent")] for name in names]
    return {
        "state": np.full(len(names), case.state, dtype=object),
        "parameter": names,
        "kind": np.array(kinds, dtype=object),
        "method": np.full(len(names), moved.point.method, dtype=object),
    }
