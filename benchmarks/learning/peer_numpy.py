"""The scheme written down in plain NumPy, one step after the other, all steps in memory."""

import json
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.learning.scene import (
    BETA,
    DECAY,
    DT,
    LONG_PERIODS,
    PHI_SCALE,
    SHORT_PERIODS,
    TAU_D,
    TAU_X,
    U_SCALE,
    N,
    initial_weights,
    measure,
)

THETA = DT * np.arange(N)
PERIOD = N * DT
DELAY = round(TAU_D / DT)
SHIFTED = (np.arange(N)[:, None] + np.arange(N)) % N


Term = Callable[..., np.ndarray]


def drive(time: float) -> np.ndarray:
    """Return the travelling wave at one time."""
    wave: np.ndarray = U_SCALE * np.sin(2 * np.pi * (time + THETA) / PERIOD)
    return wave


def rate(z: np.ndarray) -> np.ndarray:
    """Return the logistic rate."""
    return 1 / (1 + np.exp(-np.clip(PHI_SCALE * z, -250, 250)))


def matrix_input(w: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the recurrent input through N x N weights."""
    product: np.ndarray = w @ y
    return product


def circular_input(w: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the recurrent input through weights by distance."""
    return np.fft.irfft(np.fft.rfft(w) * np.fft.rfft(y), N)


def pairwise(dx: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the differential Hebbian term of all pairs."""
    return np.outer(dx / DT, y)


def averaged(dx: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the differential Hebbian term by distance, averaged over sources."""
    mean: np.ndarray = np.mean((dx / DT)[SHIFTED] * y, axis=1)
    return mean


def simulate(w: np.ndarray, recurrent: Term, hebb: Term, periods: int) -> np.ndarray:
    """Return the weights after `periods`, of which the first is without recurrence."""
    x = np.zeros((periods * N, N))
    for i in range(1, N):
        x[i] = x[i - 1] + DT / TAU_X * (-x[i - 1] + rate(drive(i * DT)))
    for i in range(N, periods * N):
        y = x[i - DELAY]
        dx = DT / TAU_X * (-x[i - 1] + rate(drive(i * DT) + recurrent(w, y)))
        x[i] = x[i - 1] + dx
        w += DT * BETA * (-DECAY * w + hebb(dx, y))
    return w


def repeat(periods: int, shape: tuple[int, ...], recurrent: Term, hebb: Term) -> np.ndarray:
    """Return the weights of a run from fresh initial weights."""
    return simulate(initial_weights(*shape), recurrent, hebb, periods)


def main() -> None:
    """Print one line per task."""
    tasks = (
        ("N x N weights, 3,000 steps", SHORT_PERIODS, (N, N), matrix_input, pairwise),
        ("circulant weights, 10,500 steps", LONG_PERIODS, (N,), circular_input, averaged),
    )
    for task, periods, shape, recurrent, hebb in tasks:
        run = partial(repeat, periods, shape, recurrent, hebb)
        print(json.dumps(measure(task, run, 1)))


if __name__ == "__main__":
    main()
