"""Errors of inference on held-out Brunel networks over the number of simulations behind it.

The simulations come from the sweep store: ``cortex run config/studies/inference_pool.yaml`` makes
them, goes on where it was stopped, and shares them with the study beside NEST. `peer_sbi` learns
from the same ones. Both tell 100 networks that neither has learned from.
"""

import sys
import warnings
from pathlib import Path

import numpy as np

from benchmarks.inference.scene import FILE, measure
from cortex.config.presets import read_config
from cortex.errors import RegimeWarning
from cortex.io.tables import read_columns
from cortex.networks.case import case_of
from cortex.steps.columns import Tables
from cortex.steps.infer import gathered, learn, to_box

NAME = "unknown_small"
HELD_OUT = 100


def tables_of(sweep: str) -> Tables:
    """Return the tables of a sweep that was run in this folder."""
    path = f"results/sweeps/{sweep}"
    if not Path(f"{path}.parquet").is_file():
        sys.exit(f"{path}.parquet: not there; run: cortex run config/studies/inference_pool.yaml")
    arrays = {kind: read_columns(f"{path}/{kind}.parquet") for kind in ("populations", "spectrum")}
    return arrays | {"points": read_columns(f"{path}.parquet")}


def main() -> None:
    """Write what both learn from, learn, print."""
    warnings.simplefilter("ignore", RegimeWarning)
    block = read_config([Path("config/studies/inference_pool.yaml")])["networks"][NAME]
    case = case_of(NAME, block)
    free = case.study.free
    pool, held = (
        gathered(case, tables_of(f"{NAME}_{sweep}"), "spikes") for sweep in ("pool", "prior")
    )
    order = np.random.default_rng(0).permutation(len(pool[0]))  # tables are sorted by key
    bounds = np.array([[each.low, each.high] for each in free]).T
    FILE.parent.mkdir(exist_ok=True)
    np.savez(
        FILE,
        keys=to_box(free, pool[0][order]),
        summaries=pool[1][order],
        truth=to_box(free, held[0][:HELD_OUT]),
        seen=held[1][:HELD_OUT],
        bounds=bounds,
    )

    def draws(
        keys: np.ndarray, summaries: np.ndarray, seen: np.ndarray, seed: int
    ) -> list[np.ndarray]:
        low, high = bounds
        rng = np.random.default_rng(seed)
        in_units = low + 0.5 * (keys + 1.0) * (high - low)
        learned = learn(NAME, block, (in_units, summaries), "spikes", rng)
        return [learned.draws(each, rng) for each in seen]

    measure("cortex", draws)


if __name__ == "__main__":
    main()
