"""Matrices that are analytic functions of the complex growth rate, with their exact slope."""

from collections.abc import Callable
from dataclasses import dataclass

from cortex.typing import ComplexArray


@dataclass(frozen=True, slots=True)
class MatrixAndSlope:
    """M(lambda) and its derivative by lambda (s), both of shape (..., n, n)."""

    M: ComplexArray
    slope: ComplexArray


MatrixFunction = Callable[[ComplexArray], MatrixAndSlope]
