r"""Noise whose strength follows the potential, and whose kicks are not infinitely small.

Conductances drive the less the nearer the potential is to where they reverse, and their kicks
add up to a skewed current. Noise through receptor i has the variance

.. math:: \sigma_i^2(V) = \sigma_i^2 + b_{i1} u + b_{i2} u^2, \quad u = V - V_{top},

stated where spikes begin, and the third order :math:`\sum_k r_k \epsilon_k^3 / 6` of kicks at rates
:math:`r_k` that move the filtered input of unit variance by :math:`\epsilon_k`. White parts
diffuse by that variance (Stratonovich). Slow inputs keep the composition that they have at the
top; their size is the root of the variances, each weighed by what it adds to that of the potential.
"""

from dataclasses import dataclass, replace

import numpy as np

from cortex.meanfield.density.cells import VoltageCells
from cortex.meanfield.density.resolution import Resolution
from cortex.meanfield.density.slow_inputs import SlowInputs
from cortex.meanfield.density.solver import Modulation
from cortex.meanfield.density.white_rest import WhiteRest
from cortex.typing import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class NoiseProfile:
    """How noise through each receptor depends on the potential, and its skew.

    Attributes
    ----------
    top : float
        Potential at which the variances are stated, V.
    bend : ndarray of shape (n_receptors, 2)
        Coefficients of u and u^2 in each variance, V and 1.
    skew : ndarray of shape (n_receptors,)
        Third order of the kicks at unit variance, 1/s.
    """

    top: float
    bend: FloatArray
    skew: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class SplitNoise:
    """Noise split into a white part and slow inputs, for any grid.

    Attributes
    ----------
    rest : WhiteRest
        Noise at the top, with its white part.
    shift : float
        By how much threshold and reset move, V.
    shift_slopes : ndarray of shape (n_receptors,)
        Derivative by each variance, 1/V.
    profile : NoiseProfile
        How it depends on the potential.
    slow : SlowInputs
        The rest of it.
    """

    rest: WhiteRest
    shift: float
    shift_slopes: FloatArray
    profile: NoiseProfile
    slow: SlowInputs

    @classmethod
    def of(
        cls, rest: WhiteRest, at: Resolution, profile: NoiseProfile | None, *, sharp: bool
    ) -> "SplitNoise":
        """Return the noise of a neuron, with a ``sharp`` threshold or without one.

        Threshold and reset move up together, which is the mean moving down; where the drift
        takes over from the noise there is no threshold, hence no layer.
        """
        n, is_slow = rest.variance.size, rest.white < 1.0
        profile = profile or NoiseProfile(0.0, np.zeros((n, 2)), np.zeros(n))
        slow = SlowInputs.of(
            rest.slow_std[is_slow],
            rest.tau_s[is_slow],
            at.n_nodes,
            across=at.across,
            skew=(profile.skew * rest.unskewed)[is_slow],
        )
        if not sharp:
            return cls(rest, 0.0, np.zeros(n), profile, slow)
        return cls(rest, rest.shift(), rest.shift_slopes(), profile, slow)


@dataclass(frozen=True, slots=True, eq=False)
class NoiseAtFaces:
    """Noise with a profile at the faces of cells.

    Attributes
    ----------
    split : SplitNoise
        The noise.
    powers : ndarray of shape (3, n_faces)
        1, u and u^2 (V, V^2).
    variance : ndarray of shape (n_receptors, n_faces)
        Variance through each receptor, V^2.
    weight : ndarray of shape (n_receptors,)
        What the slow part of each variance adds to that of the potential, up to a factor.
    strength : ndarray of shape (n_faces,)
        Size of the slow inputs, relative to the top.
    """

    split: SplitNoise
    powers: FloatArray
    variance: FloatArray
    weight: FloatArray
    strength: FloatArray

    @classmethod
    def of(cls, split: SplitNoise, faces: FloatArray) -> "NoiseAtFaces":
        """Return the noise at faces, V."""
        u, rest = faces - split.profile.top, split.rest
        powers = np.stack([np.ones(u.size), u, u**2])
        variance = rest.variance[:, None] + split.profile.bend @ powers[1:]
        weight = (1.0 - rest.white) / (rest.tau_m + rest.tau_s)
        whole = float(weight @ rest.variance)
        strength = np.sqrt(weight @ variance / whole) if whole > 0.0 else powers[0]
        return cls(split, powers, variance, weight, strength)

    def on(self, cells: VoltageCells) -> VoltageCells:
        """Return cells with this noise."""
        rest = self.split.rest
        white = rest.white / (2.0 * rest.tau_m)
        slope = white @ self.split.profile.bend @ (self.powers[:2] * [[1.0], [2.0]])
        return replace(
            cells,
            drift=cells.drift - 0.5 * slope,
            diffusion=white @ self.variance,
            strength=self.strength,
        )

    def change(self, receptor: int, order: int) -> Modulation:
        """Return what a change of the variance through one receptor by u^order does."""
        rest = self.split.rest
        white, at_top = float(rest.white[receptor]), float(order == 0)
        moved, own = float(self.split.shift_slopes[receptor]), self._own(receptor)
        size = np.zeros(self.powers.shape[1])
        if np.any(own):
            size = self.powers[order] / (self.weight @ self.variance)
            size = size - at_top / (self.weight @ rest.variance)
            size *= 0.5 * self.weight[receptor] * self.strength
        return Modulation(
            mean=-at_top * moved - 0.25 * white * order * self.powers[max(order - 1, 0)],
            diffusion=white * self.powers[order] / (2.0 * rest.tau_m),
            inputs=at_top * own / rest.variance[receptor],
            strength=own[:, None] * size,
            skew=np.zeros(own.size),
        )

    def skewed(self, receptor: int) -> Modulation:
        """Return what a change of the third order of one receptor does, of 1/s."""
        own = self._own(receptor)
        return Modulation(inputs=np.zeros(own.size), skew=own * self.split.rest.unskewed[receptor])

    def _own(self, receptor: int) -> BoolArray:
        """Return which slow input is that of a receptor, shape (n_slow,)."""
        return np.asarray(np.flatnonzero(self.split.rest.white < 1.0) == receptor)
