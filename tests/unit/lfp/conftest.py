"""The stored numbers of wslfp 0.2.3 and its neighbours, and its coarse amplitude table."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cortex.lfp import Coordinates, mazzoni_neuron, mazzoni_population
from cortex.lfp.amplitude import NEURON_SCALE

DATA = Path(__file__).parents[2] / "data" / "wslfp"
NODES_R, NODES_D = np.linspace(0.0, 1000e-6, 9), np.linspace(0.0, 2000e-6, 50)


@pytest.fixture(scope="session")
def stored():
    """Return a function that reads one file of stored numbers."""
    return lambda name: json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def triangles(at, scales):
    """Return the population profile at the table nodes joined by triangles, V.

    Two values, one for each diagonal of a cell; which one the peer takes is arbitrary.
    """
    scale_r, scale_d, scale = scales
    r, d = scale_r * at.r, scale_d * np.abs(at.d)
    mesh = np.meshgrid(NODES_R, NODES_D, indexing="ij")
    nodes = mazzoni_population(Coordinates(r=mesh[0], d=mesh[1], length=np.array(250e-6)))
    i = np.clip(np.searchsorted(NODES_R, r, side="right") - 1, 0, len(NODES_R) - 2)
    j = np.clip(np.searchsorted(NODES_D, d, side="right") - 1, 0, len(NODES_D) - 2)
    x, y = (r - NODES_R[i]) / NODES_R[1], (d - NODES_D[j]) / NODES_D[1]
    a, b, c, e = nodes[i, j], nodes[i + 1, j], nodes[i, j + 1], nodes[i + 1, j + 1]
    low, high = a + x * (b - a) + y * (c - a), e + (1 - x) * (c - e) + (1 - y) * (b - e)
    falling = np.where(x + y <= 1.0, low, high)
    rising = np.where(x >= y, a + x * (b - a) + y * (e - b), a + y * (c - a) + x * (e - c))
    inside = scale * np.sign(at.d) * ((r <= NODES_R[-1]) & (d <= NODES_D[-1]))
    return np.stack([inside * falling, inside * rising])


def peer_table(profile, scales, tolerance):
    """Return the table of the peer for one profile, beside the closed form of the library.

    `tolerance` (µV) is that of the README off the nodes. In the first cell, where the peer draws a
    chord from zero at the centre to the first node, the closed form is off by more.
    """
    return SimpleNamespace(
        profile=profile,
        tolerance=tolerance,
        triangles=lambda at: triangles(at, scales),
        is_beyond_first_cell=lambda at: scales[1] * np.abs(at.d) >= NODES_D[1],
    )


@pytest.fixture(scope="session")
def peer():
    """Return both Mazzoni profiles as the peer reads them from its table."""
    return {
        "mazzoni15_pop": peer_table(mazzoni_population, (1.0, 1.0, 1.0), 0.006),
        "mazzoni15_nrn": peer_table(mazzoni_neuron, NEURON_SCALE, 0.011),
    }
