"""Cells wired by Gabor kernels hear drifting gratings: orientation tuning, simulated and predicted.

A grating r (1 + c cos(k.x - omega t)) of Poisson rates on a sheet of density d makes the mean input
mu + A cos(omega t + phase) of a cell with the kernel G, A = tau_m J r c d |G(k)|, G(k) the
transform of the kernel. The predicted rate is that of the stationary neuron, averaged over the
cycle.
"""

import numpy as np

from cortex.connectivity.atlas import lattice_of
from cortex.connectivity.kernels import Gabor
from cortex.connectivity.projection import Projection
from cortex.connectivity.space import Lattice, Points
from cortex.connectivity.spatial import kernel_weights
from cortex.connectivity.transforms import kernel_transform
from cortex.meanfield.stationary.siegert import firing_rate
from cortex.params.connectivity import GratingParams, TuningParams
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.rng import stream
from cortex.spiking.requests import Inputs, SpikeInputs
from cortex.spiking.simulation import simulate
from cortex.steps.columns import Columns, stacked
from cortex.typing import FloatArray, IntArray

REACH = 3.5  # widths of the envelope; 0.2 % of it lie beyond
DT, WARM_UP = 1e-4, 0.2
PHASES = 64


def orientation_tuning(grating: GratingParams, *, seed: int) -> Columns:
    """Return the tuning of cells of every angle.

    Parameters
    ----------
    grating : GratingParams
        Sheet, kernels, cells and gratings.
    seed : int
        Seed of the study.

    Returns
    -------
    columns
        As `cortex.io.schemas.connectivity.TUNING` says, SI.
    """
    sheet, own = lattice_of(grating.sheet), grating.tuning
    angles = np.pi * np.arange(own.n_angles) / own.n_angles
    waves = 2.0 * np.pi * grating.frequency * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    parts = []
    for theta in grating.theta:
        kernel = Gabor(grating.sigma, grating.frequency, theta)
        rng = stream(seed, "tuning", f"{theta:.6f}")
        wiring = _wire(sheet, kernel, own, rng)
        rates = _simulate(sheet, wiring, waves, own, rng=rng, seed=seed)
        density = sheet.spacing**-2
        A = own.tau_m * own.J * own.rate * own.contrast * density * np.abs(
            kernel_transform(kernel, waves)
        )  # fmt: skip
        parts.append(
            {
                "theta": np.full(len(angles), theta),
                "angle": angles,
                "drive": A,
                "predicted": _predict(A, kernel, density, own),
                "simulated": rates.mean(axis=1),
                "error": rates.std(axis=1, ddof=min(own.n_cells - 1, 1)) / np.sqrt(own.n_cells),
            }
        )
    return stacked(parts)


def _wire(sheet: Lattice, kernel: Gabor, own: TuningParams, rng: np.random.Generator) -> Projection:
    """Return the synapses onto cells within a cycle of the middle of the sheet."""
    middle = sheet.coordinates.mean(axis=0)
    places = middle + (rng.random((own.n_cells, 2)) - 0.5) / kernel.frequency
    cells = Points(coordinates=places)
    return kernel_weights(
        sheet, cells, kernel, weight=own.J, autapses=True, radius=REACH * kernel.sigma
    )


def _predict(A: FloatArray, kernel: Gabor, density: float, own: TuningParams) -> FloatArray:
    """Return rates averaged over a cycle, from the transform alone."""
    zero = float(kernel_transform(kernel, np.zeros((1, 2)))[0].real)
    double = Gabor(kernel.sigma / np.sqrt(2.0), 2.0 * kernel.frequency, kernel.theta)
    # G^2 = envelope^2 (1 + cos(2 k x))/2
    squared = 0.5 * (np.pi * kernel.sigma**2 + kernel_transform(double, np.zeros((1, 2)))[0].real)
    mu = own.mu + own.tau_m * own.J * own.rate * density * zero
    sigma = own.J * np.sqrt(own.tau_m * own.rate * density * squared)
    phase = 2.0 * np.pi * np.arange(PHASES) / PHASES
    neuron = LIFParams(tau_m=own.tau_m, tau_ref=own.tau_ref, V_th=own.V_th, V_reset=0.0)
    rate = firing_rate(mu + A[:, np.newaxis] * np.cos(phase), float(sigma), neuron)
    return np.asarray(np.mean(rate, axis=1))


def _simulate(
    sheet: Lattice,
    wiring: Projection,
    waves: FloatArray,
    own: TuningParams,
    *,
    rng: np.random.Generator,
    seed: int,
) -> FloatArray:
    """Return the rate of every cell at every grating, (n_angles, n_cells); one run for all."""
    n_cells, n_angles = wiring.n_targets, len(waves)
    network = PopulationNetwork(
        names=("cells",),
        sizes=np.array([n_cells * n_angles]),
        neurons=LIFNeurons(tau_m=own.tau_m, tau_ref=own.tau_ref, V_th=own.V_th, V_reset=0.0),
        synapses=Synapses(in_degrees=0, J=own.J, tau_s=0.0, delay=DT),
        drive=Drive(rate=np.zeros((1, 1)), J=own.J, tau_s=0.0, mu_dc=[own.mu]),
    )
    events = [_hear(i * n_cells, _spikes(sheet, k, own, rng), wiring) for i, k in enumerate(waves)]
    steps, targets, weights = (np.concatenate(part) for part in zip(*events, strict=True))
    run = simulate(
        network,
        SimulationParams(dt=DT, warm_up=WARM_UP, duration=own.duration, precision="float64"),
        seed=seed,
        inputs=Inputs(events=SpikeInputs(steps=steps, targets=targets, weights=weights)),
    )
    counts = np.bincount(run.spikes.neurons, minlength=n_cells * n_angles)
    return np.asarray(counts.reshape(n_angles, n_cells) / own.duration)


def _spikes(
    sheet: Lattice, k: FloatArray, own: TuningParams, rng: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """Return times and sources of Poisson spikes of a drifting grating, by thinning."""
    span = WARM_UP + own.duration
    n = rng.poisson(sheet.n * own.rate * (1.0 + own.contrast) * span)
    time, source = rng.random(n) * span, rng.integers(0, sheet.n, n)
    wave = np.cos(sheet.coordinates[source] @ k - 2.0 * np.pi * own.drift * time)
    kept = rng.random(n) * (1.0 + own.contrast) < 1.0 + own.contrast * wave
    return time[kept], source[kept]


def _hear(
    first: int, spikes: tuple[FloatArray, IntArray], wiring: Projection
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return step, target and weight of every synapse that spikes reach."""
    time, source = spikes
    rows = wiring.by_source()
    reached = np.diff(rows.start)[source]
    ends = np.cumsum(reached)
    at = np.arange(ends[-1]) - np.repeat(ends - reached, reached)
    synapse = np.repeat(rows.start[:-1][source], reached) + at
    steps = np.repeat(np.floor(time / DT).astype(np.int64) + 1, reached)
    weights = np.zeros(0) if wiring.weights is None else wiring.weights[rows.order[synapse]]
    return steps, first + rows.partners[synapse].astype(np.int64), weights
