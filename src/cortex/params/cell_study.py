"""What is run on single cells: rates and responses in noise, firing patterns of AdEx."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cortex.cells.adex import AdExCell
from cortex.params.base import Block
from cortex.params.description.cells import CellSpec
from cortex.params.spec import block, count, declare, quantity, table, vector
from cortex.typing import FloatArray

STEP = quantity("ms", 1e-3, 1.0, "step of the simulation", 2e-5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveParams(Block):
    """Rates and CVs over the mean input in white noise."""

    start: float = quantity("mV", -100.0, 200.0, "lowest mean input")
    stop: float = quantity("mV", -100.0, 200.0, "highest mean input")
    num: int = count(2, 200, "mean inputs")
    noise: float = quantity("mV", 0.1, 50.0, "sigma, sqrt 2 times the deviation of free V")
    size: int = count(1, 100_000, "neurons per mean input")
    duration: float = quantity("s", 0.1, 1000.0, "simulated time after the first half second")
    dt: float = STEP

    def means(self) -> FloatArray:
        """Return the mean inputs, V."""
        return np.linspace(self.start, self.stop, self.num, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulationParams(Block):
    """Responses to a mean input that swings at several frequencies at once."""

    mean: float = quantity("mV", -100.0, 200.0, "mean input")
    noise: float = quantity("mV", 0.1, 50.0, "sigma, sqrt 2 times the deviation of free V")
    amplitude: float = quantity("mV", 1e-3, 10.0, "amplitude at each frequency")
    frequencies: tuple[float, ...] = vector(
        quantity("Hz", 0.1, 5000.0, "frequency; whole cycles in the duration"), "frequencies"
    )
    size: int = count(1, 1_000_000, "neurons")
    duration: float = quantity("s", 0.1, 1000.0, "simulated time after the first half second")
    dt: float = STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternParams(Block):
    """Firing patterns under a step of current, over two parameters of AdEx."""

    neuron: AdExCell = block(AdExCell, "the neuron; V_reset and b are varied")
    current: float = quantity("pA", -1e4, 1e4, "step of current from rest")
    lowest_reset: float = quantity("mV", -200.0, 200.0, "lowest reset")
    highest_reset: float = quantity("mV", -200.0, 200.0, "highest reset")
    n_resets: int = count(1, 500, "resets")
    lowest_b: float = quantity("pA", 0.0, 1e4, "weakest adaptation by a spike")
    highest_b: float = quantity("pA", 0.0, 1e4, "strongest adaptation by a spike")
    n_b: int = count(1, 500, "strengths")
    duration: float = quantity("s", 0.1, 100.0, "length of the step")
    dt: float = STEP

    def plane(self) -> tuple[FloatArray, FloatArray]:
        """Return reset (V) and b (A) of every neuron, row by row from the weakest b."""
        resets = np.linspace(self.lowest_reset, self.highest_reset, self.n_resets)
        b = np.linspace(self.lowest_b, self.highest_b, self.n_b)
        return np.tile(resets, self.n_b), np.repeat(b, self.n_resets)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStudy(Block):
    """Single cells of any model."""

    neurons: dict[str, Any] = table(declare(CellSpec(doc="a model and its keys")), "neurons")
    curves: CurveParams = block(CurveParams, "rates over the mean input")
    modulation: ModulationParams = block(ModulationParams, "responses over frequency")
    patterns: PatternParams = block(PatternParams, "firing patterns")
