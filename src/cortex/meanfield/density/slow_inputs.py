r"""Slow inputs of a neuron as a few nodes of their summed current.

Ornstein-Uhlenbeck currents of any time constants, and their sum zeta as one coordinate: the
space of Hermite functions of all currents does not change under rotation, so that zeta can be
its first axis. Lanczos steps with the matrix of decay rates give the others, each coupled to
its neighbours alone; the further an axis is from zeta, the fewer polynomials of it are kept.
The matrix of multiplication with zeta is diagonal in its eigenvectors, the nodes; with one
input they are the Gauss-Hermite nodes. The generator is symmetric there.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from cortex.typing import AnyArray, ComplexArray, FloatArray

N_AXES = 3
"""Axes kept: the sum of the currents and two more. Further ones change a rate by < 1e-4."""
DEGREE_COST = (1, 3, 5)
"""A degree along an axis counts so often towards the highest degree along the first."""


@dataclass(frozen=True, slots=True, eq=False)
class SlowInputs:
    """Slow inputs in their nodes.

    Attributes
    ----------
    nodes : ndarray of shape (n_nodes,)
        Values of the summed input, in the unit of the standard deviations given, V.
    total : ndarray of shape (n_nodes,)
        Sum over the nodes with these weights is the integral over all inputs.
    generator : ndarray of shape (n_nodes, n_nodes)
        Generator of the inputs, 1/s; symmetric without skew.
    currents : ndarray of shape (n_inputs, n_nodes, n_nodes)
        Multiplication with each input alone, V; they sum up to the nodes.
    relaxations : ndarray of shape (n_inputs, n_nodes, n_nodes)
        Generator of each input alone, 1/s, without skew.
    skewings : ndarray of shape (n_inputs, n_nodes, n_nodes)
        What each input adds to the generator per skew.
    skew : ndarray of shape (n_inputs,)
        Third order of the noise that drives each input at unit variance, 1/s.
    tau_s : ndarray of shape (n_inputs,)
        Time constants, s.
    decay : ndarray of shape (n_nodes,)
        Eigenvalues of minus the generator without skew, 1/s.
    modes : ndarray of shape (n_nodes, n_nodes)
        Its eigenvectors, in columns.
    """

    nodes: FloatArray
    total: FloatArray
    generator: FloatArray
    currents: FloatArray
    relaxations: FloatArray
    skewings: FloatArray
    skew: FloatArray
    tau_s: FloatArray
    decay: FloatArray
    modes: FloatArray

    @classmethod
    def of(
        cls,
        std: FloatArray,
        tau_s: FloatArray,
        n_nodes: int,
        *,
        across: int = 2,
        skew: FloatArray | None = None,
    ) -> "SlowInputs":
        """Return the nodes of inputs of standard deviation `std` (V) and time constant `tau_s` (s).

        `n_nodes` counts the nodes of one input; several inputs take more, up to the degree
        ``across`` their sum. Without inputs there is one node at zero. Kicks at rate r that move
        an input of unit variance by epsilon have ``skew`` r epsilon^3/6, 1/s; none by default.
        """
        skew = np.zeros(std.size) if skew is None else skew
        if std.size == 0:
            one, none = np.ones((1, 1)), np.zeros((0, 1, 1))
            zero = np.zeros(1)
            return cls(zero, zero + 1.0, 0.0 * one, none, none, none, skew, tau_s, zero, one)
        axes = _axes(std, 1.0 / tau_s)
        indices = _indices(len(axes), n_nodes, across)
        up = [_raising(indices, axis) for axis in range(len(axes))]
        rates = axes @ np.diag(1.0 / tau_s) @ axes.T
        number = sum(
            rates[p, q] * up[p] @ up[q].T
            for p in range(len(axes))
            for q in range(len(axes))
            if abs(p - q) <= 1
        )
        current, basis = np.linalg.eigh(np.linalg.norm(std) * (up[0] + up[0].T))
        generator = -basis.T @ np.asarray(number) @ basis
        lifts = [sum(axes[p, i] * up[p] for p in range(len(axes))) for i in range(std.size)]
        alone = [basis.T @ lift @ basis for lift in lifts]
        decay, modes = np.linalg.eigh(-generator)
        generator = 0.5 * (generator + generator.T)
        # the third derivative of the density of an input raises a Hermite function by three
        skewings = np.array([a @ a @ a for a in alone])
        return cls(
            nodes=current,
            total=basis[indices.index((0,) * len(axes))],
            generator=generator + np.tensordot(skew, skewings, axes=1),
            currents=np.array([s * (a + a.T) for s, a in zip(std, alone, strict=True)]),
            relaxations=np.array([-a @ a.T / tau for tau, a in zip(tau_s, alone, strict=True)]),
            skewings=skewings,
            skew=skew,
            tau_s=tau_s,
            decay=np.maximum(decay, 0.0),
            modes=modes,
        )

    def after(self, duration: float) -> FloatArray:
        """Return the matrix that carries the inputs over a duration, s, without skew."""
        return (self.modes * np.exp(-self.decay * duration)) @ self.modes.T

    def after_by_pace(self, duration: float, lam: complex) -> ComplexArray:
        """Return the change of `after` by the pace of each input, modulated with exp(lambda t).

        Shape (n_inputs, n_nodes, n_nodes); the modulation has its phase at the end of the
        duration, s.
        """
        late = self.decay[:, None] + lam
        gap = (late - self.decay[None, :]) * duration
        small = np.abs(gap) < 1e-6
        ratio = np.where(small, 1.0 - 0.5 * gap, -np.expm1(-gap) / np.where(small, 1.0, gap))
        weight = duration * np.exp(-self.decay[None, :] * duration) * ratio
        inner = self.modes.T @ self.relaxations @ self.modes
        return np.asarray(self.modes @ (weight * inner) @ self.modes.T, dtype=np.complex128)


def _axes(std: FloatArray, rates: FloatArray) -> FloatArray:
    """Return orthonormal axes of the unit currents, the first along their sum (Lanczos)."""
    axes = [std / np.linalg.norm(std)]
    while len(axes) < min(N_AXES, std.size):
        step = rates * axes[-1]
        for _ in range(2):  # twice is enough against rounding
            for axis in axes:
                step = step - (axis @ step) * axis
        length = np.linalg.norm(step)
        if length <= 1e-9 * rates.max():
            break
        axes.append(step / length)
    return np.array(axes)


def _indices(n_axes: int, n_nodes: int, across: int) -> list[tuple[int, ...]]:
    """Return the degrees along the axes of all Hermite functions kept."""
    costs = DEGREE_COST[:n_axes]
    highest = (n_nodes, across, across // 2)
    ranges = [
        range(min((n_nodes - 1) // cost, high) + 1)
        for cost, high in zip(costs, highest, strict=False)
    ]
    return [i for i in product(*ranges) if sum(map(int.__mul__, costs, i)) < n_nodes]


def _raising(indices: list[tuple[int, ...]], axis: int) -> AnyArray:
    """Return the matrix that raises the degree along one axis by one."""
    where = {index: k for k, index in enumerate(indices)}
    out = np.zeros((len(indices), len(indices)))
    for index, k in where.items():
        above = (*index[:axis], index[axis] + 1, *index[axis + 1 :])
        if above in where:
            out[where[above], k] = np.sqrt(above[axis])
    return out
