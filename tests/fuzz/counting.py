"""The command line of every fuzzer: how many were tried, refused, accepted, and faults."""

import sys
import time
import traceback
import warnings
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "models"))


def count(ask, longest=None):
    """Run `ask(seed)` on as many seeds as the command line says, from the seed it names.

    Parameters
    ----------
    ask : callable
        Takes a seed; returns the sentence of a refusal or None; whatever it raises is a fault.
    longest : dict, optional
        Names of calls -> the longest time one took, s.
    """
    warnings.simplefilter("ignore")
    number, base = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    refused, faults, begin = 0, 0, time.process_time()
    for seed in range(base, base + number):
        try:
            refused += ask(seed) is not None
        except Exception:  # every kind is a fault
            faults += 1
            sys.stderr.write(f"seed {seed}: {traceback.format_exc(limit=-3)}\n")
    slowest = "".join(f"; slowest {name} {took:.2f} s" for name, took in (longest or {}).items())
    sys.stdout.write(
        f"tried {number}, refused {refused}, accepted {number - refused - faults}, faults "
        f"{faults}; {time.process_time() - begin:.0f} CPU s{slowest}\n"
    )
    sys.exit(faults > 0)
