"""Declare the spiking ring attractor for sweeps."""

from cortex.params.izhikevich import BumpParams
from cortex.sweep.model import Model, Observable

BUMP = Model(
    name="bump",
    doc="ring of regular- and fast-spiking cells that remembers an angle by a bump of activity",
    block=BumpParams,
    base="izhikevich.bump",
    evaluate="cortex.sweep_models.bump_run:evaluate",
    observables={
        "lifetime": Observable(unit="s", doc="time from the cue to the end of the bump"),
        "angle_error": Observable(
            unit="rad", doc="decoded minus cued angle, last window", undefined="no spikes"
        ),
        "strength": Observable(
            unit="1", doc="vector strength, mean over the delay period", undefined="no spikes"
        ),
        "rate": Observable(unit="Hz", doc="mean rate of E cells in the delay period"),
        "last_strength": Observable(
            unit="1", doc="vector strength, last window", undefined="no spikes"
        ),
        "last_rate": Observable(unit="Hz", doc="mean rate of E cells, last window"),
    },
)
