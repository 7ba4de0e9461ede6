"""Networks on sheets and rings whose wiring is built, audited and drawn."""

from dataclasses import dataclass
from typing import Final

from cortex.params.base import Block
from cortex.params.spec import block, choice, count, distinct, flag, quantity, table


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomNetworkParams(Block):
    """Excitatory and inhibitory neurons joined pairwise at random, by source."""

    n_exc: int = count(1, 1_000_000, "excitatory neurons")
    n_inh: int = count(1, 1_000_000, "inhibitory neurons")
    p_exc: float = quantity("1", 0.0, 1.0, "connection probability of excitatory sources")
    p_inh: float = quantity("1", 0.0, 1.0, "connection probability of inhibitory sources")
    weight_exc: float = quantity("nS", 0.0, 1000.0, "weight of excitatory sources")
    weight_inh: float = quantity("nS", -1000.0, 0.0, "weight of inhibitory sources")
    autapses: bool = flag("whether a neuron may be its own source")
    neurons_per_cell: int = count(1, 10_000, "neurons averaged along each side of a matrix cell")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetParams(Block):
    """Square sheet of neurons on a lattice, both edges occupied."""

    extent: float = quantity("um", 1.0, 1e6, "side of the sheet")
    n_side: int = count(2, 5000, "neurons along a side")


OWN_KEYS: Final[dict[str, frozenset[str]]] = {
    "gaussian": frozenset({"normalized"}),
    "gabor": frozenset({"frequency", "theta"}),
    "difference_of_gaussians": frozenset({"sigma_surround", "amplitude_surround"}),
    "mexican_hat": frozenset(),
    "spiral": frozenset({"turn", "arms", "threshold"}),
}
NEEDED_KEYS: Final = OWN_KEYS | {
    "gaussian": frozenset(),
    "gabor": frozenset({"frequency"}),
    "spiral": frozenset({"turn"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetKernelParams(Block):
    """A kernel with its scale, support and weight; keys that do not apply stay away."""

    shape: str = choice(tuple(OWN_KEYS), "formula")
    sigma: float = quantity("um", 0.1, 1e5, "width; centre width, or decay of the spiral")
    radius: float = quantity("um", 0.1, 1e5, "support, rim included")
    weight: float = quantity("nS", -1000.0, 1000.0, "weight at a kernel value of 1")
    normalized: bool = flag(
        "whether the kernel is compared per area (its peer prune then is)", False
    )
    sigma_surround: float = quantity("um", 0.0, 1e5, "width of the surround", 0.0)
    amplitude_surround: float = quantity("1", 0.0, 100.0, "amplitude of the surround", 0.0)
    frequency: float = quantity("per_um", 0.0, 10.0, "cycles per length of a Gabor", 0.0)
    theta: float = quantity("deg", -360.0, 360.0, "angle of the Gabor's wave vector", 0.0)
    turn: float = quantity("um", 0.0, 1e5, "radius over which a spiral turns by 1 rad", 0.0)
    arms: int = count(0, 20, "arms of a spiral", 0)
    threshold: float = quantity("1", 0.0, 100.0, "prune of the spiral", 0.0)

    def check(self) -> None:
        """Refuse a kernel without a key of its formula, or with one of another formula."""
        own, needed = OWN_KEYS[self.shape], NEEDED_KEYS[self.shape]
        given = {name for name in set().union(*OWN_KEYS.values()) if getattr(self, name)}
        missing, foreign = sorted(needed - given), sorted(given - own)
        if missing or foreign:
            reason = (
                f"needs {missing or 'nothing more'} and knows no {foreign or 'other key'}; "
                f"its own keys are {sorted(own)}"
            )
            self.refuse("shape", reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningParams(Block):
    """LIF cells with Gabor fields that hear drifting gratings of Poisson rates on a sheet."""

    n_cells: int = count(1, 1000, "cells per angle, in the middle of the sheet", 8)
    n_angles: int = count(4, 360, "gratings, evenly over half a turn", 36)
    rate: float = quantity("Hz", 0.1, 1000.0, "mean rate of the inputs", 20.0)
    contrast: float = quantity("1", 0.0, 1.0, "size of the grating over the mean rate", 0.4)
    drift: float = quantity("Hz", 0.1, 100.0, "cycles of the grating per second", 3.0)
    duration: float = quantity("s", 0.1, 1000.0, "of each grating", 1.0)
    J: float = quantity("mV", 1e-3, 10.0, "jump at the peak of the kernel", 0.5e-3)
    mu: float = quantity("mV", -100.0, 100.0, "constant drive R I", 10e-3)
    tau_m: float = quantity("ms", 0.1, 1000.0, "membrane time constant", 20e-3)
    tau_ref: float = quantity("ms", 0.0, 100.0, "refractory time", 2e-3)
    V_th: float = quantity("mV", 0.1, 200.0, "threshold above rest; reset to rest", 15e-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class GratingParams(Block):
    """Gabor receptive fields at several orientations on a sheet that resolves them."""

    sheet: SheetParams = block(SheetParams, "sheet of the resolved fields")
    sigma: float = quantity("um", 0.1, 1e5, "width of the envelope")
    frequency: float = quantity("per_um", 1e-6, 10.0, "cycles per length")
    theta: tuple[float, ...] = distinct(
        quantity("deg", -360.0, 360.0, "an angle"), "angles of the wave vector"
    )
    tuning: TuningParams = block(TuningParams, "cells with these fields", TuningParams())

    def check(self) -> None:
        """Refuse lattices with fewer than four neurons per wavelength."""
        pitch = self.sheet.extent / (self.sheet.n_side - 1)
        if pitch * self.frequency > 0.25:
            reason = (
                f"leaves {1 / (pitch * self.frequency):.2f} neurons per wavelength on a side of "
                "{sheet.extent} with {sheet.n_side}, at least 4 are needed; raise n_side"
            )
            self.refuse("frequency", reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetNetworkParams(Block):
    """Excitatory and inhibitory neurons at random places, Gaussian probability by distance."""

    extent: float = quantity("um", 1.0, 1e6, "side of the sheet")
    n_exc: int = count(1, 1_000_000, "excitatory neurons")
    n_inh: int = count(1, 1_000_000, "inhibitory neurons")
    sigma_exc: float = quantity("um", 0.1, 1e5, "width of excitatory projections")
    sigma_inh: float = quantity("um", 0.1, 1e5, "width of inhibitory projections")
    radius_exc: float = quantity("um", 0.1, 1e5, "reach of excitatory projections")
    radius_inh: float = quantity("um", 0.1, 1e5, "reach of inhibitory projections")
    peak_probability: float = quantity("1", 0.0, 1.0, "connection probability at distance zero")
    weight_exc: float = quantity("nS", 0.0, 1000.0, "weight of excitatory sources")
    weight_inh: float = quantity("nS", -1000.0, 0.0, "weight of inhibitory sources")
    distance_bins: int = count(2, 1000, "bins of the probability against distance")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxcarRingParams(Block):
    """Ring with fixed in-degrees inside a boxcar window, Senk et al. (2020)."""

    circumference: float = quantity("mm", 0.001, 1000.0, "length of the ring")
    n_exc: int = count(2, 1_000_000, "excitatory neurons")
    n_inh: int = count(2, 1_000_000, "inhibitory neurons")
    in_degree_exc: int = count(1, 1_000_000, "excitatory connections per neuron")
    in_degree_inh: int = count(1, 1_000_000, "inhibitory connections per neuron")
    half_width_exc: float = quantity("mm", 1e-4, 1000.0, "half width of excitatory windows")
    half_width_inh: float = quantity("mm", 1e-4, 1000.0, "half width of inhibitory windows")
    multapses: bool = flag("whether two neurons may share several synapses")
    n_wave_numbers: int = count(2, 1000, "wave numbers 2 pi n / L of the transform, from 0")

    def check(self) -> None:
        """Refuse windows beyond the ring, and more distinct sources than lie in them."""
        for kind in ("exc", "inh"):
            half_width, size = getattr(self, f"half_width_{kind}"), getattr(self, f"n_{kind}")
            if 2.0 * half_width > self.circumference:
                self.refuse(f"half_width_{kind}", "is more than half of {circumference}")
            inside = int(2.0 * half_width / self.circumference * size)
            if not self.multapses and getattr(self, f"in_degree_{kind}") > inside:
                reason = f"needs more sources than the {inside} within {{half_width_{kind}}}"
                self.refuse(f"in_degree_{kind}", f"{reason}; lower it or allow multapses")


@dataclass(frozen=True, slots=True, kw_only=True)
class CostParams(Block):
    """Sizes at which building a Gaussian sheet is timed."""

    pitch: float = quantity("um", 0.1, 1e4, "distance of neighbours")
    sigma: float = quantity("um", 0.1, 1e5, "width of the kernel, cut at three widths")
    n_sides: tuple[int, ...] = distinct(count(2, 5000, "a side"), "neurons along a side")
    n_sides_tree: tuple[int, ...] = distinct(
        count(2, 5000, "a side"), "sides for the algorithms of free positions"
    )
    repeats: int = count(1, 100, "repetitions; the fastest counts")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectivityStudy(Block):
    """Everything that is built, audited and drawn about connectivity."""

    random: RandomNetworkParams = block(RandomNetworkParams, "E-I network without space")
    sheet: SheetParams = block(SheetParams, "sheet of the kernel atlas")
    kernels: dict[str, SheetKernelParams] = table(
        block(SheetKernelParams, "a kernel"), "kernels to show"
    )
    grating: GratingParams = block(GratingParams, "resolved Gabor fields")
    sheet_network: SheetNetworkParams = block(SheetNetworkParams, "E-I network on a sheet")
    ring: BoxcarRingParams = block(BoxcarRingParams, "E-I network on a ring")
    cost: CostParams = block(CostParams, "timing of the construction")
