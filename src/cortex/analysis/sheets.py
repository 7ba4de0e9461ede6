"""Activity on a sheet: maps of the rate, spectra over wave vectors, waves, distances."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cortex.analysis.waves import SpaceTimeSpectrum
from cortex.errors import ParameterError
from cortex.spikes import Spikes
from cortex.typing import ComplexArray, FloatArray, IntArray

SAMPLE = 400  # neurons whose mean spectrum stands for that of all


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetPlaces:
    """Where the neurons of all populations sit on one sheet.

    Parameters
    ----------
    extent : ndarray of shape (2,)
        Sides, m.
    coordinates : mapping of str to ndarray of shape (size, 2)
        Population -> places, m.
    """

    extent: FloatArray
    coordinates: Mapping[str, FloatArray]

    def cells(self, name: str, n_space: int) -> tuple[IntArray, tuple[int, int]]:
        """Return the cell of each neuron, rows of x one after the other, and cells (ny, nx).

        Parameters
        ----------
        name : str
            Population.
        n_space : int
            Cells along the first side; they are nearly square.
        """
        shape = n_space, max(round(n_space * float(self.extent[1] / self.extent[0])), 1)
        at = np.floor(self.coordinates[name] / self.extent * shape).astype(np.int64)
        at = np.clip(at, 0, np.array(shape) - 1)
        return at[:, 1] * shape[0] + at[:, 0], shape[::-1]


def sheet_rate(spikes: Spikes, places: SheetPlaces, *, n_space: int, width: float) -> FloatArray:
    """Return maps of the rate of one population.

    Parameters
    ----------
    spikes : Spikes
        One population.
    places : SheetPlaces
        Where its neurons sit.
    n_space : int
        Cells along the first side.
    width : float
        Bin of time, s.

    Returns
    -------
    ndarray, shape (n_times, ny, nx)
        Rate per neuron of each cell, Hz.

    Raises
    ------
    ParameterError
        Several populations, or a cell without a neuron.
    """
    (name,) = spikes.names if len(spikes.names) == 1 else ("",)
    if name not in places.coordinates:
        msg = f"maps are made of one population with places, not of {', '.join(spikes.names)}"
        raise ParameterError(msg)
    cell, shape = places.cells(name, n_space)
    n_cells = shape[0] * shape[1]
    own = np.bincount(cell, minlength=n_cells)
    if own.min() == 0:
        msg = (
            f"{n_space} cells along the sheet leave some without a neuron of {name}; choose fewer "
            "(analysis.n_space)"
        )
        raise ParameterError(msg)
    binned = spikes.binned(width)
    flat = binned.steps.astype(np.int64) * n_cells + cell[binned.neurons]
    counts = np.bincount(flat, minlength=binned.n_steps * n_cells).reshape(-1, n_cells)
    return np.asarray((counts / (own * width)).reshape(-1, *shape))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetSpectrum:
    """Power over frequency and wave vector.

    Parameters
    ----------
    frequency : ndarray, shape (n_freqs,)
        Hz, not negative.
    k : ndarray, shape (ny, nx, 2)
        Angular wave vectors, 1/m; a wave travels along its vector.
    power : ndarray, shape (n_freqs, ny, nx)
        Mean squared amplitude, Hz^2, summed over both signs of the frequency.
    extent : ndarray, shape (2,)
        Sides of the sheet, m.
    """

    frequency: FloatArray
    k: FloatArray
    power: FloatArray
    extent: FloatArray

    @property
    def number(self) -> IntArray:
        """Length of each wave vector in cycles per first side, rounded, shape (ny, nx)."""
        cycles = np.linalg.norm(self.k, axis=-1) * self.extent[0] / (2.0 * np.pi)
        return np.asarray(np.rint(cycles), dtype=np.int64)

    def radial(self) -> SpaceTimeSpectrum:
        """Return the mean power of one wave vector of each length, by cycles per first side."""
        number = self.number
        n = min(self.power.shape[1:]) // 2 + 1
        share = np.stack([(number == i) / np.sum(number == i) for i in range(n)])
        power: FloatArray = np.einsum("fyx,nyx->fn", self.power, share)
        return SpaceTimeSpectrum(frequency=self.frequency, wave_number=np.arange(n), power=power)


def sheet_spectrum(
    rate: FloatArray, dt: float, extent: FloatArray, *, segment: float
) -> SheetSpectrum:
    """Return the power of maps of the rate, averaged over half-overlapping Hann windows.

    Parameters
    ----------
    rate : ndarray, shape (n_times, ny, nx)
        Maps; opposite edges count as neighbours.
    dt : float
        Bin of time, s.
    extent : ndarray, shape (2,)
        Sides of the sheet, m.
    segment : float
        Length of the windows, s.

    Raises
    ------
    ParameterError
        The segments do not fit the recording.
    """
    n = round(segment / dt)
    if rate.ndim != 3 or not 8 <= n <= rate.shape[0]:
        msg = f"segments of {segment:g} s do not fit maps of {rate.shape} bins of {dt:g} s"
        raise ParameterError(msg)
    ny, nx = rate.shape[1:]
    window = np.hanning(n + 1)[:n, np.newaxis, np.newaxis]
    starts = range(0, rate.shape[0] - n + 1, n // 2)
    power = np.zeros((n // 2 + 1, ny, nx))
    for start in starts:
        part = (rate[start : start + n] - rate[start : start + n].mean()) * window
        # exp(i (k x - omega t)): a wave along k has the power of rfft at its frequency at -k
        power += np.abs(np.fft.fft2(np.fft.rfft(part, axis=0), axes=(1, 2))) ** 2
    both = np.full((n // 2 + 1, 1, 1), 2.0)
    both[0] = 1.0
    both[-1] = 1.0 if n % 2 == 0 else 2.0  # at zero and the highest frequency both are one
    power *= both / len(starts) / (np.sum(window) * nx * ny) ** 2
    kx, ky = (
        -2.0 * np.pi * np.fft.fftfreq(m, d=side / m)
        for m, side in zip((nx, ny), extent, strict=True)
    )
    return SheetSpectrum(
        frequency=np.asarray(np.fft.rfftfreq(n, dt), dtype=np.float64),
        k=np.stack(np.meshgrid(kx, ky), axis=-1),
        power=power,
        extent=np.asarray(extent),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetWave:
    """The strongest pattern of a sheet.

    Parameters
    ----------
    number : int
        Cycles per first side, positive; uniform changes are left out of the search.
    frequency : float
        Power-weighted frequency around the peak, Hz; 0 for a pattern that stands still.
    speed : float
        Frequency over wave number, m/s.
    direction : float
        1 where all of it travels one way, 0 where it stands or travels in all directions.
    angle : float
        The way it travels, from the x axis, rad.
    share : float
        Power of this wave number, all directions together, over all power.
    """

    number: int
    frequency: float
    speed: float
    direction: float
    angle: float
    share: float


def detect_sheet_wave(spectrum: SheetSpectrum, *, half_width: float = 24.0) -> SheetWave:
    """Return the pattern whose wave vectors hold most power each; number 0 and nan without any.

    Parameters
    ----------
    spectrum : SheetSpectrum
        Power over frequency and wave vector.
    half_width : float
        Frequencies around the peak that enter its mean, Hz.
    """
    radial = spectrum.radial()
    if not radial.power[:, 1:].any():
        nothing = dict.fromkeys(("frequency", "speed", "direction", "angle", "share"), np.nan)
        return SheetWave(number=0, **nothing)
    peak, number = np.unravel_index(np.argmax(radial.power[:, 1:]), radial.power[:, 1:].shape)
    number += 1
    f, profile = spectrum.frequency, radial.power[:, number]
    near = np.abs(f - f[peak]) <= min(half_width, f[peak])
    frequency = float(np.average(f[near], weights=profile[near]))
    ring = spectrum.number == number
    power = spectrum.power[near][:, ring].sum(axis=0)
    k = spectrum.k[ring]
    along = power @ (k / np.linalg.norm(k, axis=1)[:, np.newaxis]) / power.sum()
    return SheetWave(
        number=int(number),
        frequency=frequency,
        speed=frequency * float(spectrum.extent[0]) / int(number),
        direction=float(np.linalg.norm(along)),
        angle=float(np.arctan2(along[1], along[0])),
        share=float(spectrum.power[:, ring].sum() / spectrum.power.sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OverDistance:
    """How alike the activity of two places is.

    Parameters
    ----------
    distance : ndarray, shape (n_distances,)
        m, from the side of a cell on.
    correlation : ndarray, shape (n_distances,)
        Correlation coefficient of the rates of two cells, over all frequencies above zero.
    coherence : ndarray, shape (n_freqs, n_distances)
        Real part of the coherency of two cells: 1 in step, negative in antiphase.
    frequency : ndarray, shape (n_freqs,)
        Hz.
    """

    distance: FloatArray
    correlation: FloatArray
    coherence: FloatArray
    frequency: FloatArray


def over_distance(spectrum: SheetSpectrum, *, n_distances: int = 20) -> OverDistance:
    """Return correlation and coherence over distance from the spectrum over wave vectors.

    Notes
    -----
    On a sheet without marked places the cross-spectrum of two cells at the displacement d is the
    Fourier sum of the power over wave vectors (Wiener and Khinchin), here averaged over all
    directions and over pairs of cells. Opposite edges are joined.
    """
    power = spectrum.power[1:]
    cross = np.fft.fft2(power, axes=(1, 2)).real
    ny, nx = power.shape[1:]
    d = [
        np.minimum(np.arange(m), m - np.arange(m)) * side / m
        for m, side in zip((nx, ny), spectrum.extent, strict=True)
    ]
    r = np.hypot(*np.meshgrid(*d))
    pitch = float(spectrum.extent[0]) / nx
    edges = np.linspace(
        0.5 * pitch, 0.5 * float(spectrum.extent.min()) + 0.25 * pitch, n_distances + 1
    )
    ring = np.digitize(r.ravel(), edges) - 1
    kept = [i for i in range(n_distances) if np.any(ring == i)]
    share = np.stack([(ring == i) / np.sum(ring == i) for i in kept], axis=1)
    flat = cross.reshape(len(cross), -1)
    own = np.maximum(flat[:, :1], np.finfo(float).tiny)
    total = float(flat[:, 0].sum()) or np.nan  # nothing is like anything on a silent sheet
    return OverDistance(
        distance=r.ravel() @ share,
        correlation=flat.sum(axis=0) @ share / total,
        coherence=flat @ share / own,
        frequency=spectrum.frequency[1:],
    )


def of_pairs(
    alike: OverDistance, cells: SheetSpectrum, spikes: Spikes, width: float, *, segment: float
) -> OverDistance:
    """Return correlation and coherence of pairs of single neurons, from those of cells of a sheet.

    Parameters
    ----------
    alike, cells
        Of maps of the rate of the population, see `over_distance`.
    spikes : Spikes
        The population itself.
    width, segment : float
        Bin and windows of the maps, s.

    Notes
    -----
    Two different cells share no neuron, so their cross-spectrum is the mean over pairs of
    neurons; it is divided by the mean spectrum of single neurons, some `SAMPLE` of them.
    """
    binned, stride = spikes.binned(width), max(int(spikes.sizes[0]) // SAMPLE, 1)
    sample = np.zeros((binned.n_steps, 1, -(-int(spikes.sizes[0]) // stride)))
    kept = binned.neurons % stride == 0
    np.add.at(sample, (binned.steps[kept], 0, binned.neurons[kept] // stride), 1.0 / width)
    single = sheet_spectrum(sample, width, cells.extent, segment=segment).power.sum(axis=(1, 2))[1:]
    of_cells = cells.power.sum(axis=(1, 2))[1:]
    return OverDistance(
        distance=alike.distance,
        correlation=alike.correlation * of_cells.sum() / single.sum(),
        coherence=alike.coherence * (of_cells / single)[:, np.newaxis],
        frequency=alike.frequency,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhaseGradient:
    """Waves by the gradient of the phase, moment by moment.

    Parameters
    ----------
    time : ndarray, shape (n_times,)
        s.
    speed : ndarray, shape (n_times,)
        Change of the phase in time over its gradient, m/s.
    angle : ndarray, shape (n_times,)
        The way the phase travels, from the x axis, rad.
    directionality : ndarray, shape (n_times,)
        Length of the mean gradient over the mean length: 1 for a plane wave, near 0 for none.
    """

    time: FloatArray
    speed: FloatArray
    angle: FloatArray
    directionality: FloatArray


def phase_gradient(
    rate: FloatArray, dt: float, extent: FloatArray, *, band: tuple[float, float]
) -> PhaseGradient:
    """Return speed and direction of waves in a band of frequencies.

    Parameters
    ----------
    rate : ndarray, shape (n_times, ny, nx)
        Maps; opposite edges count as neighbours.
    dt : float
        Bin of time, s.
    extent : ndarray, shape (2,)
        Sides of the sheet, m.
    band : (low, high)
        Frequencies kept, Hz.

    Raises
    ------
    ParameterError
        The band holds no frequency of the recording.

    Notes
    -----
    The analytic signal of the band (its positive frequencies alone) gives the phase of each cell;
    differences to its neighbours are taken around the circle. Directionality as of Rubino,
    Robbins & Hatsopoulos (2006), Nat. Neurosci. 9:1549.
    """
    f = np.fft.fftfreq(len(rate), dt)
    inside = (f >= band[0]) & (f <= band[1]) & (f > 0.0)
    if not inside.any():
        msg = f"no frequency between {band[0]:g} and {band[1]:g} Hz in {len(rate) * dt:g} s"
        raise ParameterError(msg)
    part = np.fft.fft(rate, axis=0) * inside[:, np.newaxis, np.newaxis]
    signal: ComplexArray = np.fft.ifft(part, axis=0)[1:-1]
    before = np.fft.ifft(part, axis=0)[:-2]
    rise = np.angle(signal * before.conj()) / dt
    ny, nx = rate.shape[1:]
    gradient = np.stack(
        [
            np.angle(np.roll(signal, -1, axis=axis) * np.roll(signal, 1, axis=axis).conj())
            / (2.0 * side / m)
            for axis, side, m in ((2, extent[0], nx), (1, extent[1], ny))
        ]
    )
    mean = gradient.mean(axis=(2, 3))
    size = np.hypot(gradient[0], gradient[1]).mean(axis=(1, 2))
    return PhaseGradient(
        time=np.arange(1, len(signal) + 1, dtype=np.float64) * dt,
        speed=np.abs(rise).mean(axis=(1, 2)) / size,
        angle=np.arctan2(-mean[1], -mean[0]),
        directionality=np.hypot(mean[0], mean[1]) / size,
    )
