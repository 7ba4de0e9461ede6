"""A file of a recorded field, how it is read, and how it is held against spikes."""

from dataclasses import dataclass
from typing import Any, Final

from cortex.params.base import Block
from cortex.params.description.specs import optional
from cortex.params.spec import block, choice, count, quantity, table, text, vector


@dataclass(frozen=True, slots=True, kw_only=True)
class BandParams(Block):
    """A band of frequencies."""

    low: float = quantity("Hz", 0.01, 1e4, "lower edge")
    high: float = quantity("Hz", 0.01, 1e4, "upper edge")

    def check(self) -> None:
        """Refuse edges that do not ascend."""
        if self.low >= self.high:
            self.refuse("low", "must lie below {high}; are the two exchanged?")


BANDS: Final = {
    name: BandParams(low=low, high=high)
    for name, low, high in (
        *(("theta", 4.0, 8.0), ("alpha", 8.0, 12.0), ("beta", 12.0, 30.0)),
        ("gamma", 30.0, 80.0),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFile(Block):
    """A recorded LFP, ECoG or EEG on the clock of the spikes, and how both are related.

    Units, clocks and the axis of time are never guessed; `unit` and the keys below it say what
    the file does not.
    """

    file: str = text("the file; it may be that of the spikes")
    name: str = text("series or array, where the file holds several", "")
    channels: tuple[str, ...] = vector(text("a channel"), "channels to read; else all", default=())
    unit: str | None = optional(text("unit of values that do not say it: V, mV, uV"))
    step: float | None = optional(quantity("ms", 1e-3, 1e3, "time between samples of bare arrays"))
    start: float | None = optional(quantity("s", -1e9, 1e9, "time of the first sample"))
    time_axis: int | None = optional(count(0, 1, "axis of time of an array"))
    segment: float = quantity("ms", 1.0, 1e5, "Hann segment of spectra and coherence", 1.0)
    window: float = quantity("ms", 1.0, 1e4, "time before and after a spike that is shown", 0.1)
    fit: BandParams = block(BandParams, "band of the power law", BandParams(low=2.0, high=150.0))
    fit_method: str = choice(
        ("line", "specparam"), "line under the peaks, or specparam (extra `spectra`)", "line"
    )
    bands: dict[str, BandParams] = table(
        block(BandParams, "a band"), "bands whose phases spikes may lock to", BANDS
    )

    def reading(self) -> dict[str, Any]:
        """Return what `cortex.io.fields.read_field` is told, by the names of its arguments."""
        return {
            "name": self.name or None,
            "channels": self.channels or None,
            "unit": self.unit,
            "step": self.step,
            "start": self.start,
            "time_axis": self.time_axis,
        }
