"""How a drive changes in time, relative to its constant value."""

from dataclasses import dataclass

import numpy as np

from cortex.params.base import Block
from cortex.params.spec import choice, quantity, vector
from cortex.typing import FloatArray

FOREVER = 200_000.0  # s
KINDS = ("step", "pulse", "ramp", "sinusoid", "table")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseParams(Block):
    """Time course of a drive: its value times ``1 + amplitude * shape(t)``.

    Time counts from the start of the recording. The shape is 0 before `start`; then 1 (step),
    1 until `stop` (pulse), rising from 0 to 1 until `stop` and 1 after it (ramp), a sine of
    `frequency` until `stop` (sinusoid), or `values` at `times` after `start`, joined by straight
    lines and held beyond both ends (table).
    """

    kind: str = choice(KINDS, "shape")
    amplitude: float = quantity("1", -1000.0, 1000.0, "largest relative change of the drive")
    start: float = quantity("s", -1000.0, 100_000.0, "when it begins", 0.0)
    stop: float = quantity("s", -1000.0, 200_000.0, "when it ends", FOREVER)
    frequency: float = quantity("Hz", 0.0, 10_000.0, "of a sinusoid", 0.0)
    times: tuple[float, ...] = vector(
        quantity("s", 0.0, 100_000.0, "time after the start"), "times of a table", default=()
    )
    values: tuple[float, ...] = vector(
        quantity("1", -1000.0, 1000.0, "shape"), "shape at these times", default=()
    )
    resolution: float = quantity("ms", 0.01, 1000.0, "the drive is constant for so long", 1e-3)

    def check(self) -> None:
        """Refuse a course that lacks what its kind needs, or holds what it does not."""
        is_table = self.kind == "table"
        if is_table != bool(self.times) or len(self.times) != len(self.values):
            reason = "a table needs times_s and values, equally long; other kinds take neither"
            self.refuse("kind", f": {reason}")
        if np.any(np.diff(self.times) <= 0.0):
            self.refuse("times", "must rise")
        if (self.kind == "sinusoid") != (self.frequency > 0.0):
            self.refuse("frequency", ": a sinusoid needs a positive one, other kinds take none")
        if not self.start < self.stop or (self.kind in {"pulse", "ramp"} and self.stop >= FOREVER):
            self.refuse("stop", "must be given, and lie after {start}")

    def shape(self, t: FloatArray) -> FloatArray:
        """Return the shape at times `t` (s from the start of the recording), like `t`."""
        after, during = t - self.start, (t >= self.start) & (t < self.stop)
        match self.kind:
            case "step":
                return np.where(t >= self.start, 1.0, 0.0)
            case "pulse":
                return np.where(during, 1.0, 0.0)
            case "ramp":
                return np.clip(after / (self.stop - self.start), 0.0, 1.0)
            case "sinusoid":
                return np.where(during, np.sin(2.0 * np.pi * self.frequency * after), 0.0)
            case _:
                return np.where(after >= 0.0, np.interp(after, self.times, self.values), 0.0)

    def relative(self, t: FloatArray) -> FloatArray:
        """Return the drive over its constant value at times `t`, like `t`."""
        return 1.0 + self.amplitude * self.shape(t)
