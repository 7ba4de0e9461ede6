"""What both simulators run: the networks of Brette et al. (2007), and AdEx neurons."""

import argparse
import json
import resource
import time
from collections.abc import Callable

DT_MS = 0.1
WARM_UP_MS = 200.0
LENGTHS_MS = {"coba": 1000.0, "cuba": 1000.0, "adex": 200.0}


def read_options() -> argparse.Namespace:
    """Read what to run: ``--only TEXT --short SHARE``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="only networks whose name contains this")
    parser.add_argument("--short", type=float, default=1.0, help="factor on simulated times")
    return parser.parse_args()


def measure(task: str, work: Callable[[], str], seconds: float) -> None:
    """Run once; print CPU and wall time per biological second and what came out."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    line = {
        "task": f"{task}, per biological second",
        "cpu_s": (time.process_time() - cpu) / seconds,
        "wall_s": (time.perf_counter() - wall) / seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "result": result,
    }
    print(json.dumps(line), flush=True)
