"""The stored numbers of wslfp 0.2.3 and its neighbours, and its coarse amplitude table."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from cortex.lfp import Coordinates, mazzoni_population

DATA = Path(__file__).parents[2] / "data" / "wslfp"
NODES = (np.linspace(0.0, 1000e-6, 9), np.linspace(0.0, 2000e-6, 50))


@pytest.fixture(scope="session")
def stored():
    """Return a function that reads one file of stored numbers."""
    return lambda name: json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def tabulated():
    """Return both Mazzoni profiles read bilinearly from the closed form at the table nodes.

    The peer stores the closed form on this grid and joins the nodes by triangles.
    """
    r, d = np.meshgrid(*NODES, indexing="ij")
    nodes = mazzoni_population(Coordinates(r=r, d=d, length=np.array(250e-6)))
    table = RegularGridInterpolator(NODES, nodes, bounds_error=False, fill_value=0.0)

    def population(at):
        return np.sign(at.d) * table(np.stack([at.r, np.abs(at.d)], axis=-1))

    def neuron(at):
        scaled = Coordinates(r=1.31724 * at.r, d=1.22438 * at.d, length=at.length)
        return 1.82849 * population(scaled)

    return {"mazzoni15_pop": population, "mazzoni15_nrn": neuron}
