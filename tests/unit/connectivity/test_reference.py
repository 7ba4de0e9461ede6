"""Every deterministic reference case, through every algorithm that applies to it."""

import json
import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cortex.connectivity.kernels import (
    Custom,
    DifferenceOfGaussians,
    Gabor,
    Gaussian,
    Image,
    MexicanHat,
    laplacian,
    sobel,
)
from cortex.connectivity.peer import braintools_prune
from cortex.connectivity.space import Lattice, Points
from cortex.connectivity.spatial import kernel_weights
from cortex.errors import RegimeWarning

DATA = Path(__file__).parents[2] / "data" / "connectivity"
UM = 1e-6
SHEETS = {"gaussian", "dog", "mexican", "gabor", "custom", "conv2d", "sobel", "laplacian", "torus"}
CASES = sorted(p.stem for p in DATA.glob("*.json") if p.stem.split("_")[0] in SHEETS)


def load(name: str) -> dict[str, Any]:
    return json.loads((DATA / f"{name}.json").read_text())


def space(spec: dict[str, Any]) -> Lattice | Points:
    """Positions as the reference files describe them, in m."""
    if spec["generator"] == "grid":
        extent = (spec["extent_x_um"] * UM, spec["extent_y_um"] * UM)
        return Lattice.over(extent, (spec["nx"], spec["ny"]), periodic=False)
    k = np.arange(spec["n"]) + spec["offset"]
    steps = np.array([0.7548776662466927, 0.5698402909980532])
    return Points(coordinates=spec["extent_um"] * UM * np.mod(0.5 + k[:, None] * steps, 1.0))


def spiral(d: np.ndarray) -> np.ndarray:
    x, y = d[..., 0] / UM, d[..., 1] / UM
    r = np.hypot(x, y)
    return np.exp(-r / 100.0) * np.cos(r / 30.0 + 3.0 * np.arctan2(y, x))


def annulus(d: np.ndarray) -> np.ndarray:
    return np.exp(-((np.hypot(d[..., 0], d[..., 1]) / UM - 120.0) ** 2) / (2 * 30.0**2))


def half_plane(d: np.ndarray) -> np.ndarray:
    decay = np.exp(-np.hypot(d[..., 0], d[..., 1]) / UM / 80.0)
    return np.where(d[..., 0] > 0.0, 1.0, -0.5) * decay


def kernel_of(case: dict[str, Any]) -> Any:  # noqa: PLR0911 - one line per kind
    p, kind = case["params"], case["kind"].removesuffix("_torus")
    match kind:
        case "gaussian":
            return Gaussian(p["sigma_um"] * UM)
        case "dog":
            sigmas = (p["sigma_center_um"] * UM, p["sigma_surround_um"] * UM)
            return DifferenceOfGaussians(*sigmas, p["amplitude_center"], p["amplitude_surround"])
        case "mexican_hat":
            return MexicanHat(p["sigma_um"] * UM)
        case "gabor":
            carrier = (p["frequency_per_um"] / UM, p["theta_rad"], p["phase_rad"])
            return Gabor(p["sigma_um"] * UM, *carrier)
        case "custom":
            function = {"spiral": spiral, "annulus": annulus, "half_plane": half_plane}
            return Custom(function[p["function"]], p["kernel_size_um"] * UM / 2.0)
        case "conv2d":
            return Image(tuple(map(tuple, p["kernel"])), p["kernel_size_um"] * UM)
        case "sobel":
            return sobel(p["direction"], p["kernel_size_um"] * UM)
        case _:
            return laplacian(p["kernel_size_um"] * UM)


def build(case: dict[str, Any], source: Any, target: Any, **choices: Any) -> Any:
    """Build a case with the thresholds of braintools, weights in nS."""
    p, kernel = case["params"], kernel_of(case)
    normalized = bool(p.get("normalize"))
    prune = p.get("threshold", 0.0 if isinstance(kernel, Image) else braintools_prune(kernel))
    if normalized:
        prune /= UM**2  # the peer divides by the integral in um^2
    radius = p.get("max_distance_um")
    options = {
        "weight": p["weight_nS"] * (UM**2 if normalized else 1.0),
        "normalize": "integral" if normalized else "none",
        "radius": None if radius is None else radius * UM,
        "prune": None if "n_side" in p else prune,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)  # the tutorial's Gabor is aliased
        return kernel_weights(source, target, kernel, **{**options, **choices})


def spaces(case: dict[str, Any]) -> tuple[Any, Any]:
    p = case["params"]
    if "n_side" in p:
        n = p["n_side"]
        torus = Lattice.over((p["period_um"] * UM,) * 2, (n, n), periodic=True)
        return torus, torus
    source = space(case["pre_positions"])
    same = case["post_positions"] == "same as pre"
    return source, source if same else space(case["post_positions"])


def expectations(case: dict[str, Any]) -> list[tuple[bool, bool, dict[str, Any]]]:
    """Return (same population, autapses, expected) triples."""
    result = case["result"]
    if "count" in result:
        return [(True, False, result)]
    if "cross_population" in result:
        return [(False, True, result["cross_population"])]
    pairs = [(False, result["autapses_excluded"]), (True, result["autapses_included"])]
    return [(True, autapses, expected) for autapses, expected in pairs]


def codes(projection: Any) -> np.ndarray:
    """Return each connection as source * n_targets + target."""
    return projection.sources.astype("<i8") * projection.n_targets + projection.targets


def assert_equals(projection: Any, expected: dict[str, Any]) -> None:
    code = codes(projection)
    order = np.argsort(code)
    weights = projection.weights
    assert projection.n_connections == expected["count"]
    assert sha256(code[order].tobytes()).hexdigest() == expected["sha256_codes"]
    assert np.sum(projection.sources == projection.targets) == expected["autapses_by_index"]
    reference = expected["weights_nS"]
    largest = max(abs(reference["min"]), abs(reference["max"]))
    # sums of n weights, each exact to 1e-12 of the largest, see the reference README
    slack = 1e-10 * reference["sum_abs"]
    assert weights.sum() == pytest.approx(reference["sum"], abs=slack)
    assert (np.sum(weights > 0), np.sum(weights < 0)) == (
        reference["n_positive"],
        reference["n_negative"],
    )
    if "in_degree" in expected:
        assert projection.in_degrees.tolist() == expected["in_degree"]
        assert projection.out_degrees.tolist() == expected["out_degree"]
    if "sample_pre_post_weight_nS" in expected:
        sample = np.array(expected["sample_pre_post_weight_nS"])
        wanted = sample[:, 0].astype(int) * projection.n_targets + sample[:, 1].astype(int)
        found = order[np.searchsorted(code[order], wanted)]
        np.testing.assert_allclose(weights[found], sample[:, 2], rtol=0, atol=1e-12 * largest)


RUNS = [
    (name, algorithm)
    for name in CASES
    for algorithm in ("stencil", "tree", "all pairs")
    if algorithm != "stencil" or "r2" not in name  # free places have no stencil
]


@pytest.mark.parametrize(("name", "algorithm"), RUNS)
def test_index_set_and_weights_equal_the_reference(name, algorithm):
    case = load(name)
    source, target = spaces(case)
    for same, autapses, expected in expectations(case):
        projection = build(
            case, source, target, same_population=same, autapses=autapses, algorithm=algorithm
        )
        assert_equals(projection, expected)


def test_all_reference_sheets_are_there():
    assert len(CASES) == 23


def test_without_a_prune_the_asked_radius_is_honoured():
    case = load("gaussian_grid20_tutorial")
    sheet, _ = spaces(case)
    projection = build(case, sheet, sheet, same_population=True, autapses=False, prune=None)
    assert_equals(projection, case["without_hidden_prune"])


@pytest.mark.parametrize("autapses", [False, True])
@pytest.mark.parametrize("side", ["excitatory", "inhibitory"])
def test_a_slice_of_a_population_knows_its_own_cells(side, autapses):
    case = load("combined_ei_r2_400_tutorial_params")
    sheet, n_exc = space(case["positions"]), case["params"]["n_exc"]
    p = {**case["params"][side]}
    whole = build(
        {"params": p, "kind": "gaussian"}, sheet, sheet, same_population=True, autapses=autapses
    )
    kept = range(n_exc) if side == "excitatory" else range(n_exc, 400)
    projection = whole.where(np.isin(whole.sources, kept))
    key = "as_braintools_slices_autapses_kept" if autapses else "autapses_removed"
    expected = case["result"][side][key]
    assert_equals(projection, expected)
