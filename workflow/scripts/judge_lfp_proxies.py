"""Proxies of the demonstration network's currents against the cable ground truth."""

from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas import lfp
from cortex.io.stack import stack_columns
from cortex.io.tables import read_table, write_table
from cortex.lfp.grid import even_step
from cortex.lfp.judgement import judge_placement, scaled_to
from cortex.lfp.recorded import SynapticCurrents
from cortex.networks.case import case_of
from cortex.params.lfp import RWS
from cortex.params.lfp_study import GroundTruthParams


def main(smk: Any) -> None:
    """Judge every placement of synapses; keep R^2, fits, surfaces and traces."""
    params = GroundTruthParams.from_config(smk.params.ground_truth)
    given = read_table(smk.input.currents, lfp.CURRENTS)
    currents = SynapticCurrents(time=given["time"], ampa=given["ampa"], gaba=given["gaba"])
    depths, delays, alphas = params.depths(), params.delays(), params.alphas()
    start = np.searchsorted(given["time"], params.discard)
    length = case_of("lfp_demonstration", smk.params.network).study.excerpt.duration
    shown = slice(start, start + round(length / even_step(given["time"])))
    rows: dict[str, list[dict[str, Any]]] = {"r2": [], "fits": [], "surface": [], "traces": []}
    for name, cell in params.variants.items():
        found = judge_placement(cell, currents, params)
        for kind, values in found.r_squared.items():
            rows["r2"].append(
                {"variant": name, "proxy": kind, "depth": depths, "r_squared": values}
            )
        best, median = found.fit.weighting, {k: np.median(v) for k, v in found.r_squared.items()}
        fit = {"alpha": best.alpha, "delay_ampa": best.delay_ampa, "delay_gaba": best.delay_gaba}
        fit |= {"r_squared": median["WS"], "r_squared_rws": median["RWS"]}
        fit |= {"alpha_rws": RWS.alpha, "delay_ampa_rws": RWS.delay_ampa}
        rows["fits"].append({"variant": name, **fit})
        grid = {"alpha": np.repeat(alphas, len(delays)), "delay_ampa": np.tile(delays, len(alphas))}
        over_gaba = found.fit.surface.max(axis=2).ravel()
        rows["surface"].append({"variant": name, **grid, "r_squared": over_gaba})
        for z in (0, len(depths) // 2, len(depths) - 1):
            true = found.truth[shown, z]
            trace = {"time": given["time"][shown] - given["time"][start], "truth": true}
            trace |= {k: scaled_to(getattr(found, k)[shown], true) for k in ("rws", "ws")}
            rows["traces"].append({"variant": name, "depth": depths[z], **trace})
    source = job_provenance(smk)
    for key, schema in (
        ("r2", lfp.PROXIES),
        ("fits", lfp.FITS),
        ("surface", lfp.SURFACE),
        ("traces", lfp.GROUND_TRUTH),
    ):
        write_table(smk.output[key], schema, stack_columns(rows[key], schema), source)


if __name__ == "__main__":
    run_job(main, globals())
