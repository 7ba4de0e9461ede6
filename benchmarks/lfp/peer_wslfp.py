"""wslfp: LFP of the demonstration scene, from spikes and from currents."""

import json
import warnings
from typing import Any

import numpy as np
import wslfp

from benchmarks.lfp.scene import first_call, make_scene, measure, wall_clock


def currents_of(scene: dict[str, Any], sign: int) -> np.ndarray:
    """Return the AMPA (1) or GABA (-1) currents of all cells."""
    mine = (scene["source"] < scene["n_exc"]) == (sign > 0)
    tau = (2.0, 0.4) if sign > 0 else (5.0, 0.25)
    found: np.ndarray = wslfp.spikes_to_biexp_currents(
        scene["t_ms"], scene["spike_ms"][mine], scene["source"][mine], scene["weights"], *tau
    )
    return found


def main() -> None:
    """Print one line per task."""
    warnings.simplefilter("ignore")
    scene = make_scene()
    t = scene["t_ms"]
    calculator = wslfp.from_xyz_coords(
        scene["electrodes_um"], scene["somata_um"], amp_func=wslfp.mazzoni15_nrn
    )

    def from_spikes() -> np.ndarray:
        ampa, gaba = currents_of(scene, 1), currents_of(scene, -1)
        found: np.ndarray = calculator.calculate(t, t, ampa, t, gaba, normalize=False)
        return found

    def all_currents() -> np.ndarray:
        return np.hstack([currents_of(scene, 1), currents_of(scene, -1)])

    ampa, gaba = currents_of(scene, 1), currents_of(scene, -1)

    def from_currents() -> np.ndarray:
        found: np.ndarray = calculator.calculate(t, t, ampa, t, gaba, normalize=False)
        return found

    print(json.dumps(measure("spikes to LFP of 30 electrodes", from_spikes)))
    print(json.dumps(measure("spikes to currents of 800 cells", all_currents)))
    # its cost is mostly fresh memory of 1 GB and scatters by a factor of three
    again = measure("currents to LFP of 30 electrodes", from_currents, 5)
    print(json.dumps(first_call(again)))
    print(json.dumps(again))
    print(json.dumps(wall_clock(again)))
    single = ampa.astype(np.float32), gaba.astype(np.float32)

    def from_float32() -> np.ndarray:
        found: np.ndarray = calculator.calculate(t, t, single[0], t, single[1], normalize=False)
        return found

    print(json.dumps(measure("float32 currents to LFP of 30 electrodes", from_float32, 5)))


if __name__ == "__main__":
    main()
