"""Whatever network is drawn, the theory answers in bounded time, or says why it cannot.

A few networks in CI; ``python tests/fuzz/test_mean_field.py 500 [SEED]`` runs more and prints
tried, refused, accepted, faults.
"""

import signal
import time
import warnings
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from counting import count

from cortex.errors import CortexError
from cortex.meanfield import (
    all_fixed_points,
    effective_connectivity,
    leading_mode,
    population_cv,
    population_spectra,
    solve_working_point,
)
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import Synapses

FREQUENCIES = np.array([0.0, 1.0, 40.0, 250.0, 1000.0])
LONGEST = 10.0  # s of this process in one call
RESIDUAL = 1e-10  # Hz, and of the rates where these are large: rounding


def random_network(rng):
    """Return a network of 1 to 6 populations, some silent, delays from 0.1 ms."""
    n = int(rng.integers(1, 7))
    shape = (n, n)
    signs = np.where(rng.random(n) < 0.6, 1.0, -rng.uniform(1.0, 8.0))
    in_degrees = rng.integers(0, 1500, shape) * (rng.random(shape) < 0.8)
    tau_s = float(rng.choice([0.0, 0.0, 1e-4, 5e-4, 2e-3]))
    V_th = rng.uniform(5e-3, 25e-3, n)
    J = 10.0 ** rng.uniform(-5.0, -3.0)
    rate = 10.0 ** rng.uniform(2.0, 5.0, (n, 1)) * (rng.random((n, 1)) < 0.9)
    return PopulationNetwork(
        names=tuple(f"P{k}" for k in range(n)),
        sizes=rng.integers(10, 20_000, n),
        neurons=LIFNeurons(
            tau_m=rng.uniform(5e-3, 40e-3, n),
            tau_ref=rng.choice([0.0, 1e-3, 2e-3, 5e-3], n),
            V_th=V_th,
            V_reset=V_th - rng.uniform(1e-3, 20e-3, n),
        ),
        synapses=Synapses(
            in_degrees=in_degrees,
            J=J * signs,
            tau_s=tau_s,
            delay=10.0 ** rng.uniform(-4.0, -2.0, shape),
            delay_sd=float(rng.choice([0.0, 0.0, 5e-4])),
            delay_distribution=str(rng.choice(["none", "gaussian", "truncated_gaussian"])),
        ),
        drive=Drive(rate=rate, J=10.0 ** rng.uniform(-5.0, -3.0), tau_s=tau_s),
    )


def timed(name, slowest, call):
    start = time.process_time()
    result = call()
    took = time.process_time() - start
    slowest[name] = max(slowest.get(name, 0.0), took)
    assert took < LONGEST, f"{name} took {took:.1f} s"
    return result


def ask(seed, slowest, *, modes=False):
    """Ask the theory everything about one network; return the first refusal, if any."""
    network = random_network(np.random.default_rng(seed))
    refused = None
    states = timed("all_fixed_points", slowest, lambda: all_fixed_points(network)).points
    try:
        states = (timed("solve", slowest, lambda: solve_working_point(network)), *states)
    except CortexError as error:
        refused = str(error)
    for state in states:
        scale = max(1.0, float(np.max(np.abs(state.nu))))
        assert state.residual <= RESIDUAL * scale, f"residual {state.residual} Hz at {state.nu} Hz"
    for state in states[:2]:
        for name, call in (
            ("cv", lambda state=state: population_cv(network, state)),
            ("M", lambda state=state: effective_connectivity(network, state, FREQUENCIES)),
            ("spectra", lambda state=state: population_spectra(network, state, FREQUENCIES)),
            *((("leading_mode", lambda state=state: leading_mode(network, state)),) * modes),
        ):
            try:
                found = timed(name, slowest, call)
            except CortexError as error:
                refused = str(error)
            else:
                if name == "leading_mode":  # nan where all modes decay fast
                    found = np.nan_to_num(found)
                assert np.all(np.isfinite(found)), f"{name} is not finite"
    return refused


def compile_first():
    """Ask once without a bound: what is compiled meanwhile is no time of a call."""
    with suppress(AssertionError), warnings.catch_warnings(action="ignore"):
        ask(0, {}, modes=True)


@pytest.fixture(scope="module")
def _compiled():
    compile_first()


@pytest.mark.usefixtures("_compiled")
@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")
def test_spectra_hear_an_interrupt_before_they_are_done():
    # the slowest network that fuzzing found: seconds per call, so that a tenth is in its middle
    network = random_network(np.random.default_rng(9_200_031))
    state = solve_working_point(network)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            population_spectra(network, state, FREQUENCIES)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("_compiled")
@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")
@pytest.mark.parametrize("first", range(0, 12, 3))
def test_random_networks_are_answered_or_refused_in_bounded_time(first):
    for seed in range(first, first + 3):
        ask(seed, {})


if __name__ == "__main__":
    times: dict[str, Any] = {}
    compile_first()
    count(lambda seed: ask(seed, times, modes=True), times)
