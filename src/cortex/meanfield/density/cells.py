"""Cells of the membrane potential: faces, drift and diffusion, and the fluxes through them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cortex.params.lif import LIFParams
from cortex.typing import FloatArray

NARROW = 0.25
"""Width of the cells at threshold, in units of those far below."""

TAIL = 4.5
"""The grid reaches so many standard deviations below reset and mean; the mass beyond is 3e-6."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoltageCells:
    """A one-variable neuron on cells of the membrane potential.

    Any neuron dV/dt = drift(V) + slow + noise with a threshold is described by its drift and
    diffusion at the faces.

    Attributes
    ----------
    width : ndarray of shape (n_cells,)
        Width of each cell, V.
    centres : ndarray of shape (n_cells,)
        Potential in the middle of each cell, V.
    reset : int
        Index of the cell with the reset in its middle.
    V_th, V_reset : float
        Threshold, the last face, and reset, V.
    tau_ref : float
        Time from the last face to the reset, s: refractory period and lag.
    lag : float
        How long the potential takes from the last face to the spike, s: zero for a threshold.
    drift : ndarray of shape (n_cells + 1,)
        Drift at the faces, from the lowest up to the threshold, V/s.
    diffusion : ndarray of shape (n_cells + 1,)
        Diffusion coefficient at the faces, V^2/s.
    steepness : ndarray of shape (n_cells + 1,)
        Slope of the drift that makes spikes, at the faces, 1/s: zero for a leak alone. Where it
        is large, the drift grows within a cell and the fluxes count that.
    gain : float
        Drift per unit of input, 1/s: 1 / tau_m.
    strength : ndarray of shape (n_cells + 1,)
        Size of the slow inputs at the faces, relative to their nodes: 1 for currents.
    """

    width: FloatArray
    centres: FloatArray
    reset: int
    V_th: float
    V_reset: float
    tau_ref: float
    lag: float
    drift: FloatArray
    diffusion: FloatArray
    steepness: FloatArray
    gain: float
    strength: FloatArray

    @property
    def faces(self) -> FloatArray:
        """Potential at the faces, from the lowest up to the threshold, V."""
        below = np.cumsum(self.width[::-1])[::-1]
        return np.append(self.V_th - below, self.V_th)


@dataclass(frozen=True, slots=True, eq=False)
class Fluxes:
    """Flux through each face: forward * density below - backward * density above, (n + 1, m)."""

    forward: FloatArray
    backward: FloatArray


def edges(
    mu: float, sigma: float, V_th: float, V_reset: float, n_cells: int
) -> tuple[FloatArray, FloatArray, int]:
    """Return faces (V) up to V_th, centres (V), and the cell with V_reset in its middle.

    Half a standard deviation below threshold the cells narrow smoothly to a quarter, where the
    density bends; both halve with twice the cells, so that errors fall with their square.

    Parameters
    ----------
    mu, sigma : float
        Mean and standard deviation of the input, V; they set how far down the grid reaches.
    V_th, V_reset : float
        Last face, and centre of a cell, V.
    n_cells : int
        Number of cells, at least 4.
    """
    lowest = min(V_reset, mu) - TAIL * sigma / np.sqrt(2.0) - 0.02 * (V_th - V_reset)
    bend = 0.5 * min(sigma, V_th - V_reset)
    to_reset, to_lowest = (_stretched(V_th - end, bend) for end in (V_reset, lowest))
    above = max(2, min(n_cells - 1, round(n_cells * to_reset / to_lowest)))
    steps = to_reset / (above - 0.5) * np.arange(n_cells, -0.25, -0.5)
    at: FloatArray = V_th - (steps - (1.0 - NARROW) * bend * -np.expm1(-steps / bend))
    return at[::2], at[1::2], n_cells - above


def _stretched(distance: float, bend: float) -> float:
    """Return u with u - (1 - NARROW) bend (1 - exp(-u / bend)) = distance, by Newton's method."""
    u = distance + bend
    for _ in range(30):
        fall = (1.0 - NARROW) * np.exp(-u / bend)
        u -= (u - bend * (1.0 - NARROW - fall) - distance) / (1.0 - fall)
    return float(u)


def lif_cells(
    mu: float, white_variance: float, sigma: float, neuron: LIFParams, n_cells: int
) -> VoltageCells:
    """Return the cells of a leaky integrate-and-fire neuron.

    Parameters
    ----------
    mu : float
        Mean input, V.
    white_variance : float
        Variance sigma^2 of the white input, V^2; positive.
    sigma : float
        Standard deviation of all inputs, V; sets the reach of the grid.
    neuron : LIFParams
        The neuron.
    n_cells : int
        Number of cells.
    """
    at, centres, reset = edges(mu, sigma, neuron.V_th, neuron.V_reset, n_cells)
    return VoltageCells(
        width=np.diff(at),
        centres=centres,
        V_th=neuron.V_th,
        reset=reset,
        V_reset=neuron.V_reset,
        tau_ref=neuron.tau_ref,
        lag=0.0,
        drift=(mu - at) / neuron.tau_m,
        diffusion=np.full(at.size, white_variance / (2.0 * neuron.tau_m)),
        steepness=np.zeros(at.size),
        gain=1.0 / neuron.tau_m,
        strength=np.ones(at.size),
    )


def flux_weights(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return B(-x), B(x) and their derivatives by x, with B(x) = x / (exp(x) - 1).

    The weights of the densities on both sides of a face in the flux through it, where the field
    between them is constant (Scharfetter & Gummel 1969).
    """
    size = np.abs(x)
    tiny, small = size < 1e-5, size < 1e-3
    safe = np.where(tiny, 1.0, np.minimum(size, 700.0))  # exp overflows beyond: 1e-301
    low = np.where(tiny, 1.0 - size / 2.0 + size**2 / 12.0, safe / np.expm1(safe))
    slope = np.where(
        small,
        -0.5 + size / 6.0 - size**3 / 180.0,
        low * ((1.0 - low) / np.where(small, 1.0, size) - 1.0),
    )
    up, high, rise = x > 0.0, low + size, slope + 1.0
    return (
        np.where(up, high, low),
        np.where(up, low, high),
        np.where(up, rise, -slope),
        np.where(up, slope, -rise),
    )


def fluxes(cells: VoltageCells, nodes: FloatArray) -> Fluxes:
    """Return the fluxes of every node of the slow input (V), each added to the mean."""
    at = _faces(cells, nodes.tobytes())
    return _closed(at.speed * at.forward, at.speed * at.backward)


def fluxes_by_mean(cells: VoltageCells, nodes: FloatArray) -> Fluxes:
    """Return the derivative of the fluxes by the mean input, per V."""
    at = _faces(cells, nodes.tobytes())
    return _closed(cells.gain * at.forward_slope, cells.gain * at.backward_slope)


def fluxes_by_diffusion(cells: VoltageCells, nodes: FloatArray) -> Fluxes:
    """Return the derivative of the fluxes by a diffusion added at every face."""
    at = _faces(cells, nodes.tobytes())
    forward = at.forward * (1.0 + at.bent) - at.peclet * at.forward_slope
    backward = at.backward * (1.0 + at.bent) - at.peclet * at.backward_slope
    return _closed(forward / at.distance, backward / at.distance)


def flux_by_current(
    cells: VoltageCells, nodes: FloatArray, current: FloatArray, density: FloatArray
) -> FloatArray:
    """Return the change of the flux of a density when the slow input changes by a matrix.

    Away from its nodes the slow input is a full matrix: entry (k, l) of its change counts with the
    difference of the flux between the nodes k and l, over their distance.

    Parameters
    ----------
    cells, nodes
        As for `fluxes`.
    current : ndarray of shape (m, m)
        Change of the slow input, V, symmetric.
    density : ndarray of shape (n_cells, m)
        Density at the nodes.

    Returns
    -------
    ndarray of shape (n_cells + 1, m)
    """
    at = _faces(cells, nodes.tobytes())
    gap = nodes - nodes[:, None]
    alike = np.abs(gap) <= 1e-6 * np.max(np.abs(nodes), initial=1e-300)
    apart = np.where(alike, 0.0, current / np.where(alike, 1.0, gap))
    together = np.where(alike, 0.5 * current, 0.0)
    scale = (cells.gain * cells.strength)[:, None]
    none = np.zeros((1, nodes.size))

    def changed(value: FloatArray, slope: FloatArray, beside: FloatArray) -> FloatArray:
        moved = value * (beside @ apart) - (value * beside) @ apart
        return moved + slope * (beside @ together) + (slope * beside) @ together

    out = changed(at.speed * at.forward, scale * at.forward_slope, np.vstack([none, density]))
    out -= changed(at.speed * at.backward, scale * at.backward_slope, np.vstack([density, none]))
    out[0] = 0.0  # nothing passes the lowest face
    return out


@lru_cache(maxsize=2)
def _faces(cells: VoltageCells, nodes: bytes) -> "_Faces":
    """Return the weights at the faces; the fluxes of one grid and their slopes ask in turn."""
    return _Faces.of(cells, np.frombuffer(nodes))


@dataclass(frozen=True, slots=True, eq=False)
class _Faces:
    """Weights of the densities on both sides of each face, and their slopes by the drift.

    Between two centres the drift is linear. Its value at the face gives the weights of
    Scharfetter & Gummel; its slope, to first order, divides both by 1 + bent, with
    bent = (slope distance^2 / diffusion) K(peclet). Without that, the time in a cell of strong
    drift would count from its far face, an error of first order in the cell.
    """

    speed: FloatArray
    distance: FloatArray
    peclet: FloatArray
    bent: FloatArray
    forward: FloatArray
    backward: FloatArray
    forward_slope: FloatArray
    backward_slope: FloatArray

    @classmethod
    def of(cls, cells: VoltageCells, nodes: FloatArray) -> "_Faces":
        """Return the weights at every face and node, shape (n_cells + 1, m)."""
        # the absorbing face lies half a cell from the last centre; nothing passes the lowest face
        points = np.concatenate([cells.centres[:1] - cells.width[0], cells.centres, [cells.V_th]])
        distance = np.diff(points)[:, None]
        speed = cells.diffusion[:, None] / distance
        peclet = (cells.drift[:, None] + cells.gain * cells.strength[:, None] * nodes) / speed
        ahead, back, ahead_slope, back_slope = flux_weights(peclet)
        if not np.any(cells.steepness):
            none = np.zeros_like(peclet)
            return cls(speed, distance, peclet, none, ahead, back, ahead_slope, back_slope)
        curve = cells.steepness[:, None] * distance / speed
        K, K_slope = _bending(peclet, back, back_slope)
        damped, bend = 1.0 / (1.0 + curve * K), curve * K_slope
        return cls(
            speed=speed,
            distance=distance,
            peclet=peclet,
            bent=curve * K * damped,
            forward=ahead * damped,
            backward=back * damped,
            forward_slope=(ahead_slope - ahead * damped * bend) * damped,
            backward_slope=(back_slope - back * damped * bend) * damped,
        )


def _bending(x: FloatArray, B: FloatArray, B_slope: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (x/2 coth(x/2) - 1) / x^2 and its derivative; B(x) as in `flux_weights`."""
    small = np.abs(x) < 0.1
    safe = np.where(small, 1.0, x)
    K = np.where(small, 1.0 / 12.0 - x**2 / 720.0 + x**4 / 30240.0, (B + 0.5 * x - 1.0) / safe**2)
    slope = np.where(small, -x / 360.0 + x**3 / 7560.0, ((B_slope + 0.5) / safe - 2.0 * K) / safe)
    return K, slope


def _closed(forward: FloatArray, backward: FloatArray) -> Fluxes:
    """Return fluxes with nothing through the lowest face and nothing back from threshold."""
    forward[0] = backward[0] = backward[-1] = 0.0
    return Fluxes(forward, backward)
