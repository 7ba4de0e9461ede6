"""Brian2 in C++ standalone mode: both networks; CPU seconds of the compiled program alone."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from brian2 import (
    Network,
    NeuronGroup,
    SpikeMonitor,
    Synapses,
    defaultclock,
    device,
    ms,
    prefs,
    set_device,
)

from benchmarks.izhikevich.tasks import (
    DT_MS,
    FS,
    LARGE,
    LARGE_IN_DEGREE,
    LARGE_N,
    LARGE_WEIGHT_NS,
    RS,
    SMALL_CLEAN,
    large_current,
    ring_current,
    ring_weights,
)

EQUATIONS = """
dv/dt = (k*(v - v_r)*(v - v_t) - u + I - i_syn)/(C*ms) : 1
du/dt = a*(b*(v - v_r) - u)/ms : 1
i_syn = ga*v + gn*gate*v + gx*(v + 70) + gy*(v + 90) : 1
gate = ((v + 80)/60)**2/(1 + ((v + 80)/60)**2) : 1
dga/dt = -ga/(5*ms) : 1
dgn/dt = -gn/(100*ms) : 1
dgx/dt = -gx/(6*ms) : 1
dgy/dt = -gy/(150*ms) : 1
I : 1 (constant)
"""
OPENS = {"E": ("ga", "gn"), "I": ("gx", "gy")}


def populations(n: dict[str, Any], current: np.ndarray) -> dict[str, Any]:
    """Return one group per kind of cell."""
    groups, first = {}, 0
    for name, cell in (("E", RS), ("I", FS)):
        group = NeuronGroup(
            n[name],
            EQUATIONS,
            threshold="v >= v_peak",
            reset="v = c; u += d",
            method="euler",
            namespace={key: float(value) for key, value in cell.items()},
            name=f"cells_{name}",
        )
        group.v, group.I = cell["v_r"], current[first : first + n[name]]
        groups[name], first = group, first + n[name]
    return groups


def report(task: str, monitors: list[Any], folder: str, scale: float) -> None:
    """Build, run the program once to warm the disk, time it once, print the JSON line."""
    start = time.perf_counter()
    device.build(directory=folder, run=False, compile=True, with_output=False)
    print(f"{task}: built in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    device.run(folder, with_output=False)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    device.run(folder, with_output=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    line = {
        "task": task,
        "cpu_s": cpu,
        "wall_s": time.perf_counter() - start,
        "peak_mb": after.ru_maxrss / 1024,
        "result": sum(monitor.num_spikes for monitor in monitors) / scale,
    }
    print(json.dumps(line), flush=True)
    # the time of the stepping alone is known to the program only as wall time
    loop = device._last_run_time
    alone = {"task": f"{task}, stepping alone", "cpu_s": loop, "wall_s": loop}
    print(json.dumps({**line, **alone}), flush=True)


def small() -> list[Any]:
    """Connect the published ring with its dense weights."""
    groups = populations({"E": 100, "I": 20}, ring_current())
    weights, first = ring_weights(), {"E": 0, "I": 100}
    size, synapses = {"E": 100, "I": 20}, []
    for target in "EI":
        for source in "EI":
            rows = slice(first[target], first[target] + size[target])
            w = weights[rows, first[source] : first[source] + size[source]]
            j, i = np.nonzero(w)
            if len(i):
                opened = "; ".join(f"{g}_post += w" for g in OPENS[source])
                link = Synapses(groups[source], groups[target], "w : 1", on_pre=opened)
                link.connect(i=i, j=j)
                link.w = w[j, i]
                synapses.append(link)
    return [*groups.values(), *synapses]


def large() -> list[Any]:
    """Connect the large network at random, one weight per kind of source."""
    groups, synapses = populations(LARGE_N, large_current()), []
    for target in "EI":
        for source in "EI":
            w = LARGE_WEIGHT_NS[source]
            opened = "; ".join(f"{g}_post += {w}" for g in OPENS[source])
            link = Synapses(groups[source], groups[target], on_pre=opened)
            link.connect(p=LARGE_IN_DEGREE[source] / LARGE_N[source])
            synapses.append(link)
    return [*groups.values(), *synapses]


def main(which: str) -> None:
    """Run one of the two networks; a process builds only one."""
    set_device("cpp_standalone", build_on_run=False)
    prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
    defaultclock.dt = DT_MS * ms
    objects = small() if which == "small" else large()
    monitors = [SpikeMonitor(group) for group in objects[:2]]
    Network(*objects, *monitors).run(1000 * ms)
    with tempfile.TemporaryDirectory() as folder:
        task, scale = (SMALL_CLEAN, 1) if which == "small" else (LARGE, 1e4)
        report(task, monitors, str(Path(folder) / "program"), scale)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        for name in ("small", "large"):
            subprocess.run(
                [sys.executable, "-m", "benchmarks.izhikevich.peer_brian2", name], check=True
            )
