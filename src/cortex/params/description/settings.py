"""What is run on a network and how: theory, bins and windows, excerpt, lines of a plane."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.spec import block, choice, count, flag, quantity, text, vector

DEPTHS = ("working_point", "rates", "modes", "spectra")


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoryParams(Block):
    """How working point, modes and spectra of a network are predicted."""

    method: str = choice(
        ("auto", "shift", "taylor", "nodes"),
        "treatment of coloured noise; auto: shifted boundaries where one synaptic time constant "
        "reaches each population, else nodes",
        "auto",
    )
    noise: str = choice(
        ("poisson", "recurrent"),
        "spikes of the network taken for Poisson, or with the irregularity that they make "
        "themselves; the latter costs seconds and holds where no mode grows",
        "poisson",
    )
    start_rate: float = quantity(
        "Hz", 0.0, 1000.0, "rates from which the working point is sought", 0.0
    )
    spectra_beside_modes: bool = flag(
        "whether spectra are evaluated although a mode grows, as published ones are; they mean "
        "something far from its frequency only",
        False,
    )
    depth: str = choice(
        DEPTHS,
        "how far it goes: rates tell single neurons and other states, modes cost a search, spectra "
        "a matrix",
        "spectra",
    )
    finite: float = quantity(
        "s",
        0.0,
        1000.0,
        "time for which populations of finite size are marched on a grid of the potential: "
        "spectra, and courses of drives, without linear response; 0 for none",
        0.0,
    )
    modes: int = count(1, 20, "modes listed, closest to instability first", 3)
    refine: int = count(1, 64, "predicted frequencies for every measured one", 1)
    max_wave_number: int = count(0, 1000, "highest wave number, cycles per ring", 15)

    def check(self) -> None:
        """Refuse noise that needs to know whether a mode grows where no mode is sought."""
        if self.noise == "recurrent" and self.depth in {"working_point", "rates"}:
            self.refuse("depth", "with {noise} noise: it holds where no mode grows; write modes")


@dataclass(frozen=True, slots=True, kw_only=True)
class NestParams(Block):
    """How NEST runs a network whose `backend` it is."""

    wiring: str = choice(
        ("shared", "nest"),
        "the connections that cortex draws, spike-identical where the drive is deterministic, or "
        "ones that NEST draws by the same rule: for networks whose lists do not fit",
        "shared",
    )
    threads: int = count(
        1, 1024, "threads of each process of NEST; its random numbers depend on them", 1
    )
    processes: int = count(
        1,
        65_536,
        "processes of NEST, started by mpirun, on one machine or on several; its random numbers "
        "depend on them and threads by their product alone",
        1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptParams(Block):
    """The piece of a simulation that rasters and traces show."""

    start: float = quantity("s", 0.0, 1000.0, "start, counted from the end of the transient", 0.1)
    duration: float = quantity("s", 0.01, 10.0, "length", 0.2)
    n_neurons: int = count(1, 10_000, "neurons in a raster, populations in proportion", 100)
    frame: float = quantity("ms", 0.1, 1000.0, "frame of the film of a sheet", 5e-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisParams(Block):
    """One side of a window of parameters."""

    key: str = text("dotted key of the network, such as projections.e.w_pA, or a factor")
    low: float = quantity("1", -1e9, 1e9, "smallest value, in the unit of the key")
    high: float = quantity("1", -1e9, 1e9, "largest value")
    inside: tuple[float, ...] = vector(
        quantity("1", -1e9, 1e9, "a value"),
        "values along which lines are sought inside; the middle where none is given",
        default=(),
    )

    def check(self) -> None:
        """Refuse a side without length."""
        self.need_rising("low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesParams(Block):
    """Window of two keys in which folds and onsets of oscillations are followed."""

    x: AxisParams = block(AxisParams, "first key")
    y: AxisParams = block(AxisParams, "second key")
    max_frequency: float = quantity("Hz", 1.0, 5000.0, "highest frequency of an onset", 750.0)
    max_step: float = quantity("1", 1e-3, 1.0, "largest step of the continuation, scaled", 0.1)
