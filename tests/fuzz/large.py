"""All fuzzers at their large size, so many processes at once; prints a line per fuzzer and in all.

``python tests/fuzz/large.py [PROCESSES] [SEED] [SIZE]``: 20,000 configurations, 2,000 network
files, 500 networks for the theory, 500 simulations, 2,000 files of spikes and 10,600 calls with a
wrong argument, or SIZE times as many.
"""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SIZES = {
    "mean_field": (500, 50),  # in shares that balance the processes; the slow ones first
    "simulations": (500, 100),
    "network_files": (2_000, 250),
    "readers": (2_000, 1_000),
    "arguments": (10_600, 1_060),
    "configuration": (20_000, 1_000),
}
COUNTS = re.compile(r"tried (\d+), refused (\d+), accepted (\d+), faults (\d+); (\d+) CPU s(.*)")


def run(name, number, base):
    """Run one share of a fuzzer; return its counts with CPU time (s), and its slowest call."""
    script = Path(__file__).with_name(f"test_{name}.py")
    done = subprocess.run(
        [sys.executable, script, str(number), str(base)],
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stderr.write(done.stderr)
    found = COUNTS.search(done.stdout)
    if found is None:
        return [number, 0, 0, number, 0], f"; ended with status {done.returncode}"
    *counts, slowest = found.groups()
    return [int(count) for count in counts], slowest


def main(processes="2", seed="0", size="1"):
    """Run all shares; print the sums; return the exit status."""
    begin, total = time.monotonic(), [0] * 5
    shares = [
        (name, min(part, round(float(size) * number) - at), int(seed) + at)
        for name, (number, part) in SIZES.items()
        for at in range(0, round(float(size) * number), part)
    ]
    with ThreadPoolExecutor(int(processes)) as pool:
        found = list(pool.map(run, *zip(*shares, strict=True)))
    for name in SIZES:
        own = [each for (fuzzer, *_), each in zip(shares, found, strict=True) if fuzzer == name]
        sums = [sum(column) for column in zip(*(counts for counts, _ in own), strict=True)]
        total = [a + b for a, b in zip(total, sums, strict=True)]
        say(name, sums, max(slowest for _, slowest in own))
    say("all", total, f"; {time.monotonic() - begin:.0f} s with {processes} processes")
    return int(total[3] > 0)


def say(name, sums, more):
    """Print one line."""
    tried, refused, accepted, faults, cpu = sums
    sys.stdout.write(
        f"{name}: tried {tried}, refused {refused}, accepted {accepted}, faults {faults}; "
        f"{cpu} CPU s{more}\n"
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
