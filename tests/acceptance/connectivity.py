"""Connectivity: counts of the braintools tutorial, closed forms, rings, laws of degrees."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from cortex.connectivity.atlas import kernel_of, lattice_of, peer_prune
from cortex.connectivity.audit import audit_blocks, out_degree_law
from cortex.connectivity.kernels import Gabor, Gaussian, MexicanHat, distance
from cortex.connectivity.networks import (
    cosine_moments,
    populations_of,
    random_network,
    ring_network,
    sheet_network,
    sheet_places,
)
from cortex.connectivity.pairs import pair_displacements, pairs_by_tree
from cortex.connectivity.peer import MICROMETRE, braintools_peak_prune
from cortex.connectivity.projection import Projection
from cortex.connectivity.rules import fixed_in_degree
from cortex.connectivity.space import Lattice
from cortex.connectivity.spatial import kernel_weights, ring_weights
from cortex.connectivity.transforms import profile_transform
from cortex.errors import RegimeWarning
from cortex.params.connectivity import ConnectivityStudy, RandomNetworkParams, SheetNetworkParams
from cortex.rng import stream

PLACEMENTS = 200
WEIGHED = 16  # placements whose weights are built


def measure(config: Mapping[str, Any], _tables: Mapping[str, Any]) -> dict[str, float]:
    """Return every value of the table of this family."""
    study, seed = ConnectivityStudy.from_config(config["connectivity"]), config["seed"]
    return {
        **measure_tutorial(study),
        **measure_random_network(study.random, seed),
        **measure_sheet(study.sheet_network, seed),
        **measure_rings(study, seed),
        **measure_closed_forms(seed),
    }


def measure_tutorial(study: ConnectivityStudy) -> dict[str, float]:
    """Return the counts of the tutorial, with autapses as printed and without."""
    sheet = lattice_of(study.sheet)
    got = {}
    for name, params in study.kernels.items():
        for label, autapses in (("printed", True), ("own", False)):
            with _quiet():
                built = kernel_weights(
                    sheet,
                    sheet,
                    kernel_of(params),
                    radius=params.radius,
                    prune=peer_prune(params),
                    autapses=autapses,
                    same_population=True,
                )
            got[f"connectivity.tutorial.{name}.{label}"] = float(built.n_connections)
    whole = study.kernels["gaussian"]
    built = kernel_weights(
        sheet, sheet, kernel_of(whole), radius=whole.radius, autapses=False, same_population=True
    )
    got["connectivity.gaussian_without_prune"] = float(built.n_connections)
    got["connectivity.farthest_without_prune"] = _farthest(built, sheet) / MICROMETRE
    pruned = built.where(np.asarray(built.weights) > peer_prune(whole))
    got["connectivity.farthest_with_prune"] = _farthest(pruned, sheet) / MICROMETRE
    gabor = kernel_of(study.kernels["gabor"])
    if isinstance(gabor, Gabor):
        got["connectivity.gabor_cycles_per_pitch"] = gabor.frequency * sheet.spacing
    return got


def measure_random_network(params: RandomNetworkParams, seed: int) -> dict[str, float]:
    """Return the total of the tutorial's own random stream, of one of ours, and the expected one.

    The expectation is the probability of each source times the pairs that may be joined.
    """
    network = random_network(params, seed)
    neurons = populations_of(params.n_exc, params.n_inh)
    pairs = audit_blocks(network, neurons, autapses=params.autapses).pairs
    return {
        "connectivity.random.weight_ratio": _weight_ratio(network),
        "connectivity.random.total_legacy_stream": float(_legacy_total(params, 42)),
        "connectivity.random.expectation": float(np.sum(pairs @ [params.p_exc, params.p_inh])),
        "connectivity.random.total": float(network.n_connections),
    }


def _weight_ratio(network: Projection) -> float:
    """Return the mean excitatory weight over the size of the mean inhibitory one."""
    weights = np.asarray(network.weights)
    return float(weights[weights > 0.0].mean() / -weights[weights < 0.0].mean())


def _legacy_total(params: RandomNetworkParams, seed: int) -> int:
    """Count connections drawn like the tutorial: one uniform number per pair, E rows first."""
    legacy = np.random.RandomState(seed)  # a published stream is replayed, none is made
    n = params.n_exc + params.n_inh
    exc = legacy.random_sample((params.n_exc, n)) < params.p_exc
    inh = legacy.random_sample((params.n_inh, n)) < params.p_inh
    return int(exc.sum() + inh.sum())


def measure_sheet(params: SheetNetworkParams, seed: int) -> dict[str, float]:
    """Return mean counts, distances and weights of the tutorial's E-I sheet over placements.

    A pair is joined when it lies within the radius that the hidden prune leaves; a neuron
    counts as joined to itself, as in the printed numbers.
    """
    radii = {
        kind: _pruned_radius(sigma)
        for kind, sigma in (("exc", params.sigma_exc), ("inh", params.sigma_inh))
    }
    counts: dict[str, list[float]] = {kind: [] for kind in radii}
    lengths: dict[str, list[float]] = {kind: [] for kind in radii}
    for placement in range(PLACEMENTS):
        places = sheet_places(params, seed + placement, periodic=False)
        for kind, radius in radii.items():
            near = pairs_by_tree(places, places, radius)
            is_exc = near.sources < params.n_exc
            joined = near.where(is_exc if kind == "exc" else ~is_exc)
            counts[kind].append(joined.n_connections)
            r = distance(pair_displacements(joined, places, places))
            lengths[kind].append(float(r.mean()) / MICROMETRE)
    ratios = [
        _weight_ratio(sheet_network(params, sheet_places(params, each, periodic=False), each))
        for each in range(seed, seed + WEIGHED)
    ]
    means = {kind: float(np.mean(each)) for kind, each in lengths.items()}
    return {
        **{f"connectivity.sheet.count.{k}": float(np.mean(v)) for k, v in counts.items()},
        **{f"connectivity.sheet.distance.{k}": mean for k, mean in means.items()},
        **{f"connectivity.sheet.printed.{k}": mean for k, mean in means.items()},
        "connectivity.sheet.weight_ratio": float(np.mean(ratios)),
    }


def _pruned_radius(sigma: float) -> float:
    """Return where a normalised Gaussian falls to the hidden threshold of braintools, m."""
    return float(sigma * np.sqrt(-2.0 * np.log(braintools_peak_prune(sigma))))


def measure_rings(study: ConnectivityStudy, seed: int) -> dict[str, float]:
    """Return cosine moments at 20 / mm of the drawn ring, and Gaussian ring weights."""
    k = np.array([20.0 / 1e-3])
    moments = {
        f"connectivity.ring.moment.{name}": float(cosine_moments(projection, k).measured[0])
        for name, projection in ring_network(study.ring, seed).items()
    }
    kernel = Gaussian.without_factor_two(np.deg2rad(14.4))
    sums = {
        "E-E": ring_weights(
            100, 100, kernel, amplitude=5.0, autapses=False, same_population=True
        ).sum(),
        "E-I": ring_weights(100, 20, kernel, amplitude=10.0, autapses=False).sum(),
        "I-I": ring_weights(
            20, 20, kernel, amplitude=10.0, autapses=False, same_population=True
        ).sum(),
    }
    totals = {f"connectivity.ring.gaussian_total.{name}": float(v) for name, v in sums.items()}
    return {**moments, **totals}


def measure_closed_forms(seed: int) -> dict[str, float]:
    """Return what has a formula: transforms, torus sums, laws of degrees, zero crossings."""
    sinc = profile_transform("boxcar", 0.2e-3)(np.array(5.0 / 1e-3))
    torus = Lattice.over((1000 * MICROMETRE, 1000 * MICROMETRE), (20, 20), periodic=True)
    gaussian = kernel_weights(
        torus,
        torus,
        Gaussian(90 * MICROMETRE),
        radius=260 * MICROMETRE,
        autapses=False,
        same_population=True,
    )
    drawn = fixed_in_degree(
        2000,
        2000,
        200,
        rng=stream(seed, "connectivity", "acceptance"),
        multapses=False,
        autapses=False,
        same_population=True,
    )
    crossing = 2.0 * np.sqrt(np.log(2.0))
    return {
        "connectivity.transform.boxcar": float(sinc),
        "connectivity.torus.gaussian_count": float(gaussian.n_connections),
        "connectivity.law.out_degree_std": out_degree_law(drawn).std,
        "connectivity.drawn.out_degree_std": float(drawn.out_degrees.std()),
        "connectivity.mexican_hat.crossing": float(MexicanHat(1.0)(np.array([[crossing, 0.0]]))[0]),
    }


def _farthest(projection: Projection, sheet: Lattice) -> float:
    return float(distance(pair_displacements(projection, sheet, sheet)).max())


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the warning that the tutorial's Gabor is aliased: it is what is counted here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)
        yield
